// SPDX-License-Identifier: GPL-2.0-only
/*
 * Differences between two runs.
 */
#include <stdlib.h>
#include <string.h>

#include "compare/compare.h"
#include "compare/explain.h"
#include "report/exit_status.h"

static bool was_judged(const struct record *r)
{
	return r->verdict != VERDICT_SKIP && r->verdict != VERDICT_BROKEN;
}

static void add(struct comparison *c, const struct joined_cell *cell, const struct fail_on *fail_on)
{
	struct difference d = {
		.name = cell->name, .scenario = cell->scenario, .base = cell->in[0],
		.new = cell->in[1], .change = change_of(cell->in[0], cell->in[1]),
	};
	bool both = d.base && d.new;

	c->both += both;
	c->judged += both && was_judged(d.base) && was_judged(d.new);
	c->alike += d.change == CHANGE_NONE;
	if (d.change == CHANGE_NONE)
		return;
	d.regression = change_is_regression(d.change, d.base, d.new, fail_on);
	c->regressions += d.regression;
	c->counts[d.change]++;
	c->v[c->n++] = d;
}

static int in_order(const void *a, const void *b)
{
	const struct difference *x = a, *y = b;
	int by_scenario = strcmp(x->scenario, y->scenario);

	if (x->change != y->change)
		return x->change < y->change ? -1 : 1;
	return by_scenario ? by_scenario : strcmp(x->name, y->name);
}

static int by_name(const void *a, const void *b)
{
	const struct difference *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

static void find_differences(struct comparison *c, struct pool *pool, const struct ran *base,
			     const struct ran *new, const struct fail_on *fail_on)
{
	const struct ran runs[] = { *base, *new };
	struct joined j;

	*c = (struct comparison){ .pool = pool, .base = base, .new = new };
	joined_make(&j, pool, runs, 2);
	c->v = pool_array(pool, struct difference, HASH_COUNT(j.cells) + 1);
	for (struct joined_cell *cell = j.cells; cell; cell = cell->hh.next)
		add(c, cell, fail_on);
	slower_find(&c->slowness, &j);
	joined_free(&j);
	qsort(c->v, c->n, sizeof(*c->v), in_order);
	c->by_name = pool_array(pool, const struct difference *, c->n + 1);
	for (size_t i = 0; i < c->n; i++)
		c->by_name[i] = &c->v[i];
	qsort(c->by_name, c->n, sizeof(*c->by_name), by_name);
}

void compare(struct comparison *c, struct pool *pool, const struct ran *base, const struct ran *new,
	     const struct fail_on *fail_on)
{
	find_differences(c, pool, base, new, fail_on);
	explain(c, 1);
}

static bool of_a_runtime(const struct ran *ran)
{
	return ran->n_runs && ran->runs[0].runtime;
}

bool comparable(const struct ran *a, const struct ran *b)
{
	return of_a_runtime(a) == of_a_runtime(b);
}

static const struct ran *first_of_its_kind(const struct ran *runs, size_t at)
{
	size_t first = 0;

	while (!comparable(&runs[first], &runs[at]))
		first++;
	return &runs[first];
}

struct comparison *compare_all(struct pool *pool, const struct ran *runs, size_t n,
			       const struct fail_on *fail_on, size_t *n_comparisons)
{
	struct comparison *v = pool_array(pool, struct comparison, n);

	*n_comparisons = 0;
	for (size_t i = 1; i < n; i++) {
		const struct ran *base = first_of_its_kind(runs, i);

		if (base != &runs[i])
			find_differences(&v[(*n_comparisons)++], pool, base, &runs[i], fail_on);
	}
	explain(v, *n_comparisons);
	return v;
}

const struct difference *comparison_find(const struct comparison *c, const char *name)
{
	const struct difference wanted = { .name = name }, *key = &wanted;
	const struct difference **found = bsearch(&key, c->by_name, c->n, sizeof(*c->by_name),
						  by_name);

	return found ? *found : NULL;
}

int comparison_status(const struct comparison *c)
{
	if (c->regressions)
		return EXIT_FAILED;
	/* What is missing may have failed. */
	if (ran_unended(c->new) || ran_unrecorded(c->new))
		return EXIT_BROKEN;
	return c->judged ? EXIT_GOOD : EXIT_UNJUDGED;
}

int comparisons_status(const struct comparison *v, size_t n)
{
	static const int worst_first[] = { EXIT_FAILED, EXIT_BROKEN, EXIT_UNJUDGED };

	for (size_t k = 0; k < sizeof(worst_first) / sizeof(*worst_first); k++)
		for (size_t i = 0; i < n; i++)
			if (comparison_status(&v[i]) == worst_first[k])
				return worst_first[k];
	return EXIT_GOOD;
}

const char *comparison_conclusion(struct pool *pool, const struct comparison *c)
{
	switch (comparison_status(c)) {
	case EXIT_FAILED:
		return pool_printf(pool, "%zu regression%s.", c->regressions,
				   c->regressions == 1 ? "" : "s");
	case EXIT_BROKEN:
		return "No regression in what there is; what NEW lacks may have failed.";
	case EXIT_UNJUDGED:
		return "Nothing to compare: no cell was judged in both.";
	default:
		return "No regression.";
	}
}
