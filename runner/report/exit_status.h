/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the exit status of a command says.
 */
#ifndef NSC_EXIT_STATUS_H
#define NSC_EXIT_STATUS_H

enum exit_status {
	EXIT_GOOD = 0,	 /* nothing failed */
	EXIT_FAILED = 1, /* something failed */
	EXIT_USAGE = 2,	 /* usage, bad suite, empty selection */
	EXIT_BROKEN = 3, /* the harness broke */
	EXIT_SKIPPED = 4, /* KTAP only: everything was skipped, as kselftest has it */
	EXIT_SIGNAL = 128, /* and the number of the signal that ended the run, as shells count */
};

#endif
