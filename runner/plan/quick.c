// SPDX-License-Identifier: GPL-2.0-only
/*
 * One variant of each scenario.
 */
#include <string.h>

#include "plan/plan.h"

/* A variant's plain cell and what follows it: its controls and twins. */
struct group {
	size_t at, n;
	bool special; /* its row is not for every kernel and machine */
};

static size_t group_at(const struct plan *plan, size_t at, struct group *g)
{
	const struct cell *c = &plan->cells[at];
	const struct row *row = c->row >= 0 ? &c->scenario->rows[c->row] : NULL;

	*g = (struct group){ .at = at, .n = 1,
			     .special = row && (row->since || row->until || row->needs.n) };
	while (at + g->n < plan->n && plan->cells[at + g->n].scenario == c->scenario &&
	       plan->cells[at + g->n].kind != CELL_PLAIN)
		g->n++;
	return at + g->n;
}

/* FNV-1a: always the same one, and another one for another scenario, so that all get their turn. */
static size_t choose(const struct scenario *s, size_t n)
{
	uint32_t hash = 2166136261u;

	for (const char *c = s->suite->prefix; *c; c++)
		hash = (hash ^ (unsigned char)*c) * 16777619u;
	for (const char *c = s->id; *c; c++)
		hash = (hash ^ (unsigned char)*c) * 16777619u;
	return hash % n;
}

/* Move the chosen variant of the scenario that begins at AT to KEPT; return the end of both. */
static size_t thin(struct plan *plan, size_t at, size_t *kept)
{
	const struct scenario *s = plan->cells[at].scenario;
	size_t end = at, n = 0, plain = 0;
	struct group g;

	while (end < plan->n && plan->cells[end].scenario == s) {
		end = group_at(plan, end, &g);
		plain += !g.special;
		n++;
	}
	/* Among those that every machine can run, when there are any. */
	size_t left = choose(s, plain ? plain : n);

	for (size_t i = at; i < end; i = g.at + g.n) {
		group_at(plan, i, &g);
		if (plain && g.special)
			continue;
		if (left-- == 0) {
			memmove(&plan->cells[*kept], &plan->cells[g.at],
				g.n * sizeof(*plan->cells));
			*kept += g.n;
			break;
		}
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
