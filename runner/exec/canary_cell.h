/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A canary cell goes the way of all cells, through worker, arena and actor, with every namespace
 * that may be made here; how long it takes, divided by what it usually takes and rounded up, is
 * the run's time factor.  Only limits on waiting go by it, never what is expected.
 */
#ifndef NSC_CANARY_CELL_H
#define NSC_CANARY_CELL_H

#include "plan/plan.h"
#include "trace/trace.h"

/* What is measured is not believed beyond that; who knows better may say so. */
enum { TIME_FACTOR_MEASURED_MAX = 100 };

struct canary_cell {
	struct cell cell;
	int64_t usual_ns; /* what it takes on a machine that has nothing else to do */
};

/* Whether all of its steps were done. */
bool canary_is_complete(const struct trace *trace);
/* From 1 to TIME_FACTOR_MEASURED_MAX. */
int canary_factor(const struct canary_cell *canary, int64_t took_ns);
/* The canary has taken TOOK_NS after a stall: limits on waiting become longer, never shorter. */
void canary_felt(const struct canary_cell *canary, const struct trace *trace, int64_t took_ns);

#endif
