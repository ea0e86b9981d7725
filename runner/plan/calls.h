/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * System calls that are asked for by name: whether the kernel has them, and lets us.
 */
#ifndef NSC_CALLS_H
#define NSC_CALLS_H

#include "plan/missing.h"

/* Whether there is a row for the call. */
bool call_known(const char *name);
/* Asks with arguments that are harmless where the call exists; else fills M. */
bool call_works(struct pool *pool, const char *name, struct missing *m);

#endif
