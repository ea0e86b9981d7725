// SPDX-License-Identifier: GPL-2.0-only
/*
 * A part of a plan, for several machines that share it.
 */
#include <string.h>

#include "plan/plan.h"

/* FNV-1a of the dotted name. */
uint32_t scenario_hash(const struct scenario *s)
{
	uint32_t hash = 2166136261u;

	for (const char *c = s->suite->prefix; *c; c++)
		hash = (hash ^ (unsigned char)*c) * 16777619u;
	for (const char *c = s->id; *c; c++)
		hash = (hash ^ (unsigned char)*c) * 16777619u;
	return hash;
}

void plan_shard(struct plan *plan, int index, int number)
{
	size_t kept = 0;

	plan->whole = pool_new(plan->pool, struct plan);
	*plan->whole = *plan;
	plan->whole->cells = pool_array(plan->pool, struct cell, plan->room);
	memcpy(plan->whole->cells, plan->cells, plan->n * sizeof(*plan->cells));
	plan->shard_index = index;
	plan->shard_number = number;
	for (size_t i = 0; i < plan->n; i++)
		if (scenario_hash(plan->cells[i].scenario) % (uint32_t)number ==
		    (uint32_t)index - 1)
			plan->cells[kept++] = plan->cells[i];
	plan->n = kept;
}
