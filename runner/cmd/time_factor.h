/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How many times slower than an idle one this machine is, measured by a canary cell.
 */
#ifndef NSC_TIME_FACTOR_H
#define NSC_TIME_FACTOR_H

#include "exec/canary_cell.h"
#include "load/clauses.h"

struct exec_config;

/*
 * Measure with exec_run(), as CONFIG says who and where we are; its callbacks do not matter.
 * *CANARY (in POOL) is the cell that could be carried out, NULL when none could; from 1, or less
 * than 0: the number of the signal that asked for the end.
 */
int time_factor_measure(struct pool *pool, const struct exec_config *config, bool inside,
			struct catalogue *catalogue, const struct canary_cell **canary);

#endif
