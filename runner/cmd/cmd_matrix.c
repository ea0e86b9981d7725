// SPDX-License-Identifier: GPL-2.0-only
/*
 * nsconform matrix: the results of several runs side by side.
 */
#include "cmd/command.h"
#include "cmd/shared_options.h"
#include "compare/matrix.h"

struct options {
	enum matrix_rows by;
	bool json, differences, no_differences;
};

static int run(struct invocation *in)
{
	const struct options *o = in->options;
	struct problems problems = { .pool = in->pool };
	struct ran *runs = pool_array(in->pool, struct ran, (size_t)in->n);
	struct joined j;

	for (int i = 0; i < in->n; i++)
		ran_load(in->pool, in->operands[i], &runs[i], &problems);
	problems_print(&problems, stderr);
	if (problems.n)
		return EXIT_USAGE;
	joined_make(&j, in->pool, runs, (size_t)in->n);
	if (o->json)
		matrix_print_json(&j, stdout);
	if (!o->json && !o->differences)
		matrix_print(&j, o->by, stdout);
	if (!o->json && !o->no_differences)
		matrix_print_differences(&j, stdout);
	joined_free(&j);
	return EXIT_GOOD;
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
	  .not_with = "no-differences", .help = "print these alone: cells whose verdicts differ" },
	{ .name = "no-differences", OPTION_FLAG(struct options, no_differences),
	  .help = "print the counts alone" },
	{ 0 }
};
static const struct option_group group = { "options", rows };
static const struct option_use uses[] = {
	{ &group, 0 }, { &json_options, offsetof(struct options, json) }, { 0 }
};

static const struct example examples[] = {
	{ "matrix --by scenario results/6.1 results/6.12", "two kernels" },
	{ 0 }
};

const struct command command_matrix = {
	.name = "matrix", .purpose = "Compare runs: what differs between kernels, and why",
	.operands = { ARGUMENT_RESULTS, 1, 0, "directories that --output has left, a column each" },
	.options = uses, .options_size = sizeof(struct options), .examples = examples,
	.statuses = plain_statuses, .run = run,
};
