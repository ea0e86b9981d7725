// SPDX-License-Identifier: GPL-2.0-only
/*
 * nsconform report: saved runs in the formats of others.
 */
#include "cmd/command.h"
#include "cmd/shared_options.h"
#include "export/export.h"

/* FORMAT, and directories of results. */
static int run(struct invocation *in)
{
	const struct export_format *format = export_find(in->operands[0]);
	struct problems problems = { .pool = in->pool };
	size_t n = (size_t)in->n - 1;
	struct ran *runs = pool_array(in->pool, struct ran, n);

	if (!format)
		return usage_error(in->command, "%s", export_unknown(in->pool, in->operands[0]));
	if (n > 1 && !format->several)
		return usage_error(in->command, "%s shows one run, and %s is one more",
				   format->name, in->operands[2]);
	const char *unready = format->unready ? format->unready(in->pool) : NULL;

	if (unready)
		return usage_error(in->command, "%s: %s", format->name, unready);
	for (size_t i = 0; i < n; i++)
		ran_load(in->pool, in->operands[i + 1], &runs[i], &problems);
	problems_print(&problems, stderr);
	if (problems.n)
		return EXIT_USAGE;
	format->write(stdout, in->pool, runs, n);
	return EXIT_GOOD;
}

static const struct example examples[] = {
	{ "report md results/latest >>\"$GITHUB_STEP_SUMMARY\"", "the page of a CI job" },
	{ "report junit results/latest >junit.xml", "what Jenkins and GitLab read" },
	{ 0 }
};

const struct command command_report = {
	.name = "report",
	.purpose = "Write saved runs in a format that others read",
	.first_operand = ARGUMENT_FORMAT, .first_help = "one of those below",
	.operands = { ARGUMENT_RESULTS, 2, 0, "directories that --output has left" },
	.examples = examples, .statuses = plain_statuses, .run = run,
};
