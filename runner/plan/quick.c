// SPDX-License-Identifier: GPL-2.0-only
/*
 * One variant of each scenario.
 */
#include <limits.h>
#include <string.h>

#include "plan/plan.h"

/* A variant's plain cell and what follows it: its controls and twins. */
struct group {
	size_t at, n;
	int rank; /* less is better: it skips here, or its row is not for every machine */
};

static void group_at(const struct plan *plan, size_t at, struct group *g)
{
	const struct cell *c = &plan->cells[at];
	const struct row *row = c->row >= 0 ? &c->scenario->rows[c->row] : NULL;

	*g = (struct group){ .at = at, .n = 1,
			     .rank = (c->skip ? 2 : 0) +
				     (row && (row->since || row->until || row->needs.n)) };
	while (at + g->n < plan->n && plan->cells[at + g->n].scenario == c->scenario &&
	       plan->cells[at + g->n].kind != CELL_PLAIN)
		g->n++;
}

/* Move the chosen variant of the scenario that begins at AT to KEPT; return the end of both. */
static size_t thin(struct plan *plan, size_t at, size_t *kept)
{
	const struct scenario *s = plan->cells[at].scenario;
	size_t end = at, best = 1;
	int rank = INT_MAX;
	struct group g;

	do {
		group_at(plan, end, &g);
		best = g.rank < rank ? 1 : best + (g.rank == rank);
		rank = g.rank < rank ? g.rank : rank;
		end = g.at + g.n;
	} while (end < plan->n && plan->cells[end].scenario == s);
	/* Another one for another scenario, so that all get their turn. */
	size_t left = scenario_hash(s) % best;

	for (size_t i = at; i < end; i = g.at + g.n) {
		group_at(plan, i, &g);
		if (g.rank > rank || left--)
			continue;
		memmove(&plan->cells[*kept], &plan->cells[g.at], g.n * sizeof(*plan->cells));
		*kept += g.n;
		break;
	}
	return end;
}

void plan_quick(struct plan *plan)
{
	size_t kept = 0, all = plan->n;

	for (size_t at = 0; at < plan->n;)
		at = thin(plan, at, &kept);
	plan->left_out = all - kept;
	plan->n = kept;
}
