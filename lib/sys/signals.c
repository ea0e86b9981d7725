// SPDX-License-Identifier: GPL-2.0-only
/*
 * The names of signals, and which of them end a run.
 */
#include <signal.h>

#include "nsc/signals.h"

#define SIGNAL(name) { #name, SIG##name, NULL }

const struct symbol signal_numbers[] = {
	{ "NONE", 0, "the null signal: permission and existence are checked, nothing is sent" },
	SIGNAL(HUP), SIGNAL(INT), SIGNAL(QUIT), SIGNAL(ILL), SIGNAL(TRAP), SIGNAL(ABRT),
	SIGNAL(BUS), SIGNAL(FPE), SIGNAL(KILL), SIGNAL(USR1), SIGNAL(SEGV), SIGNAL(USR2),
	SIGNAL(PIPE), SIGNAL(ALRM), SIGNAL(TERM), SIGNAL(CHLD), SIGNAL(CONT), SIGNAL(STOP),
	SIGNAL(TSTP), SIGNAL(TTIN), SIGNAL(TTOU), SIGNAL(URG), SIGNAL(XCPU), SIGNAL(XFSZ),
	SIGNAL(VTALRM), SIGNAL(PROF), SIGNAL(WINCH), SIGNAL(IO), SIGNAL(PWR), SIGNAL(SYS),
	{ 0 }
};

const int end_signals[END_SIGNALS] = { SIGINT, SIGTERM, SIGHUP };
