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

/* Whether the change is one for the worse that counts: of verdicts, and not of evidence or time. */
static bool is_regression(const struct difference *d, const struct fail_on *fail_on)
{
	return d->new && (!d->base || d->base->verdict != d->new->verdict) &&
	       fail_on_hits(fail_on, (enum verdict_kind)d->new->verdict, record_why(d->new));
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
	d.regression = is_regression(&d, fail_on);
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

void compare(struct comparison *c, struct pool *pool, const struct ran *base, const struct ran *new,
	     const struct fail_on *fail_on)
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
	explain(c);
}

int comparison_status(const struct comparison *c)
{
	if (c->regressions)
		return EXIT_FAILED;
	/* What is missing may have failed. */
	if (ran_unended(c->new))
		return EXIT_BROKEN;
	return c->judged ? EXIT_GOOD : EXIT_UNJUDGED;
}
