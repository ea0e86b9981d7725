// SPDX-License-Identifier: GPL-2.0-only
/*
 * A comparison for people: what asks for a decision first, cells that changed alike in one line.
 */
#include <stdlib.h>
#include <string.h>

#include "compare/compare.h"
#include "compare/describe_ran.h"

/* Of a class of changes, and names of a group, without --all. */
enum { GROUPS_MAX = 6, NAMES_MAX = 3 };

/* Differences of one class with the same scenario, or the same explanation. */
struct group {
	const struct difference *const *v;
	size_t n, scenarios;
};

/* How a class is told. */
enum telling {
	BY_SCENARIO, /* each scenario, with what was seen */
	BY_REASON,   /* each explanation, with the scenarios */
	BY_NUMBER,   /* the scenarios alone */
};

static const enum telling tellings[CHANGES] = {
	[CHANGE_KNOWN] = BY_REASON, [CHANGE_LISTED] = BY_REASON, [CHANGE_SKIPPED] = BY_REASON,
	[CHANGE_FIXED] = BY_REASON, [CHANGE_JUDGED] = BY_REASON, [CHANGE_NEW] = BY_NUMBER,
	[CHANGE_GONE] = BY_NUMBER,
};

/* Why a cell is skipped says more than which one is. */
static enum telling telling_of(const struct difference *d)
{
	return d->change == CHANGE_EVIDENCE && d->new->verdict == VERDICT_SKIP ? BY_REASON :
									       tellings[d->change];
}

static const char *verdict_of(const struct record *r)
{
	return r ? verdict_name((enum verdict_kind)r->verdict) : "not run";
}

/* What a record says of its verdict, in one line; "" of a pass. */
static const char *evidence(struct pool *pool, const struct record *r)
{
	const char *why = r ? record_why(r) : NULL, *text = why ? why : "";

	if (r && r->message && *r->message)
		text = pool_printf(pool, "%s%s%s", text, *text ? ": " : "", r->message);
	if (r && r->field)
		text = pool_printf(pool, "%s%s%s%s%s%s%s", text, *text ? ": " : "",
				   r->actor ? r->actor : "", r->actor ? " " : "",
				   r->op ? r->op : "", r->op ? " " : "", r->field);
	if (r && r->expected)
		text = pool_printf(pool, "%s%s expected %s, seen %s", text, *text ? ":" : "",
				   r->expected, r->seen ? r->seen : "nothing");
	return report_one_line(pool, text);
}

/* Why the differences of a class belong together: "" for those that nothing explains. */
static const char *key_of(const struct difference *d)
{
	switch (telling_of(d)) {
	case BY_SCENARIO:
		return d->scenario;
	case BY_REASON:
		return d->why ? d->why : d->base && d->base->message ? d->base->message : "";
	case BY_NUMBER:
		return "";
	}
	return "";
}

static int by_key(const void *a, const void *b)
{
	const struct difference *const *x = a, *const *y = b;
	int order = strcmp(key_of(*x), key_of(*y));

	if (!order)
		order = strcmp((*x)->scenario, (*y)->scenario);
	return order ? order : strcmp((*x)->name, (*y)->name);
}

static int largest_first(const void *a, const void *b)
{
	const struct group *x = a, *y = b;

	if (x->n != y->n)
		return x->n > y->n ? -1 : 1;
	return strcmp(key_of(x->v[0]), key_of(y->v[0]));
}

/* The groups of a class, of which there are N differences at FIRST. */
static struct group *groups_of(struct pool *pool, const struct difference *first, size_t n,
			       size_t *n_groups)
{
	const struct difference **v = pool_array(pool, const struct difference *, n + 1);
	struct group *groups = pool_array(pool, struct group, n + 1);

	*n_groups = 0;
	for (size_t i = 0; i < n; i++)
		v[i] = &first[i];
	qsort(v, n, sizeof(*v), by_key);
	for (size_t i = 0; i < n; i++) {
		if (!i || strcmp(key_of(v[i - 1]), key_of(v[i])) != 0)
			groups[(*n_groups)++].v = &v[i];
		struct group *g = &groups[*n_groups - 1];

		g->scenarios += !g->n || strcmp(v[i - 1]->scenario, v[i]->scenario) != 0;
		g->n++;
	}
	qsort(groups, *n_groups, sizeof(*groups), largest_first);
	return groups;
}

static const char *number(struct pool *pool, size_t n, const char *what)
{
	return pool_printf(pool, "%zu %s%s", n, what, n == 1 ? "" : "s");
}

/* Some of the group's scenarios by name. */
static const char *scenario_names(struct pool *pool, const struct group *g)
{
	const char *text = "";
	size_t told = 0;

	for (size_t i = 0; i < g->n && told < NAMES_MAX; i++)
		if (!i || strcmp(g->v[i - 1]->scenario, g->v[i]->scenario) != 0)
			text = pool_printf(pool, "%s%s%s", text, told++ ? ", " : "",
					   g->v[i]->scenario);
	return told == g->scenarios ? text :
	       pool_printf(pool, "%s and %zu more", text, g->scenarios - told);
}

/* Names of the group's cells behind that of their scenario. */
static const char *variants(struct pool *pool, const struct group *g)
{
	size_t len = strlen(g->v[0]->scenario), n = g->n > NAMES_MAX ? NAMES_MAX : g->n;
	const char *text = "";

	for (size_t i = 0; i < n; i++) {
		const char *name = g->v[i]->name;

		text = pool_printf(pool, "%s%s%s", text, i ? ", " : "",
				   name[len] == '.' ? name + len + 1 : name);
	}
	return n == g->n ? text : pool_printf(pool, "%s and %zu more", text, g->n - n);
}

/* Said of a class that is none by itself: --fail-on makes one of some of its cells. */
static const char *regression_note(const struct difference *d)
{
	return d->regression && d->change != CHANGE_FAILING && d->change != CHANGE_BROKEN ?
		" (a regression)" : "";
}

static void print_scenario(const struct group *g, FILE *out)
{
	AUTO_POOL pool = { 0 };
	const struct difference *d = g->v[0];

	fprintf(out, "  %s: %s: %s%s\n", d->scenario, number(&pool, g->n, "cell"),
		variants(&pool, g), regression_note(d));
	const char *was = evidence(&pool, d->base), *is = evidence(&pool, d->new);

	fprintf(out, "      BASE: %s%s%s\n", verdict_of(d->base), *was ? ": " : "", was);
	fprintf(out, "      NEW:  %s%s%s\n", verdict_of(d->new), *is ? ": " : "", is);
	if (d->why)
		fprintf(out, "      %s\n", report_one_line(&pool, d->why));
}

static void print_reason(const struct group *g, FILE *out)
{
	AUTO_POOL pool = { 0 };
	const char *key = report_one_line(&pool, key_of(g->v[0]));

	fprintf(out, "  %s%s%s of %s%s\n      %s\n", key, *key ? ": " : "",
		number(&pool, g->n, "cell"), number(&pool, g->scenarios, "scenario"),
		regression_note(g->v[0]), scenario_names(&pool, g));
}

static void print_number(const struct group *g, FILE *out)
{
	AUTO_POOL pool = { 0 };

	fprintf(out, "  %s: %s\n", number(&pool, g->scenarios, "scenario"),
		scenario_names(&pool, g));
}

/* --all: each cell in a line. */
static void print_cells(const struct difference *v, size_t n, FILE *out)
{
	for (size_t i = 0; i < n; i++) {
		AUTO_POOL pool = { 0 };
		const struct difference *d = &v[i];
		const char *was = evidence(&pool, d->base), *is = evidence(&pool, d->new);

		fprintf(out, "  %s: %s%s%s%s, now %s%s%s%s", d->name, verdict_of(d->base),
			*was ? " (" : "", was, *was ? ")" : "", verdict_of(d->new),
			*is ? " (" : "", is, *is ? ")" : "");
		fprintf(out, "%s%s%s\n", d->regression ? ": a regression" : "", d->why ? ": " : "",
			d->why ? report_one_line(&pool, d->why) : "");
	}
}

static void print_groups(const struct difference *first, size_t n, FILE *out)
{
	static void (*const prints[])(const struct group *, FILE *) = {
		[BY_SCENARIO] = print_scenario, [BY_REASON] = print_reason,
		[BY_NUMBER] = print_number,
	};
	AUTO_POOL pool = { 0 };
	size_t n_groups, told;
	struct group *groups = groups_of(&pool, first, n, &n_groups);

	for (told = 0; told < n_groups && told < GROUPS_MAX; told++)
		prints[telling_of(groups[told].v[0])](&groups[told], out);
	size_t left = 0;

	for (size_t i = told; i < n_groups; i++)
		left += groups[i].n;
	if (left)
		fprintf(out, "  and %s more: compare --all shows them\n",
			number(&pool, left, "cell"));
}

static void print_slower(const struct comparison *c, bool all, FILE *out)
{
	const struct slowness *s = &c->slowness;
	size_t n = all || s->n < GROUPS_MAX ? s->n : GROUPS_MAX;

	if (!s->n)
		return;
	fprintf(out, "Slower: %zu scenario%s, where cells in general take %.1f times as long\n", s->n,
		s->n == 1 ? "" : "s", s->pace);
	for (size_t i = 0; i < n; i++)
		fprintf(out, "  %s: %.0f ms in BASE, %.0f ms in NEW, %.1f times what is expected\n",
			s->v[i].scenario, s->v[i].base_ms, s->v[i].new_ms, s->v[i].ratio);
	if (n < s->n)
		fprintf(out, "  and %zu more: compare --all shows them\n", s->n - n);
}

static void print_head(const struct comparison *c, FILE *out)
{
	AUTO_POOL pool = { 0 };
	const char *differs = ran_differs(&pool, c->base, c->new);

	fprintf(out, "BASE %s\nNEW  %s\n", ran_describe(&pool, c->base),
		ran_describe(&pool, c->new));
	if (*differs)
		fprintf(out, "They differ in %s.\n", differs);
	fprintf(out, "Both have %s, of which %zu %s alike", number(&pool, c->both, "cell"),
		c->alike, c->alike == 1 ? "is" : "are");
	if (c->base->n > c->both || c->new->n > c->both)
		fprintf(out, "; only BASE has %zu, only NEW %zu", c->base->n - c->both,
			c->new->n - c->both);
	fputs(".\n", out);
}

void comparison_print(const struct comparison *c, bool all, FILE *out)
{
	AUTO_POOL pool = { 0 };
	size_t at = 0;

	print_head(c, out);
	for (int k = 0; k < CHANGES; k++) {
		size_t n = c->counts[k];

		if (!n)
			continue;
		fprintf(out, "%s: %s\n", change_kinds[k].title, number(&pool, n, "cell"));
		if (all)
			print_cells(&c->v[at], n, out);
		else
			print_groups(&c->v[at], n, out);
		at += n;
		if (k == CHANGE_EVIDENCE)
			print_slower(c, all, out);
	}
	fprintf(out, "%s\n", comparison_conclusion(&pool, c));
}
