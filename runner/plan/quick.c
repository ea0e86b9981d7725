// SPDX-License-Identifier: GPL-2.0-only
/*
 * One variant of each row of each scenario.
 */
#include <limits.h>
#include <string.h>

#include "plan/plan.h"

/* A variant's plain cell and what follows it: its controls and twins. */
struct group {
	size_t at, n;
	bool skips; /* on this machine, so another variant is better */
};

static bool same_row(const struct cell *a, const struct cell *b)
{
	return a->scenario == b->scenario && a->row == b->row;
}

static void group_at(const struct plan *plan, size_t at, struct group *g)
{
	const struct cell *c = &plan->cells[at];

	*g = (struct group){ .at = at, .n = 1, .skips = c->skip };
	while (at + g->n < plan->n && same_row(&plan->cells[at + g->n], c) &&
	       plan->cells[at + g->n].kind != CELL_PLAIN)
		g->n++;
}

/* Move the chosen variant of the row that begins at AT to KEPT; return the end of both. */
static size_t thin(struct plan *plan, size_t at, size_t *kept)
{
	const struct cell row = plan->cells[at];
	size_t end = at, n = 0, run = 0;
	struct group g;

	do {
		group_at(plan, end, &g);
		n++;
		run += !g.skips;
		end = g.at + g.n;
	} while (end < plan->n && same_row(&plan->cells[end], &row));
	/* Another one for another scenario and the next row, so that all get their turn. */
	size_t left = (scenario_hash(row.scenario) + (size_t)row.row) % (run ? run : n);

	for (size_t i = at;; i = g.at + g.n) {
		group_at(plan, i, &g);
		if ((run && g.skips) || left--)
			continue;
		memmove(&plan->cells[*kept], &plan->cells[g.at], g.n * sizeof(*plan->cells));
		*kept += g.n;
		return end;
	}
}

void plan_quick(struct plan *plan)
{
	size_t kept = 0, all = plan->n;

	for (size_t at = 0; at < plan->n;)
		at = thin(plan, at, &kept);
	plan->left_out = all - kept;
	plan->n = kept;
}
