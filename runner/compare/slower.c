// SPDX-License-Identifier: GPL-2.0-only
/*
 * Times of scenarios, compared.
 *
 * Machines differ in speed and runs in load, which makes all cells slower: a scenario is compared
 * with the rest of the same run, whose pace is the median of all scenarios' ratios. Load also makes
 * some cells late by chance, so the median of a scenario's cells speaks for it; and as bursts of
 * load take whole scenarios, the two runs themselves say how far ratios stray: half of them are
 * within a factor of the pace, and what is beyond that factor's power of DEVIATIONS is no chance.
 * (Of two runs with 19 busy processes for each processor that factor was 1.5, and the farthest of
 * 949 scenarios came to 28, its eighth power.)
 */
#include <stdlib.h>
#include <string.h>

#include "compare/slower.h"

enum {
	CELLS_MIN = 3,	      /* of a scenario: of fewer the median is chance */
	SCENARIOS_MIN = 8,    /* for a pace */
	DEVIATIONS = 10,
	RATIO_MIN = 4,	      /* to the time expected by BASE and the pace, however steady it is */
	MORE_MS_MIN = 50,     /* and that much more in each cell */
};

struct times {
	const char *scenario;
	double *base, *new; /* ms */
	size_t n, room;
	double ratio;
	UT_hash_handle hh;
};

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static double median(double *v, size_t n)
{
	qsort(v, n, sizeof(*v), by_value);
	return n % 2 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

static double sum(const double *v, size_t n)
{
	double all = 0;

	for (size_t i = 0; i < n; i++)
		all += v[i];
	return all;
}

/* Only what both have carried out at once to the same end says something of time. */
static bool counts(const struct record *base, const struct record *new)
{
	return base && new && base->verdict == new->verdict && base->took_ns > 0 &&
	       new->took_ns > 0 && !base->tried_again && !new->tried_again;
}

static struct times *find_times(struct pool *pool, struct times **all, const char *scenario)
{
	struct times *t;

	HASH_FIND_STR(*all, scenario, t);
	if (t)
		return t;
	t = pool_new(pool, struct times);
	t->scenario = scenario;
	HASH_ADD_KEYPTR(hh, *all, t->scenario, strlen(t->scenario), t);
	return t;
}

static struct times *collect(const struct joined *j)
{
	struct times *all = NULL;

	for (struct joined_cell *c = j->cells; c; c = c->hh.next)
		if (counts(c->in[0], c->in[1]))
			find_times(j->pool, &all, c->scenario)->room++;
	for (struct joined_cell *c = j->cells; c; c = c->hh.next) {
		if (!counts(c->in[0], c->in[1]))
			continue;
		struct times *t = find_times(j->pool, &all, c->scenario);

		if (!t->base) {
			t->base = pool_array(j->pool, double, t->room);
			t->new = pool_array(j->pool, double, t->room);
		}
		t->base[t->n] = (double)c->in[0]->took_ns / 1e6;
		t->new[t->n++] = (double)c->in[1]->took_ns / 1e6;
	}
	return all;
}

static double find_pace(struct pool *pool, struct times *all)
{
	double *ratios = pool_array(pool, double, HASH_COUNT(all) + 1);
	size_t n = 0;

	for (struct times *t = all; t; t = t->hh.next)
		ratios[n++] = t->ratio = median(t->new, t->n) / median(t->base, t->n);
	return n < SCENARIOS_MIN ? 0 : median(ratios, n);
}

/* What a ratio has to reach beyond the pace. */
static double find_limit(struct pool *pool, struct times *all, double pace)
{
	double *factors = pool_array(pool, double, HASH_COUNT(all) + 1), limit = 1;
	size_t n = 0;

	for (struct times *t = all; t; t = t->hh.next)
		factors[n++] = t->ratio > pace ? t->ratio / pace : pace / t->ratio;
	double factor = median(factors, n);

	for (int i = 0; i < DEVIATIONS; i++)
		limit *= factor;
	return limit > RATIO_MIN ? limit : RATIO_MIN;
}

static int slowest_first(const void *a, const void *b)
{
	const struct slower *x = a, *y = b;

	return x->ratio > y->ratio ? -1 : x->ratio < y->ratio;
}

void slower_find(struct slowness *s, const struct joined *j)
{
	struct times *all = collect(j);

	*s = (struct slowness){ .pace = find_pace(j->pool, all) };
	s->v = pool_array(j->pool, struct slower, HASH_COUNT(all) + 1);
	s->limit = s->pace > 0 ? find_limit(j->pool, all, s->pace) : 0;
	for (struct times *t = all; t; t = t->hh.next) {
		double expected = s->pace * median(t->base, t->n);

		s->cells += t->n;
		if (s->pace > 0 && t->n >= CELLS_MIN && t->ratio >= s->limit * s->pace &&
		    median(t->new, t->n) - expected >= MORE_MS_MIN)
			s->v[s->n++] = (struct slower){
				t->scenario, t->n, sum(t->base, t->n), sum(t->new, t->n),
				t->ratio / s->pace,
			};
	}
	qsort(s->v, s->n, sizeof(*s->v), slowest_first);
	HASH_CLEAR(hh, all);
}
