// SPDX-License-Identifier: GPL-2.0-only
/*
 * nsconform merge: shards of one run, put together.
 */
#include "cmd/command.h"
#include "compare/merge.h"

struct options {
	const char *output;
};

static int run(struct invocation *in)
{
	const struct options *o = in->options;
	struct problems problems = { .pool = in->pool };
	size_t n = (size_t)in->n;
	struct ran *runs = pool_array(in->pool, struct ran, n);

	for (size_t i = 0; i < n; i++)
		ran_load(in->pool, in->operands[i], &runs[i], &problems);
	if (!problems.n)
		merge_check(in->pool, runs, n, &problems);
	problems_print(&problems, stderr);
	if (problems.n || !merge_write(in->pool, runs, n, o->output))
		return EXIT_USAGE;
	const char *missing = merge_missing(in->pool, runs, n);
	bool whole = !*missing;

	if (*missing)
		fprintf(stderr, "nsconform: of %lld shards these are missing: %s\n",
			(long long)runs->runs->shard_number, missing);
	for (size_t i = 0; i < n; i++) {
		const char *unended = ran_unended(&runs[i]);

		if (unended)
			fprintf(stderr, "nsconform: %s: the run has no end: %s\n", runs[i].dir,
				unended);
		whole &= !unended;
	}
	return whole ? EXIT_GOOD : EXIT_FAILED;
}

static const struct option_row rows[] = {
	{ .name = "output", OPTION_TEXT(ARGUMENT_DIR, struct options, output),
	  .help = "where to: a directory without results" },
	{ 0 }
};
static const struct option_group group = { "options", rows };
static const struct option_use uses[] = { { &group, 0 }, { 0 } };

static const struct example examples[] = {
	{ "merge --output results/whole results/shard-*", "what the machines of a CI have run" },
	{ 0 }
};

static const struct exit_meaning statuses[] = {
	{ "0", "the whole run is there" },
	{ "1", "merged, but shards are missing or have no end: the results say that the run was "
	       "interrupted" },
	{ "2", "usage, or these are no shards of one run; nothing is written" },
	STATUS_BROKEN,
	{ 0 }
};

const struct command command_merge = {
	.name = "merge", .purpose = "Put the shards of a run together into one results directory",
	.operands = { .argument = ARGUMENT_RESULTS, .min = 1,
		      .help = "directories that runs with --shard have left" },
	.options = uses, .options_size = sizeof(struct options), .one_of = "output",
	.examples = examples, .statuses = statuses, .run = run,
};
