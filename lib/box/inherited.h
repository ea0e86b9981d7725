/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The table of what a process inherits over fork(2) and execve(2).  A launcher is given a value of
 * each that nobody else has; where a box's process begins with that value, it has come through.
 */
#ifndef NSC_INHERITED_H
#define NSC_INHERITED_H

#include "nsc/pool.h"

/* Give this process all of it that it may have. */
void inherited_give(void);
/* In a box, before anything is changed: note what has come through. */
void inherited_note(void);

#endif
