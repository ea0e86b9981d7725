/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a terminal is like.
 */
#ifndef NSC_TERMINAL_H
#define NSC_TERMINAL_H

#include <stdbool.h>

/* How many columns it has now: users resize it. 80 where it does not say. */
int terminal_columns(int fd);
/* Whether both are one terminal, which also has the name /dev/tty. */
bool terminal_is_same(int a, int b);
/* Whether this process may draw on it: it is not a job in the background of a shell. */
bool terminal_is_ours(int fd);

#endif
