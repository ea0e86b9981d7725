// SPDX-License-Identifier: GPL-2.0-only
/*
 * nsconform coverage: the catalogue against the scenarios.
 */
#include <stdio.h>
#include <string.h>

#include "cmd/command.h"
#include "cmd/load_plan.h"
#include "cmd/shared_options.h"
#include "nsc/json.h"
#include "load/paths.h"
#include "plan/select.h"
#include "report/promise.h"
#include "report/records.h"

struct count {
	size_t clauses, covered, judged, proven, waived;
};

struct options {
	struct run_options run; /* what of it selects */
	struct strs select;	/* selectors; none: everything */
	const char *results;	/* a run's directory, or NULL */
	bool json;
};

struct coverage {
	struct selection selection;
	const char *results, *only; /* a run's directory and a family, or NULL */
	bool json;
};

/* A scenario shows that it can fail when a control or a twin goes with it. */
static void mark(struct selection *selection, const struct plan *plan)
{
	for (size_t i = 0; i < plan->n; i++) {
		const struct cell *cell = &plan->cells[i];

		for (size_t c = 0; c < cell->scenario->clauses.n; c++) {
			struct clause *clause = clause_find(&selection->catalogue,
							    cell->scenario->clauses.v[c]);

			clause->covered++;
			clause->proven |= cell->kind != CELL_PLAIN;
		}
	}
}

static struct count count(const struct family *f)
{
	struct count n = { .clauses = f->n };

	for (size_t i = 0; i < f->n; i++) {
		n.covered += f->v[i].covered > 0;
		n.judged += f->v[i].judged;
		n.proven += f->v[i].proven;
		n.waived += f->v[i].waived && !f->v[i].covered;
	}
	return n;
}

/* Whether it was judged on the machine of the results is said of what is covered alone. */
static void take(const struct record *record, void *context)
{
	struct coverage *c = context;
	bool judged = record->verdict != VERDICT_SKIP && record->verdict != VERDICT_BROKEN;

	if (!judged || promise_plain(record->cell) < strlen(record->cell))
		return;
	for (size_t i = 0; i < record->clauses.n; i++) {
		struct clause *clause = clause_find(&c->selection.catalogue, record->clauses.v[i]);

		if (clause && clause->covered)
			clause->judged = true;
	}
}

static void print_line(const struct coverage *c, const char *name, const struct count *n)
{
	printf("%-8s %7zu %8zu ", name, n->clauses, n->covered);
	if (c->results)
		printf("%11zu ", n->judged);
	printf("%16zu %7zu\n", n->proven, n->waived);
}

static const char *status(const struct clause *c)
{
	return c->proven ? "proven" : c->covered ? "covered" : c->waived ? "waived" : "open";
}

static void print_family(const struct coverage *c, const struct family *f)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct clause *k = &f->v[i];

		printf("%-9s ", status(k));
		if (c->results)
			printf("%-10s ", k->judged ? "judged" : "not-judged");
		if (k->waived && !k->covered)
			printf("%-55s %s\n", k->id, k->waived);
		else
			puts(k->id);
	}
}

static void print_json(struct pool *pool, const struct coverage *c)
{
	struct value *families = value_list(pool);

	for (size_t i = 0; i < c->selection.catalogue.n; i++) {
		const struct family *f = &c->selection.catalogue.families[i];
		struct count n = count(f);
		struct value *map = value_map(pool);

		if (c->only && strcmp(c->only, f->name))
			continue;
		value_put(pool, map, "family", value_str(pool, f->name));
		value_put(pool, map, "clauses", value_int(pool, (int64_t)n.clauses));
		value_put(pool, map, "covered", value_int(pool, (int64_t)n.covered));
		if (c->results)
			value_put(pool, map, "judged_here", value_int(pool, (int64_t)n.judged));
		value_put(pool, map, "with_control_or_twin", value_int(pool, (int64_t)n.proven));
		value_put(pool, map, "waived", value_int(pool, (int64_t)n.waived));
		value_push(pool, families, map);
	}
	puts(json_text(pool, families));
}

static void print_table(const struct coverage *c)
{
	const struct catalogue *catalogue = &c->selection.catalogue;
	struct count all = { 0 };

	printf("family   clauses  covered %scontrol-or-twin  waived\n",
	       c->results ? "judged-here  " : " ");
	for (size_t i = 0; i < catalogue->n; i++) {
		struct count n = count(&catalogue->families[i]);

		print_line(c, catalogue->families[i].name, &n);
		all.clauses += n.clauses;
		all.covered += n.covered;
		all.judged += n.judged;
		all.proven += n.proven;
		all.waived += n.waived;
	}
	print_line(c, "all", &all);
}

static bool load(struct coverage *c, struct pool *pool, const struct options *o)
{
	char **select = pool_array(pool, char *, o->select.n + 1);
	struct plan plan = { .pool = pool };
	struct runtime *runtime;

	for (size_t i = 0; i < o->select.n; i++)
		select[i] = (char *)o->select.v[i];
	if (!load_plan(&c->selection, &plan, &runtime, &o->run, NULL, select))
		return false;
	catalogue_load_all(&c->selection.catalogue);
	mark(&c->selection, &plan);
	if (c->results) {
		records_read(c->results, take, c, &c->selection.problems);
		runs_tell_unended(c->results, &c->selection.problems);
	}
	problems_print(&c->selection.problems, stderr);
	return !c->selection.problems.n;
}

static int print(struct pool *pool, struct coverage *c)
{
	struct catalogue *catalogue = &c->selection.catalogue;
	struct family *f = c->only ? catalogue_family(catalogue, c->only) : NULL;
	struct nearest n = { .word = c->only };

	if (f && !f->n) {
		for (size_t i = 0; i < catalogue->n; i++)
			if (catalogue->families[i].n)
				nearest_offer(&n, catalogue->families[i].name);
		fprintf(stderr, "nsconform: no family %s%s\n", c->only, nearest_hint(pool, &n));
		return EXIT_USAGE;
	}
	if (c->json)
		print_json(pool, c);
	else if (f)
		print_family(c, f);
	else
		print_table(c);
	return EXIT_GOOD;
}

static int run(struct invocation *in)
{
	const struct options *o = in->options;
	struct coverage c = { .results = o->results, .only = in->operands[0], .json = o->json };
	int status = load(&c, in->pool, o) ? print(in->pool, &c) : EXIT_USAGE;

	select_free(&c.selection);
	return status;
}

static const struct option_row rows[] = {
	{ .name = "results", OPTION_TEXT(ARGUMENT_RESULTS, struct options, results),
	  .help = "count what that run has judged, too" },
	{ 0 }
};
static const struct option_group group = { "options", rows };

static const struct option_row select_rows[] = {
	{ .name = "select", .argument = ARGUMENT_SELECTION, .take = option_text, .repeats = true,
	  .at = OPTION_AT(struct options, select, struct strs),
	  .help = "count what the cells cover that this selector names, as operands of run do; may "
		  "be repeated, and all is counted without it" },
	{ 0 }
};
static const struct option_group select_options = { "which cells", select_rows };

static const struct option_use uses[] = {
	{ &group, 0 }, { &json_options, offsetof(struct options, json) }, { &select_options, 0 },
	{ &narrowing_options, offsetof(struct options, run.narrowing) },
	{ &rerun_options, offsetof(struct options, run) },
	{ &shard_options, offsetof(struct options, run) },
	{ &cell_options, offsetof(struct options, run) }, { 0 }
};

static const struct example examples[] = {
	{ "coverage --results results/latest", "of each family, what was judged here" },
	{ "coverage uts", "each clause of a family" },
	{ "coverage --select @smoke", "what a selection covers" },
	{ 0 }
};

const struct command command_coverage = {
	.name = "coverage",
	.purpose = "Count the clauses that scenarios prove, and those that a saved run has judged",
	.operands = { ARGUMENT_FAMILY, 0, 1, "its clauses, a line each; the count of all families "
					     "when none is given" },
	.options = uses, .options_size = sizeof(struct options), .examples = examples,
	.statuses = plain_statuses, .run = run,
};
