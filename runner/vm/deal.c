// SPDX-License-Identifier: GPL-2.0-only
/*
 * Dealing cells to machines.
 */
#include <string.h>

#include "compile/compile.h"
#include "vm/deal.h"

/*
 * Costs are estimated from the time that cells of each kind take without KVM. Most of it is
 * creating and destroying processes; network namespaces cost even more.
 */
enum { COST_CELL = 6, COST_ACTOR = 4, COST_STEP = 1, COST_NET = 12, COST_USER = 2 };

static bool lists(const struct strs *needs, const char *need)
{
	for (size_t i = 0; i < needs->n; i++)
		if (!strcmp(needs->v[i], need))
			return true;
	return false;
}

/*
 * Needs of few cells that a machine meets from its boot on or not at all: the mount option
 * nsdelegate (cgroup-v2.rst), and a second processor, which slows an emulator.
 */
static const struct special {
	const char *need;
	bool delegate;
	int cpus;
} specials[] = { { "cgroup.nsdelegate", true, 1 }, { "cpus.2", false, 2 } };

enum { SPECIALS = sizeof(specials) / sizeof(*specials) };

/* Its index, or -1. */
static int special_of(const struct cell *cell)
{
	for (int i = 0; i < SPECIALS; i++)
		if (lists(&cell->scenario->needs, specials[i].need) ||
		    (cell->row >= 0 &&
		     lists(&cell->scenario->rows[cell->row].needs, specials[i].need)))
			return i;
	return -1;
}

long deal_cost(const struct cell *cell, bool *spoils)
{
	AUTO_POOL pool = { 0 };
	struct script script;

	cell_compile(&pool, cell, RELEASE_ANY, &script);
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

static struct batch new_batch(struct pool *pool, size_t room, int special)
{
	return (struct batch){
		.cells = pool_array(pool, size_t, room),
		.delegate = special >= 0 && specials[special].delegate,
		.cpus = special < 0 ? 1 : specials[special].cpus,
	};
}

void deal(struct pool *pool, const struct plan *plan, size_t machines, struct batches *out)
{
	size_t n = machines + SPECIALS, kept = 0;
	struct batch *v = pool_array(pool, struct batch, n + plan->n);

	for (size_t i = 0; i < n; i++)
		v[i] = new_batch(pool, plan->n + 1, i < machines ? -1 : (int)(i - machines));
	for (size_t i = 0; i < plan->n; i++) {
		int special = special_of(&plan->cells[i]);
		bool spoils;
		long cost = deal_cost(&plan->cells[i], &spoils);
		struct batch *to = spoils ? &v[n++] : special < 0 ? cheapest(v, machines) :
				   &v[machines + (size_t)special];

		if (spoils)
			*to = new_batch(pool, 1, special);
		add(to, i, cost);
	}
	for (size_t i = 0; i < n; i++)
		if (v[i].n)
			v[kept++] = v[i];
	*out = (struct batches){ .v = v, .n = kept };
}

void deal_one(struct pool *pool, const struct plan *plan, struct batches *out)
{
	struct batch *all = pool_new(pool, struct batch);

	*all = new_batch(pool, plan->n + 1, -1);
	for (size_t i = 0; i < plan->n; i++)
		add(all, i, 0);
	*out = (struct batches){ .v = all, .n = 1 };
}

struct batch *batch_next(struct batches *b)
{
	return b->taken < b->n ? &b->v[b->taken++] : NULL;
}
