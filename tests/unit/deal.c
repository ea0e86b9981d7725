// SPDX-License-Identifier: GPL-2.0-only
/*
 * Dealing all cells of the suites to machines: each once, fairly, spoilers alone.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan/select.h"
#include "tap.h"
#include "vm/deal.h"

static bool spoils(const struct plan *plan, size_t cell)
{
	bool yes;

	deal_cost(&plan->cells[cell], &yes);
	return yes;
}

static void each_once(const struct plan *plan, const struct batches *b)
{
	AUTO_POOL pool = { 0 };
	unsigned *times = pool_array(&pool, unsigned, plan->n);
	bool once = true, ordered = true;

	for (size_t i = 0; i < b->n; i++)
		for (size_t k = 0; k < b->v[i].n; k++) {
			times[b->v[i].cells[k]]++;
			ordered &= !k || b->v[i].cells[k] > b->v[i].cells[k - 1];
		}
	for (size_t i = 0; i < plan->n; i++)
		once &= times[i] == 1;
	ok(once, "every cell is dealt once");
	ok(ordered, "in the plan's order");
}

static bool wants_two(const struct cell *cell)
{
	for (size_t i = 0; i < cell->scenario->needs.n; i++)
		if (!strcmp(cell->scenario->needs.v[i], "cpus.2"))
			return true;
	return false;
}

static void apart(const struct plan *plan, const struct batches *b)
{
	size_t spoilers = 0, mixed = 0, delegating = 0, pairs = 0, lost = 0;

	for (size_t i = 0; i < b->n; i++) {
		for (size_t k = 0; k < b->v[i].n; k++) {
			spoilers += spoils(plan, b->v[i].cells[k]);
			mixed += spoils(plan, b->v[i].cells[k]) && b->v[i].n > 1;
			lost += wants_two(&plan->cells[b->v[i].cells[k]]) != (b->v[i].cpus == 2);
		}
		delegating += b->v[i].delegate && b->v[i].n > 1;
		pairs += b->v[i].cpus == 2;
	}
	ok(spoilers > 0, "some cells spoil the machine");
	ok(mixed == 0, "each of them is alone");
	ok(delegating == 1, "one batch has cgroup2 with nsdelegate");
	ok(pairs == 1 && lost == 0, "one has two processors, and all cells that want them");
}

static void fair(struct pool *pool, const struct plan *plan, size_t machines)
{
	struct batches b;
	long least, most;

	deal(pool, plan, machines, &b);
	least = most = b.v[0].cost;
	for (size_t i = 1; i < machines; i++) {
		least = b.v[i].cost < least ? b.v[i].cost : least;
		most = b.v[i].cost > most ? b.v[i].cost : most;
	}
	ok(b.n > machines && most - least < most / 100 + 100, "machines get cells of like cost");
}

int main(void)
{
	char *const suites[] = { "suites", NULL };
	AUTO_POOL pool = { 0 };
	AUTO_SELECTION selection = { 0 };
	struct plan plan = { .pool = &pool };
	struct batches batches;

	setenv("NSCONFORM_DATA", ".", 1);
	if (!select_load(&selection, &pool, suites) || !select_plan(&selection, &plan, true))
		return 1;
	deal(&pool, &plan, 3, &batches);
	each_once(&plan, &batches);
	apart(&plan, &batches);
	fair(&pool, &plan, 2);
	fair(&pool, &plan, 7);
	ok(batch_next(&batches) == &batches.v[0] && batch_next(&batches) == &batches.v[1],
	   "batches are taken one after the other");
	batches.taken = batches.n;
	ok(!batch_next(&batches), "until there are none");
	return done();
}
