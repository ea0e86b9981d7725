/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a cell needs of a machine, in words of runner/machine/require.c; but for the release. Pure.
 */
#ifndef NSC_NEEDS_H
#define NSC_NEEDS_H

#include "plan/script.h"

/* NEED lives in the pool or the suite, or as long as the process. */
typedef void need_taker(void *context, const char *need);
/*
 * Tell TAKE all of them, some more than once: what the scenario and its row declare, the
 * namespace kinds of actors and ops, and the kernel options of ops and of their parameters.
 */
void script_needs(struct pool *pool, const struct script *script, need_taker *take, void *context);

#endif
