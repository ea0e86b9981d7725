// SPDX-License-Identifier: GPL-2.0-only
/*
 * nsconform coverage: the catalogue against the scenarios.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/command.h"
#include "cmd/coverage.h"
#include "cmd/load_plan.h"
#include "cmd/shared_options.h"
#include "nsc/json.h"
#include "load/paths.h"
#include "report/promise.h"
#include "report/records.h"

struct options {
	struct run_options run; /* what of it selects */
	struct strs select;	/* selectors; none: everything */
	struct strs results;	/* runs' directories, or names of baselines */
	bool json, list, markdown, spec;
};

static void mark(struct coverage *c)
{
	for (size_t i = 0; i < c->plan.n; i++) {
		const struct scenario *s = c->plan.cells[i].scenario;

		if (i && s == c->plan.cells[i - 1].scenario)
			continue;
		for (size_t k = 0; k < s->clauses.n; k++) {
			struct clause *clause = clause_find(&c->selection.catalogue,
							    s->clauses.v[k]);
			int proof = proof_of(s, clause->id);

			clause->covered++;
			clause->proof = proof > clause->proof ? proof : clause->proof;
		}
	}
}

/* A scenario of the plan by its dotted name. */
struct named {
	const char *id;
	const struct scenario *scenario;
	UT_hash_handle hh;
};

struct judging {
	struct coverage *coverage;
	struct named *by_name;
	bool here;
};

/* Cells are called FAMILY.TOPIC.ID[.VARIANT]. */
static const struct scenario *scenario_of(const struct judging *j, const char *cell)
{
	const char *end = cell;
	struct named *found;

	for (int dots = 0; *end && (dots += *end == '.') < 3; end++)
		;
	HASH_FIND(hh, j->by_name, cell, (size_t)(end - cell), found);
	return found ? found->scenario : NULL;
}

/* Whether it was judged is said of what is covered alone. */
static void take(const struct record *record, void *context)
{
	const struct judging *j = context;
	bool judged = record->verdict != VERDICT_SKIP && record->verdict != VERDICT_BROKEN;
	const struct scenario *s = judged ? scenario_of(j, record->cell) : NULL;

	if (!s || promise_plain(record->cell) < strlen(record->cell))
		return;
	for (size_t i = 0; i < s->clauses.n; i++) {
		struct clause *c = clause_find(&j->coverage->selection.catalogue,
					       s->clauses.v[i]);

		c->judged |= j->here;
		c->elsewhere |= !j->here;
	}
}

static void read_results(struct coverage *c)
{
	struct judging j = { .coverage = c };

	for (size_t i = 0; i < c->plan.n; i++) {
		const struct scenario *s = c->plan.cells[i].scenario;

		if (i && s == c->plan.cells[i - 1].scenario)
			continue;
		struct named *n = pool_new(c->pool, struct named);

		n->id = pool_printf(c->pool, "%s.%s", s->suite->prefix, s->id);
		n->scenario = s;
		HASH_ADD_KEYPTR(hh, j.by_name, n->id, strlen(n->id), n);
	}
	for (size_t i = 0; i < c->results->n; i++) {
		j.here = i == 0;
		records_read(c->results->v[i], take, &j, &c->selection.problems);
		runs_tell_unended(c->results->v[i], &c->selection.problems);
	}
	HASH_CLEAR(hh, j.by_name);
}

static void print_line(const struct coverage *c, const char *name,
		       const struct coverage_count *n)
{
	printf("%-8s %7zu %8zu", name, n->clauses, n->covered);
	if (c->results->n)
		printf(" %12zu", n->judged);
	if (c->results->n > 1)
		printf(" %10zu", n->elsewhere);
	for (int i = PROOFS - 1; i > PROOF_NONE; i--)
		printf(" %8zu", n->proofs[i]);
	printf(" %7zu %5zu\n", n->waived, n->proofs[PROOF_NONE]);
}

static void print_family(const struct coverage *c, const struct family *f)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct clause *k = &f->v[i];

		printf("%-9s ", coverage_status(k));
		if (c->results->n)
			printf("%-10s ", k->judged ? "judged" :
					 k->elsewhere ? "elsewhere" : "not-judged");
		if (k->waived && !k->covered)
			printf("%-55s %s\n", k->id, k->waived);
		else
			puts(k->id);
	}
}

static void put(struct pool *pool, struct value *map, const char *key, size_t n)
{
	value_put(pool, map, key, value_int(pool, (int64_t)n));
}

static void print_json(struct pool *pool, const struct coverage *c)
{
	struct value *families = value_list(pool);

	for (size_t i = 0; i < c->selection.catalogue.n; i++) {
		const struct family *f = &c->selection.catalogue.families[i];
		struct coverage_count n = coverage_count(f);
		struct value *map = value_map(pool);

		if (c->only && strcmp(c->only, f->name))
			continue;
		value_put(pool, map, "family", value_str(pool, f->name));
		put(pool, map, "clauses", n.clauses);
		put(pool, map, "covered", n.covered);
		if (c->results->n) {
			put(pool, map, "judged_here", n.judged);
			put(pool, map, "judged_elsewhere", n.elsewhere);
		}
		for (int p = PROOFS - 1; p >= PROOF_NONE; p--)
			put(pool, map, symbol_of(proof_symbols, p)->name, n.proofs[p]);
		put(pool, map, "waived", n.waived);
		value_push(pool, families, map);
	}
	puts(json_text(pool, families));
}

static void print_table(const struct coverage *c)
{
	const struct catalogue *catalogue = &c->selection.catalogue;
	struct coverage_count all = { 0 };

	printf("family   clauses  covered%s%s  control     twin     pair    value  waived  open\n",
	       c->results->n ? "  judged-here" : "", c->results->n > 1 ? "  elsewhere" : "");
	for (size_t i = 0; i < catalogue->n; i++) {
		struct coverage_count n = coverage_count(&catalogue->families[i]);

		print_line(c, catalogue->families[i].name, &n);
		coverage_add(&all, &n);
	}
	print_line(c, "all", &all);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct family *)a)->name, ((const struct family *)b)->name);
}

static bool load(struct coverage *c, const struct options *o)
{
	struct catalogue *catalogue = &c->selection.catalogue;
	char **select = pool_array(c->pool, char *, o->select.n + 1);
	struct runtime *runtime;

	for (size_t i = 0; i < o->select.n; i++)
		select[i] = (char *)o->select.v[i];
	if (!load_plan(&c->selection, &c->plan, &runtime, &o->run, NULL, select))
		return false;
	catalogue_load_all(catalogue);
	qsort(catalogue->families, catalogue->n, sizeof(*catalogue->families), by_name);
	mark(c);
	read_results(c);
	problems_print(&c->selection.problems, stderr);
	return !c->selection.problems.n;
}

static int print(struct coverage *c, const struct options *o)
{
	struct catalogue *catalogue = &c->selection.catalogue;
	struct family *f = c->only ? catalogue_family(catalogue, c->only) : NULL;
	struct nearest n = { .word = c->only };

	if (f && !f->n) {
		for (size_t i = 0; i < catalogue->n; i++)
			if (catalogue->families[i].n)
				nearest_offer(&n, catalogue->families[i].name);
		fprintf(stderr, "nsconform: no family %s%s\n", c->only, nearest_hint(c->pool, &n));
		return EXIT_USAGE;
	}
	if (o->spec)
		return coverage_spec(c, o->json, o->markdown);
	if (o->markdown)
		coverage_page(c);
	else if (o->list)
		(o->json ? coverage_list_json : coverage_list)(c);
	else if (o->json)
		print_json(c->pool, c);
	else if (f)
		print_family(c, f);
	else
		print_table(c);
	return EXIT_GOOD;
}

static int run(struct invocation *in)
{
	const struct options *o = in->options;
	struct coverage c = { .pool = in->pool, .plan = { .pool = in->pool },
			      .results = &o->results, .only = in->operands[0] };
	if (o->spec && !c.only)
		return usage_error(in->command, "--spec is about one FAMILY, and none is given");
	int status = load(&c, o) ? print(&c, o) : EXIT_USAGE;

	select_free(&c.selection);
	return status;
}

static const struct option_row rows[] = {
	{ .name = "results", .argument = ARGUMENT_RESULTS, .take = option_text, .repeats = true,
	  .at = OPTION_AT(struct options, results, struct strs),
	  .help = "say what that run has judged, too, and with further ones, which may be names of "
		  "baselines, what was judged elsewhere" },
	{ .name = "list", OPTION_FLAG(struct options, list),
	  .help = "each clause with its statement, its source and the scenarios that prove it" },
	{ .name = "spec", OPTION_FLAG(struct options, spec), .not_with = "list",
	  .help = "by section each requirement of the specification that FAMILY is about, and the "
		  "clauses that show it" },
	{ .name = "markdown", OPTION_FLAG(struct options, markdown), .not_with = "json",
	  .help = "docs/clauses.md; with FAMILY docs/clauses/FAMILY.md; with --spec "
		  "docs/clauses/FAMILY-spec.md" },
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
	{ "coverage --list uts", "and what proves it" },
	{ "coverage --spec runtime", "each MUST and SHOULD of the OCI runtime specification" },
	{ "coverage --results results/latest --results 6.12-cloud",
	  "what was judged here, and on Linux 6.12 if not" },
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
