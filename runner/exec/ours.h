/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whether a process that the kernel's log names is one of a cell's.  Its number is the first PID
 * namespace's, and it may be dead by then.
 */
#ifndef NSC_OURS_H
#define NSC_OURS_H

#include "exec/kmsg.h"

struct slot;

/* CONTEXT is the slot. */
bool ours_is(void *context, const struct kmsg_line *line);

#endif
