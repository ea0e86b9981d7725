// SPDX-License-Identifier: GPL-2.0-only
/*
 * A greedy covering array: each row begins with a pair that no row has yet, and takes of each other
 * property the value that brings most of such pairs.  Not the smallest array there is, but the
 * first rows cover most, and it is the same for the same table and seed.
 */
#include <string.h>

#include "load/pairs.h"
#include "load/property_row.h"

struct candidate {
	const struct property *property;
	const struct trial *trial;
	size_t factor; /* which property it is a value of */
};

struct array {
	struct candidate *all; /* values of one property follow each other */
	size_t n, factors;
	bool *covered; /* by pair: n * n */
	uint32_t state;
};

/* xorshift32 (Marsaglia): no statistics are wanted, only another order for another seed. */
static uint32_t next(struct array *a)
{
	a->state ^= a->state << 13;
	a->state ^= a->state >> 17;
	a->state ^= a->state << 5;
	return a->state;
}

static bool has(const struct strs *names, const char *name)
{
	for (size_t i = 0; i < names->n; i++)
		if (!strcmp(names->v[i], name))
			return true;
	return false;
}

static bool fit(const struct candidate *a, const struct candidate *b)
{
	return a->factor != b->factor && !has(&a->property->except, b->property->name) &&
	       !has(&b->property->except, a->property->name);
}

/* What a newer specification brings would take the whole row with it where that is lacking. */
static bool takes_part(const struct pairs_request *request, const struct property *p,
		       const struct trial *t)
{
	return !p->needs.n && !t->needs.n &&
	       (!request->can_ask || request->can_ask(p, t, request->context));
}

static void gather(struct pool *pool, const struct suite *suite,
		   const struct pairs_request *request, struct array *a)
{
	size_t room = 0;

	for (size_t i = 0; i < suite->n_properties; i++)
		room += suite->properties[i].n;
	a->all = pool_array(pool, struct candidate, room + 1);
	for (size_t i = 0; i < suite->n_properties; i++) {
		const struct property *p = &suite->properties[i];
		size_t before = a->n;

		for (size_t k = 0; k < p->n; k++)
			if (takes_part(request, p, &p->trials[k]))
				a->all[a->n++] = (struct candidate){ p, &p->trials[k],
								     a->factors };
		a->factors += a->n > before;
	}
	a->covered = pool_array(pool, bool, a->n * a->n + 1);
	for (size_t i = 0; i < a->n; i++)
		for (size_t k = 0; k < a->n; k++)
			a->covered[i * a->n + k] = !fit(&a->all[i], &a->all[k]);
}

/* How many pairs that no row has yet the candidate brings into the row; -1: it does not fit. */
static int gain(const struct array *a, const size_t *row, size_t n, size_t candidate)
{
	int pairs = 0;

	for (size_t i = 0; i < n; i++) {
		if (!fit(&a->all[row[i]], &a->all[candidate]))
			return -1;
		pairs += !a->covered[row[i] * a->n + candidate];
	}
	return pairs;
}

/* The best of all values that fit, equal ones by lot; false when none does. */
static bool best(struct array *a, const size_t *row, size_t n, size_t *found)
{
	uint64_t from = next(a);
	int most = -1;

	for (size_t i = 0; i < a->n; i++) {
		size_t candidate = (from + i) % a->n;
		int pairs = gain(a, row, n, candidate);

		if (pairs > most) {
			most = pairs;
			*found = candidate;
		}
	}
	return most >= 0;
}

static bool begin(struct array *a, size_t *row)
{
	uint64_t from = next(a);

	for (size_t i = 0; i < a->n; i++)
		for (size_t k = 0; k < a->n; k++) {
			size_t first = (from + i) % a->n;

			if (a->covered[first * a->n + k])
				continue;
			row[0] = first;
			row[1] = k;
			return true;
		}
	return false;
}

static int by_factor(const void *one, const void *other)
{
	size_t a = *(const size_t *)one, b = *(const size_t *)other;

	return (a > b) - (a < b);
}

static uint32_t hash_of(struct pool *pool, const struct value *row)
{
	uint32_t hash = 2166136261u;

	for (const char *c = value_show(pool, row); *c; c++)
		hash = (hash ^ (unsigned char)*c) * 16777619u;
	return hash;
}

static struct value *row_of(struct pool *pool, const struct array *a, size_t *row, size_t n)
{
	const struct property **properties = pool_array(pool, const struct property *, n);
	const struct trial **trials = pool_array(pool, const struct trial *, n);

	qsort(row, n, sizeof(*row), by_factor);
	for (size_t i = 0; i < n; i++) {
		properties[i] = a->all[row[i]].property;
		trials[i] = a->all[row[i]].trial;
	}
	struct value *made = properties_row(pool, properties, trials, n);

	value_put(pool, made, "name", value_str(pool, pool_printf(pool, "%08x",
								  hash_of(pool, made))));
	return made;
}

struct value *pairs_rows(struct pool *pool, const struct suite *suite,
			 const struct pairs_request *request)
{
	/* 0 is the one state that xorshift never leaves. */
	struct array a = { .state = request->seed * 2654435761u + 1 };
	struct value *rows = value_list(pool);

	a.state += !a.state;
	gather(pool, suite, request, &a);
	size_t *row = pool_array(pool, size_t, a.factors + 2), n;

	while ((!request->max || rows->list.n < request->max) && begin(&a, row)) {
		for (n = 2; n < a.factors && best(&a, row, n, &row[n]); n++)
			;
		for (size_t i = 0; i < n; i++)
			for (size_t k = 0; k < n; k++)
				a.covered[row[i] * a.n + row[k]] = true;
		value_push(pool, rows, row_of(pool, &a, row, n));
	}
	return rows;
}
