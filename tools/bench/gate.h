/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef BENCH_GATE_H
#define BENCH_GATE_H

#include <sys/types.h>

/* Start a command that waits, before it is executed, until a byte is written to *GATE, and ends when
 * that is closed without one: its pid, or -1 with errno. */
pid_t gate_start(char **command, int *gate);

#endif
