/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How many times slower than an idle one this machine is.  A canary cell goes the way of all
 * cells, through worker, arena and actor, with every namespace that may be made here; how long it
 * takes, divided by what it usually takes and rounded up, is the run's time factor.  Only limits
 * on waiting go by it, never what is expected.
 */
#ifndef NSC_TIME_FACTOR_H
#define NSC_TIME_FACTOR_H

#include "load/clauses.h"
#include "plan/plan.h"
#include "report/trace.h"

/* What is measured is not believed beyond that; who knows better may say so. */
enum { TIME_FACTOR_MEASURED_MAX = 100 };

struct canary_cell {
	struct cell cell;
	int64_t usual_ns; /* what it takes on a machine that has nothing else to do */
};

struct exec_config;

/*
 * Measure with exec_run(), as CONFIG says who and where we are; its callbacks do not matter.
 * *CANARY (in POOL) is the cell that could be carried out, NULL when none could; from 1, or less
 * than 0: the number of the signal that asked for the end.
 */
int time_factor_measure(struct pool *pool, const struct exec_config *config, bool inside,
			struct catalogue *catalogue, const struct canary_cell **canary);
/* The canary has taken TOOK_NS after a stall: limits on waiting become longer, never shorter. */
void time_factor_felt(const struct canary_cell *canary, const struct trace *trace,
		      int64_t took_ns);

#endif
