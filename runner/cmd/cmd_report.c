// SPDX-License-Identifier: GPL-2.0-only
/*
 * nsconform report: saved runs in the formats of others.
 */
#include "cmd/command.h"
#include "cmd/shared_options.h"
#include "export/export.h"

struct options {
	const char *baseline; /* a run's directory, or NULL */
};

/* FORMAT, and directories of results; the baseline is the first run. */
static int run(struct invocation *in)
{
	const struct options *o = in->options;
	const struct export_format *format = export_find(in->operands[0]);
	struct problems problems = { .pool = in->pool };
	size_t n = 0;
	struct ran *runs = pool_array(in->pool, struct ran, (size_t)in->n);

	if (!format)
		return usage_error(in->command, "%s", export_unknown(in->pool, in->operands[0]));
	if (!format->several && o->baseline)
		return usage_error(in->command, "%s shows one run, and --baseline is about two",
				   format->name);
	if (!format->several && in->n > 2)
		return usage_error(in->command, "%s shows one run, and %s is one more",
				   format->name, in->operands[2]);
	const char *unready = format->unready ? format->unready(in->pool) : NULL;

	if (unready)
		return usage_error(in->command, "%s: %s", format->name, unready);
	if (o->baseline) {
		ran_load(in->pool, o->baseline, &runs[n], &problems);
		runs[n++].baseline = true;
	}
	for (int i = 1; i < in->n; i++)
		ran_load(in->pool, in->operands[i], &runs[n++], &problems);
	if (format->recorded && !problems.n && ran_unrecorded(&runs[0]))
		problem_add(&problems, (struct mark){ .file = runs[0].dir },
			    "there is no run.json, and %s has to say what was run", format->name);
	problems_print(&problems, stderr);
	if (problems.n)
		return EXIT_USAGE;
	format->write(stdout, in->pool, runs, n);
	return EXIT_GOOD;
}

static const struct option_row rows[] = {
	{ .name = "baseline", OPTION_TEXT(ARGUMENT_RESULTS, struct options, baseline),
	  .help = "a run to compare with: html tells before all else what changed, md has it as the first column" },
	{ 0 }
};
static const struct option_group group = { "options", rows };
static const struct option_use uses[] = { { &group, 0 }, { 0 } };

static const struct example examples[] = {
	{ "report html --baseline results/6.1 results/6.12 >page.html",
	  "a page for people, of two kernels" },
	{ "report md results/latest >>\"$GITHUB_STEP_SUMMARY\"", "the page of a CI job" },
	{ "report junit results/latest >junit.xml", "what Jenkins and GitLab read" },
	{ 0 }
};

const struct command command_report = {
	.name = "report",
	.purpose = "Write saved runs in a format that others read",
	.first_operand = ARGUMENT_FORMAT, .first_help = "one of those below",
	.operands = { ARGUMENT_RESULTS, 2, 0, "directories that --output has left" },
	.options = uses, .options_size = sizeof(struct options), .examples = examples,
	.statuses = plain_statuses, .run = run,
};
