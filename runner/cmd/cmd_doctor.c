// SPDX-License-Identifier: GPL-2.0-only
/*
 * nsconform doctor: this machine as the suite sees it, what each of its shortcomings costs, and
 * what to do about it, worst first.  Exit status: 0 every cell can be judged here, 1 some cannot,
 * 4 none can.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "cmd/command.h"
#include "cmd/pinning.h"
#include "cmd/shared_options.h"
#include "cmd/sheet.h"
#include "compile/compile.h"
#include "plan/select.h"
#include "machine/start.h"
#include "nsc/json.h"
#include "machine/describe.h"

enum { INDENT = 2, NAME_WIDTH = 16 };

/* One reason to skip, and what goes with it. */
struct cost {
	const char *reason, *detail, *remedy;
	size_t cells, scenarios, clauses;
	const struct scenario *last; /* counted under this reason */
	UT_hash_handle hh;
};

/* Where a clause can be judged: in one of its scenarios' own cells, not their controls. */
struct judging {
	const char *clause;
	bool judged;
	struct cost **costs; /* reasons for which its cells skip */
	size_t n;
	UT_hash_handle hh;
};

struct doctor {
	struct pool pool;
	struct selection selection;
	struct plan plan;
	struct cost *costs;
	struct judging *judgings;
	size_t runs, clauses, lost;
};

static struct cost *cost_of(struct doctor *d, const struct cell *cell)
{
	struct cost *c;

	HASH_FIND_STR(d->costs, cell->skip, c);
	if (c)
		return c;
	c = pool_new(&d->pool, struct cost);
	c->reason = cell->skip;
	c->detail = cell->detail;
	c->remedy = cell->remedy;
	HASH_ADD_KEYPTR(hh, d->costs, c->reason, strlen(c->reason), c);
	return c;
}

static void blame(struct doctor *d, struct judging *place, struct cost *cost)
{
	struct cost **grown;

	for (size_t i = 0; i < place->n; i++)
		if (place->costs[i] == cost)
			return;
	grown = pool_array(&d->pool, struct cost *, place->n + 1);
	if (place->n)
		memcpy(grown, place->costs, place->n * sizeof(*grown));
	grown[place->n++] = cost;
	place->costs = grown;
}

static struct judging *judging_of(struct doctor *d, const char *clause)
{
	struct judging *p;

	HASH_FIND_STR(d->judgings, clause, p);
	if (p)
		return p;
	p = pool_new(&d->pool, struct judging);
	p->clause = clause;
	HASH_ADD_KEYPTR(hh, d->judgings, p->clause, strlen(p->clause), p);
	return p;
}

static void count_cell(struct doctor *d, const struct cell *cell)
{
	const struct scenario *s = cell->scenario;
	struct cost *cost = cell->skip ? cost_of(d, cell) : NULL;

	d->runs += !cost;
	if (cost) {
		cost->cells++;
		cost->scenarios += cost->last != s;
		cost->last = s;
	}
	for (size_t i = 0; cell->kind == CELL_PLAIN && i < s->clauses.n; i++) {
		struct judging *place = judging_of(d, s->clauses.v[i]);

		place->judged |= !cost;
		if (cost)
			blame(d, place, cost);
	}
}

/* A clause that is judged nowhere counts for each reason that stands in its way. */
static void count_clauses(struct doctor *d)
{
	for (struct judging *p = d->judgings; p; p = p->hh.next) {
		d->clauses++;
		d->lost += !p->judged;
		for (size_t i = 0; !p->judged && i < p->n; i++)
			p->costs[i]->clauses++;
	}
}

static int worse(const struct cost *a, const struct cost *b)
{
	const size_t pairs[][2] = { { a->clauses, b->clauses }, { a->scenarios, b->scenarios },
				    { a->cells, b->cells } };

	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++)
		if (pairs[i][0] != pairs[i][1])
			return pairs[i][0] < pairs[i][1] ? 1 : -1;
	return strcmp(a->reason, b->reason);
}

static void print_map(const struct value *map)
{
	for (size_t i = 0; i < map->list.n; i += 2) {
		printf("%*s%-*s ", INDENT, "", NAME_WIDTH, value_text(map->list.items[i]));
		help_wrap(stdout, value_text(map->list.items[i + 1]), INDENT + NAME_WIDTH + 1);
	}
}

/* Tools that are there are one line, and those that are not another. */
static void print_tools(struct pool *pool, const struct value *tools)
{
	const char *found = "", *missing = "";

	for (size_t i = 0; i < tools->list.n; i += 2) {
		const char *name = value_text(tools->list.items[i]);
		bool there = *value_text(tools->list.items[i + 1]) == '/';
		const char **list = there ? &found : &missing;

		*list = pool_printf(pool, "%s%s%s", *list, **list ? " " : "", name);
	}
	printf("%*s%-*s ", INDENT, "", NAME_WIDTH, "found");
	help_wrap(stdout, *found ? found : "none", INDENT + NAME_WIDTH + 1);
	printf("%*s%-*s ", INDENT, "", NAME_WIDTH, "not found");
	help_wrap(stdout, *missing ? missing : "none", INDENT + NAME_WIDTH + 1);
}

static void print_machine(struct doctor *d, const struct value *machine)
{
	const struct value *facts = value_get(machine, "facts");
	const struct value *unset = start_unset(&d->pool);

	for (size_t i = 0; i < facts->list.n; i += 2) {
		const char *name = value_text(facts->list.items[i]);

		puts(name);
		if (!strcmp(name, "tools"))
			print_tools(&d->pool, facts->list.items[i + 1]);
		else
			print_map(facts->list.items[i + 1]);
	}
	puts("processors");
	print_map(value_get(machine, "processors"));
	puts("started with what cannot be set");
	if (unset->list.n)
		print_map(unset);
	else
		printf("%*snothing\n", INDENT, "");
}

static void print_field(const char *name, const char *text)
{
	if (!text || !*text)
		return;
	printf("%*s%-7s ", 2 * INDENT, "", name);
	help_wrap(stdout, text, 2 * INDENT + 8);
}

static const char *number_of(struct pool *pool, size_t n, const char *what)
{
	return pool_printf(pool, "%zu %s%s", n, what, n == 1 ? "" : "s");
}

static void print_costs(struct doctor *d)
{
	struct pool *pool = &d->pool;

	printf("\n%zu of %zu cells can run; %zu of %zu clauses are judged nowhere here\n",
	       d->runs, d->plan.n, d->lost, d->clauses);
	for (const struct cost *c = d->costs; c; c = c->hh.next) {
		printf("\n%*s", INDENT, "");
		help_wrap(stdout, c->reason, INDENT);
		printf("%*scosts   %s, %s; %s judged nowhere\n",
		       2 * INDENT, "", number_of(pool, c->cells, "cell"),
		       number_of(pool, c->scenarios, "scenario"),
		       number_of(pool, c->clauses, "clause"));
		print_field("seen", c->detail);
		print_field("remedy", c->remedy);
	}
}

static void put_count(struct pool *pool, struct value *map, const char *name, size_t n)
{
	value_put(pool, map, name, value_int(pool, (int64_t)n));
}

static void print_json(struct doctor *d, const struct value *machine)
{
	struct pool *pool = &d->pool;
	struct value *all = value_map(pool), *costs = value_list(pool);

	value_put(pool, all, "environment", (struct value *)machine);
	put_count(pool, all, "cells", d->plan.n);
	put_count(pool, all, "cells_that_run", d->runs);
	put_count(pool, all, "clauses", d->clauses);
	put_count(pool, all, "clauses_judged_nowhere", d->lost);
	for (const struct cost *c = d->costs; c; c = c->hh.next) {
		struct value *map = value_map(pool);

		value_put(pool, map, "reason", value_str(pool, c->reason));
		value_put(pool, map, "seen", value_str(pool, c->detail));
		value_put(pool, map, "remedy", value_str(pool, c->remedy));
		put_count(pool, map, "cells", c->cells);
		put_count(pool, map, "scenarios", c->scenarios);
		put_count(pool, map, "clauses_judged_nowhere", c->clauses);
		value_push(pool, costs, map);
	}
	value_put(pool, all, "costs", costs);
	puts(json_text(pool, all));
}

/* The machine, and how a run of many cells would use its processors. */
static const struct value *describe(struct doctor *d)
{
	struct value *machine = machine_describe(&d->pool, NULL);
	struct pinning pinning;

	pinning_choose(&d->pool, PIN_MEASURED, SIZE_MAX, 0, false, &pinning);
	pinning_describe(&d->pool, &pinning, machine);
	return machine;
}

static void examine(struct doctor *d)
{
	struct machine machine;

	machine_read(&machine);
	plan_require(&d->plan, &machine, false);
	for (size_t i = 0; i < d->plan.n; i++)
		count_cell(d, &d->plan.cells[i]);
	count_clauses(d);
	HASH_SORT(d->costs, worse);
}

struct options {
	struct narrowing narrowing;
	bool json;
};

static int run(struct invocation *in)
{
	const struct options *o = in->options;
	struct doctor d = { 0 };
	int status = EXIT_USAGE;

	d.plan.pool = &d.pool;
	if (select_load_narrow(&d.selection, &d.pool, in->operands, &o->narrowing) &&
	    select_plan(&d.selection, &d.plan, true)) {
		examine(&d);
		const struct value *machine = describe(&d);

		if (o->json) {
			print_json(&d, machine);
		} else {
			print_machine(&d, machine);
			print_costs(&d);
		}
		status = d.runs == d.plan.n ? EXIT_GOOD : d.runs ? EXIT_FAILED : EXIT_UNJUDGED;
	}
	HASH_CLEAR(hh, d.costs);
	HASH_CLEAR(hh, d.judgings);
	select_free(&d.selection);
	pool_free(&d.pool);
	return status;
}

static const struct option_use uses[] = {
	{ &narrowing_options, offsetof(struct options, narrowing) },
	{ &json_options, offsetof(struct options, json) }, { 0 }
};

static const struct exit_meaning statuses[] = {
	{ "0", "every cell can be judged here" },
	{ "1", "some cannot" },
	STATUS_USAGE, STATUS_BROKEN,
	{ "4", "none can" },
	{ 0 }
};

const struct command command_doctor = {
	.name = "doctor",
	.purpose = "Show what this machine cannot judge, what that costs, and the remedies",
	.operands = { ARGUMENT_SELECTION, 0, 0, SELECTION_HELP },
	.options = uses, .options_size = sizeof(struct options), .statuses = statuses, .run = run,
};
