/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All cells of a run, in the order in which they are reported.  Complete before anything
 * runs.
 */
#ifndef NSC_PLAN_H
#define NSC_PLAN_H

#include "machine/machine.h"
#include "plan/script.h"

struct plan {
	struct pool *pool;
	const struct runtime *runtime; /* that builds the boxes, or NULL */
	bool inside;		       /* it runs in a box that somebody else has made */
	bool here;		       /* ... or on a machine that may be changed */
	const char *again;	       /* command that repeats a cell whose name follows, or NULL */
	size_t pairs;		       /* rows of scenarios that ask for pairs, at most; 0: all */
	uint32_t pairs_seed;	       /* another choice of them for each */
	struct cell *cells;
	size_t n, room;
	const char *empty; /* why there are no cells, where that is no mistake; or NULL */
	size_t left_out; /* by plan_quick() */
	int shard_index, shard_number; /* of which it is a part, by plan_shard(); 0: it is whole */
	struct plan *whole;	       /* that plan */
	size_t *order; /* where the first cell is, the second, ...; NULL: in this order */
};

/* Where the cell is now that was number I before --shuffle. */
size_t plan_at(const struct plan *plan, size_t i);
/* Add the scenario's variants, each followed by its controls and twins. */
void plan_add(struct plan *plan, const struct scenario *scenario, bool controls);
/*
 * Keep one variant of each row of each scenario with its controls and twins, always the same one:
 * rows differ in what is looked at, `via` and `as` in the way there. Ways take turns from row to
 * row. One that skips is kept only where all of the row do, so cells are to be marked before
 * (plan_require()) where it is known what the machine can run.
 */
void plan_quick(struct plan *plan);
/*
 * Keep part INDEX (from 1) of NUMBER: whole scenarios, by their names alone, so that a scenario
 * stays in its part whatever else is selected, added or moved. What there was is PLAN->whole.
 */
void plan_shard(struct plan *plan, int index, int number);
/* Of the scenario's dotted name: the same on every machine. */
uint32_t scenario_hash(const struct scenario *s);
/* Whether a step of the script has an effect on the whole machine (OP_HOST). */
bool plan_changes_machine(const struct script *script);
/* Whether none of that can be undone (OP_SPOILS). */
bool plan_spoils_machine(const struct script *script);

#endif
