/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All cells of a run, in the order in which they are reported.  Complete before anything
 * runs.
 */
#ifndef NSC_PLAN_H
#define NSC_PLAN_H

#include "machine.h"
#include "script.h"

struct plan {
	struct pool *pool;
	struct cell *cells;
	size_t n, room;
};

/* Add the scenario's variants, each followed by its controls and twins. */
void plan_add(struct plan *plan, const struct scenario *scenario, bool controls);
/* Mark the cells that this machine cannot run, and why. Probes the kernel. */
void plan_require(struct plan *plan, const struct machine *machine, bool disposable);
/*
 * Tell TAKE all that the script's cell needs of a machine, but for its release: what it declares,
 * its namespace kinds, and the kernel options of its ops. Words live in POOL or the suite.
 */
typedef void need_taker(void *context, const char *need);
void plan_needs(struct pool *pool, const struct script *script, need_taker *take, void *context);
/* Whether a step of the script has an effect on the whole machine (OP_HOST). */
bool plan_changes_machine(const struct script *script);

#endif
