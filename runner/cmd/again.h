/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Cells that may only have been late.  They are held back, with what was seen of them, until
 * nothing else can be done: at the end, or when no more may wait to be printed behind them; then
 * each is tried again alone and with more patience.
 */
#ifndef NSC_AGAIN_H
#define NSC_AGAIN_H

#include "exec/exec.h"
#include "report/results.h"

struct again {
	struct results *results;
	struct pool pool; /* of those that are held */
	struct held {
		size_t index;	  /* in the plan */
		const char *line; /* its trace_line() */
		const char *what; /* happened */
		bool told;
	} *held;
	size_t n, room;
	size_t next, fruitless;
	bool hopeless; /* it does not help here */
};

/* Keep the cell back if it is worth another try; false: it is to be judged now. */
bool again_hold(struct again *a, size_t index, struct pool *pool, const struct script *script,
		const struct trace *trace);
/*
 * Try all that are held, as CONFIG says where we are, and judge them; those for which there is no
 * time, or no hope, by what was seen before. What exec_run() returned.
 */
int again_try(struct again *a, const struct exec_config *config);

#endif
