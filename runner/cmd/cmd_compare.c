// SPDX-License-Identifier: GPL-2.0-only
/*
 * nsconform compare: a run against an earlier one.
 */
#include <stdio.h>

#include "cmd/command.h"
#include "cmd/shared_options.h"
#include "compare/compare.h"

struct options {
	struct fail_on fail_on;
	bool json, all;
};

static int run(struct invocation *in)
{
	const struct options *o = in->options;
	struct problems problems = { .pool = in->pool };
	struct comparison c;
	struct ran runs[2];

	for (int i = 0; i < 2; i++)
		ran_load(in->pool, in->operands[i], &runs[i], &problems);
	problems_print(&problems, stderr);
	if (problems.n)
		return EXIT_USAGE;
	if (!comparable(&runs[0], &runs[1])) {
		fputs("nsconform: one of them is of a container runtime, whose boxes are others than what "
		      "the kernel gives: nothing to compare\n", stderr);
		return EXIT_UNJUDGED;
	}
	compare(&c, in->pool, &runs[0], &runs[1], &o->fail_on);
	if (o->json)
		comparison_print_json(&c, stdout);
	else
		comparison_print(&c, o->all, stdout);
	return comparison_status(&c);
}

static const struct option_row rows[] = {
	{ .name = "all", OPTION_FLAG(struct options, all), .not_with = "json",
	  .help = "each cell in a line of its own, where otherwise those that changed alike share one" },
	{ 0 }
};
static const struct option_group group = { "options", rows };
static const struct option_use uses[] = {
	{ &group, 0 }, { &json_options, offsetof(struct options, json) },
	{ &fail_on_options, offsetof(struct options, fail_on) }, { 0 }
};

static const struct example examples[] = {
	{ "compare results/6.1 results/6.12", "two kernels" },
	{ "compare 6.12-cloud results/latest", "against a baseline that comes with nsconform" },
	{ "compare --fail-on 'skip:cannot*' results/last results/latest",
	  "where what can no longer be judged is a regression, too" },
	{ 0 }
};

const struct exit_meaning comparison_statuses[] = {
	{ "0", "no regression: nothing fails or breaks in NEW that did not in BASE" },
	{ "1", "a regression" },
	{ "2", "usage, or results that cannot be read" },
	{ "3", "no regression, but NEW has no end, or no run.json that says so: it was killed or "
	       "interrupted; or the harness broke" },
	{ "4", "nothing to compare: no cell was judged in both" },
	{ 0 }
};

const struct command command_compare = {
	.name = "compare", .purpose = "Say what changed from one run to another, and why",
	.operands = { .argument = ARGUMENT_RESULTS, .min = 2, .max = 2,
		      .help = "BASE and NEW: directories that --output has left, or baselines by name or file" },
	.options = uses, .options_size = sizeof(struct options), .examples = examples,
	.statuses = comparison_statuses, .run = run,
};
