// SPDX-License-Identifier: GPL-2.0-only
/*
 * Dealing cells to machines.
 */
#include <string.h>

#include "vm/deal.h"

/*
 * From the time that cells of each kind take in a machine without KVM: most of it is the
 * making and unmaking of processes, and of network namespaces even more.
 */
enum { COST_CELL = 6, COST_ACTOR = 4, COST_STEP = 1, COST_NET = 12, COST_USER = 2 };

static bool lists(const struct strs *needs, const char *need)
{
	for (size_t i = 0; i < needs->n; i++)
		if (!strcmp(needs->v[i], need))
			return true;
	return false;
}

/* A mount option of the whole machine (cgroup-v2.rst, "nsdelegate"), off otherwise. */
static bool wants_delegation(const struct cell *cell)
{
	static const char need[] = "cgroup.nsdelegate";

	return lists(&cell->scenario->needs, need) ||
	       (cell->row >= 0 && lists(&cell->scenario->rows[cell->row].needs, need));
}

long deal_cost(const struct cell *cell, bool *spoils)
{
	AUTO_POOL pool = { 0 };
	struct script script;

	script_make(&pool, cell, RELEASE_ANY, &script);
	*spoils = plan_spoils_machine(&script);
	return COST_CELL + COST_ACTOR * (long)script.n_actors + COST_STEP * (long)script.n_steps +
	       (script.arena & NSM_NET ? COST_NET : 0) + (script.user ? COST_USER : 0);
}

static struct batch *cheapest(struct batch *v, size_t n)
{
	struct batch *best = v;

	for (size_t i = 1; i < n; i++)
		if (v[i].cost < best->cost)
			best = &v[i];
	return best;
}

static void add(struct batch *b, size_t cell, long cost)
{
	b->cells[b->n++] = cell;
	b->cost += cost;
}

static size_t count_spoilers(const struct plan *plan)
{
	size_t n = 0;

	for (size_t i = 0; i < plan->n; i++) {
		bool spoils;

		deal_cost(&plan->cells[i], &spoils);
		n += spoils;
	}
	return n;
}

void deal(struct pool *pool, const struct plan *plan, size_t machines, struct batches *out)
{
	size_t room = machines + 1 + count_spoilers(plan), n = machines + 1, kept = 0;
	struct batch *v = pool_array(pool, struct batch, room);

	for (size_t i = 0; i < room; i++)
		v[i] = (struct batch){ .delegate = i == machines,
			.cells = pool_array(pool, size_t, i > machines ? 1 : plan->n + 1) };
	for (size_t i = 0; i < plan->n; i++) {
		bool spoils;
		long cost = deal_cost(&plan->cells[i], &spoils);

		if (spoils) {
			v[n].delegate = wants_delegation(&plan->cells[i]);
			add(&v[n++], i, cost);
		} else {
			add(wants_delegation(&plan->cells[i]) ? &v[machines] :
			    cheapest(v, machines), i, cost);
		}
	}
	for (size_t i = 0; i < n; i++)
		if (v[i].n)
			v[kept++] = v[i];
	*out = (struct batches){ .v = v, .n = kept };
}

struct batch *batch_next(struct batches *b)
{
	return b->taken < b->n ? &b->v[b->taken++] : NULL;
}
