// SPDX-License-Identifier: GPL-2.0-only
/*
 * nsconform list and nsconform plan.
 */
#include <stdio.h>
#include <string.h>

#include "cmd/command.h"
#include "cmd/load_plan.h"
#include "cmd/shared_options.h"
#include "compile/compile.h"
#include "nsc/json.h"
#include "nsc/text.h"
#include "plan/select.h"
#include "report/unjudged.h"

static struct value *strings(struct pool *pool, const struct strs *strs)
{
	struct value *list = value_list(pool);

	for (size_t i = 0; i < strs->n; i++)
		value_push(pool, list, value_str(pool, strs->v[i]));
	return list;
}

static struct value *describe(struct pool *pool, const struct scenario *s, size_t cells)
{
	struct value *map = value_map(pool);

	value_put(pool, map, "id",
		  value_str(pool, pool_printf(pool, "%s.%s", s->suite->prefix, s->id)));
	value_put(pool, map, "about", value_str(pool, s->about));
	value_put(pool, map, "file", value_str(pool, s->suite->file));
	value_put(pool, map, "line", value_int(pool, s->at.line));
	value_put(pool, map, "clauses", strings(pool, &s->clauses));
	value_put(pool, map, "tags", strings(pool, &s->tags));
	value_put(pool, map, "needs", strings(pool, &s->needs));
	value_put(pool, map, "cells", value_int(pool, (int64_t)cells));
	return map;
}

static void print_scenario(struct pool *pool, const struct scenario *s, size_t cells, bool json,
			   bool first)
{
	if (json)
		printf("%s%s", first ? "[" : ",\n ", json_text(pool, describe(pool, s, cells)));
	else
		printf("%s.%s  %s\n", s->suite->prefix, s->id, s->about);
}

/* Of what was recorded there may be nothing. */
static void tell_empty(const struct plan *plan)
{
	if (!plan->n && plan->empty && !plan->whole)
		fprintf(stderr, "nsconform: %s\n", plan->empty);
}

struct list_options {
	struct run_options run;
	bool json;
};

static int run_list(struct invocation *in)
{
	struct pool *pool = in->pool;
	AUTO_SELECTION selection = { 0 };
	const struct list_options *o = in->options;
	struct plan plan = { .pool = pool };
	struct runtime *runtime;
	bool json = o->json;

	if (!load_plan(&selection, &plan, &runtime, &o->run, NULL, in->operands))
		return EXIT_USAGE;
	tell_empty(&plan);
	for (size_t i = 0, end; i < plan.n; i = end) {
		const struct scenario *s = plan.cells[i].scenario;

		for (end = i; end < plan.n && plan.cells[end].scenario == s; end++)
			;
		print_scenario(pool, s, end - i, json, i == 0);
	}
	if (json)
		puts(plan.n ? "]" : "[]");
	return EXIT_GOOD;
}

static const struct option_use list_uses[] = {
	{ &narrowing_options, offsetof(struct list_options, run.narrowing) },
	{ &rerun_options, offsetof(struct list_options, run) },
	{ &shard_options, offsetof(struct list_options, run) },
	{ &json_options, offsetof(struct list_options, json) }, { 0 }
};

const struct command command_list = {
	.name = "list", .purpose = "List scenarios, each with its sentence",
	.operands = { ARGUMENT_SELECTION, 0, 0, SELECTION_HELP },
	.options = list_uses, .options_size = sizeof(struct list_options),
	.statuses = plain_statuses, .run = run_list,
};

/* Reasons are few: each is explained once, after the cells. */
static void explain_skips(const struct plan *plan)
{
	struct unjudged skips = { .pool = plan->pool };

	for (size_t i = 0; i < plan->n; i++)
		if (plan->cells[i].skip)
			unjudged_add(&skips, plan->cells[i].skip, plan->cells[i].detail,
				     plan->cells[i].remedy);
	for (size_t i = 0; i < skips.n; i++)
		printf("# %zu skip: %s: %s\n#   remedy: %s\n", skips.v[i].n, skips.v[i].reason,
		       skips.v[i].detail ? skips.v[i].detail : "",
		       skips.v[i].remedy ? skips.v[i].remedy : "");
}

static int run_plan(struct invocation *in)
{
	const struct run_options *o = in->options;
	struct pool *pool = in->pool;
	AUTO_SELECTION selection = { 0 };
	struct plan plan = { .pool = pool };
	struct runtime *runtime;
	struct machine machine;
	size_t runs = 0;

	machine_read(&machine);
	if (!load_plan(&selection, &plan, &runtime, o, &machine, in->operands))
		return EXIT_USAGE;
	tell_empty(&plan);
	for (size_t i = 0; i < plan.n; i++) {
		const struct cell *cell = &plan.cells[i];

		runs += !cell->skip;
		printf("%s  %s%s%s\n", cell->skip ? "skip" : "run ", cell_name(pool, cell),
		       cell->skip ? "  # " : "", cell->skip ? cell->skip : "");
	}
	explain_skips(&plan);
	printf("# %zu cell%s: %zu run, %zu skip\n", plan.n, text_plural(plan.n), runs,
	       plan.n - runs);
	if (o->quick)
		printf("# quick: one variant of each row of each scenario; %zu cell%s left out\n",
		       plan.left_out, text_plural(plan.left_out));
	return EXIT_GOOD;
}

static const struct option_use plan_uses[] = {
	{ &narrowing_options, offsetof(struct run_options, narrowing) }, { &rerun_options, 0 },
	{ &shard_options, 0 }, { &cell_options, 0 }, { &runtime_options, 0 },
	{ &inside_options, 0 }, { 0 }
};

static const struct example plan_examples[] = {
	{ "plan --runtime crun suites/mnt", "what a runtime's boxes would be asked" },
	{ 0 }
};

const struct command command_plan = {
	.name = "plan", .purpose = "Show which cells would run, which would skip, and why",
	.operands = { ARGUMENT_SELECTION, 0, 0, SELECTION_HELP },
	.options = plan_uses, .options_size = sizeof(struct run_options),
	.examples = plan_examples, .statuses = plain_statuses, .run = run_plan,
};
