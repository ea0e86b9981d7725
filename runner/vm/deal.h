/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which cells go to one machine together. A batch is what one boot is given; a machine that
 * is done with its batch takes the next one.
 */
#ifndef NSC_DEAL_H
#define NSC_DEAL_H

#include "plan/plan.h"

struct batch {
	size_t *cells; /* of the plan, in order */
	size_t n;
	long cost;
	bool delegate; /* the cells need cgroup2 mounted with nsdelegate */
	int cpus;      /* that the machine has */
};

struct batches {
	struct batch *v;
	size_t n, taken;
};

/*
 * Cells that spoil the machine (OP_SPOILS) have a batch each, those that want nsdelegate share
 * one, those that want two processors another, and the rest are dealt to MACHINES batches of
 * like cost.
 */
void deal(struct pool *pool, const struct plan *plan, size_t machines, struct batches *out);
/* All cells in one batch. */
void deal_one(struct pool *pool, const struct plan *plan, struct batches *out);
/* The estimated cost of a cell, without a unit, from its actors, steps and namespaces. */
long deal_cost(const struct cell *cell, bool *spoils);
/* The next batch, or NULL. */
struct batch *batch_next(struct batches *b);

#endif
