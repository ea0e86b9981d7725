// SPDX-License-Identifier: GPL-2.0-only
/*
 * nsconform matrix: the results of several runs side by side, each compared with the first.
 */
#include "cmd/command.h"
#include "cmd/shared_options.h"
#include "compare/history.h"
#include "compare/matrix.h"

struct options {
	struct fail_on fail_on;
	enum matrix_rows by;
	bool json, differences, no_differences, clauses;
};

static int run(struct invocation *in)
{
	const struct options *o = in->options;
	struct problems problems = { .pool = in->pool };
	struct ran *runs = pool_array(in->pool, struct ran, (size_t)in->n);
	struct comparison *v;
	struct joined j;
	size_t n;

	for (int i = 0; i < in->n; i++)
		ran_load(in->pool, in->operands[i], &runs[i], &problems);
	problems_print(&problems, stderr);
	if (problems.n)
		return EXIT_USAGE;
	v = compare_all(in->pool, runs, (size_t)in->n, &o->fail_on, &n);
	joined_make(&j, in->pool, runs, (size_t)in->n);
	if (o->json)
		matrix_print_json(&j, v, n, stdout);
	if (o->clauses)
		history_print(&j, stdout);
	else if (!o->json && !o->differences)
		matrix_print(&j, o->by, stdout);
	if (o->differences)
		matrix_print_differences(&j, v, n, stdout);
	else if (!o->json && !o->no_differences && !o->clauses)
		matrix_print_comparisons(&j, v, n, stdout);
	joined_free(&j);
	return comparisons_status(v, n);
}

static const struct symbol row_kinds[] = {
	{ "family", MATRIX_FAMILIES, "a row for each family" },
	{ "scenario", MATRIX_SCENARIOS, "a row for each scenario" },
	{ 0 }
};

static const struct option_row rows[] = {
	{ .name = "by", OPTION_WORD(struct options, by, row_kinds),
	  .help = "what a row counts; family by default" },
	{ .name = "differences", OPTION_FLAG(struct options, differences),
	  .not_with = "no-differences json",
	  .help = "print these alone: each cell that differs, all runs in one line, and why" },
	{ .name = "clauses", .not_with = "differences no-differences json by",
	  OPTION_FLAG(struct options, clauses),
	  .help = "print these alone: each clause that not all kernels keep, and from which to which one it is "
		  "lacked, held and broken" },
	{ .name = "no-differences", OPTION_FLAG(struct options, no_differences),
	  .help = "print the counts alone" },
	{ 0 }
};
static const struct option_group group = { "options", rows };
static const struct option_use uses[] = {
	{ &group, 0 }, { &json_options, offsetof(struct options, json) },
	{ &fail_on_options, offsetof(struct options, fail_on) }, { 0 }
};

static const struct example examples[] = {
	{ "matrix results/6.1 results/6.12 results/6.18",
	  "three kernels, two of them against 6.1" },
	{ "matrix --clauses results/6.1 results/6.12 results/6.18",
	  "since when a promise is kept, and where it broke" },
	{ "matrix --by scenario --no-differences results/runc results/crun", "two runtimes, in counts" },
	{ 0 }
};

const struct command command_matrix = {
	.name = "matrix", .purpose = "Count runs side by side, and compare each with the first",
	.operands = { ARGUMENT_RESULTS, 1, 0,
		      "directories that --output has left, or baselines, a column each; the first is BASE, "
		      "of runs of runtimes the first of these" },
	.options = uses, .options_size = sizeof(struct options), .examples = examples,
	.statuses = comparison_statuses, .run = run,
};
