// SPDX-License-Identifier: GPL-2.0-only
/*
 * --shuffle.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "nsc/sys.h"
#include "plan/shuffle.h"

/* SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators). */
static uint64_t next(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

int seed_read(const char *text)
{
	uint64_t clock = (uint64_t)sys_wall_ns();
	char *end;

	if (!strcmp(text, "random"))
		return (int)(next(&clock) % INT_MAX) + 1;
	errno = 0;
	long n = strtol(text, &end, 10);

	return errno || *end || end == text || n < 1 || n > INT_MAX ? 0 : (int)n;
}

size_t plan_at(const struct plan *plan, size_t i)
{
	return plan->order ? plan->order[i] : i;
}

static void shuffle(struct plan *plan, uint32_t seed)
{
	struct cell *cells = pool_array(plan->pool, struct cell, plan->room);
	size_t *from = pool_array(plan->pool, size_t, plan->n + 1);
	uint64_t state = seed;

	plan->order = pool_array(plan->pool, size_t, plan->n + 1);
	for (size_t i = 0; i < plan->n; i++)
		from[i] = i;
	for (size_t i = plan->n; i > 1; i--) {
		size_t k = next(&state) % i, other = from[i - 1];

		from[i - 1] = from[k];
		from[k] = other;
	}
	for (size_t i = 0; i < plan->n; i++) {
		cells[i] = plan->cells[from[i]];
		plan->order[from[i]] = i;
	}
	plan->cells = cells;
}

void plan_arrange(struct plan *plan, bool quick, uint32_t seed)
{
	if (quick)
		plan_quick(plan);
	if (seed)
		shuffle(plan, seed);
}
