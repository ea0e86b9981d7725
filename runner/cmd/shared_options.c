// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rows of options that several commands have.
 */
#include <stdio.h>
#include <string.h>

#include "cmd/shared_options.h"
#include "nsc/patience.h"
#include "plan/shuffle.h"
#include "report/results.h"

enum { JOBS_MAX = 256, TIMEOUT_MAX_S = 86400, RETRY_MAX = 100, REPEAT_MAX = 1000000 };

static const struct option_row running_rows[] = {
	{ .name = "jobs", .letter = 'j', OPTION_NUMBER(struct run_options, jobs, 1, JOBS_MAX),
	  .help = "how many cells, or machines of vm, at a time, 1 to 256; by default as many as "
		  "keep the processors busy" },
	{ .name = "timeout", OPTION_NUMBER(struct run_options, timeout_s, 1, TIMEOUT_MAX_S),
	  .help = "end the run after N seconds" },
	{ .name = "time-factor", OPTION_NUMBER(struct run_options, time_factor, 1, TIME_FACTOR_MAX),
	  .again = true,
	  .help = "wait N times as long as on an idle machine, 1 to 1000; measured by default" },
	{ .name = "fail-fast", OPTION_FLAG(struct run_options, fail_fast), .not_with = "keep-going",
	  .help = "end at the first failure: after its --retry, and not by one that --baseline has" },
	{ .name = "keep-going", OPTION_FLAG(struct run_options, keep_going),
	  .help = "go on after failures, which is the default" },
	{ .name = "output", OPTION_TEXT(ARGUMENT_DIR, struct run_options, output),
	  .variable = "NSCONFORM_OUTPUT",
	  .help = "leave verdicts, traces and the machine's description there, for judge, summary, "
		  "matrix and coverage" },
	{ .name = "no-traces", OPTION_FLAG(struct run_options, no_traces),
	  .help = "with --output: no traces of cells that went well" },
	{ 0 }
};
const struct option_group running_options = { "options", running_rows };

static const struct symbol flaky_words[] = {
	{ "pass", FLAKY_PASS, NULL }, { "fail", FLAKY_FAIL, NULL }, { 0 }
};

static const char *take_shuffle(struct pool *pool, void *target, const char *value)
{
	struct run_options *o = target;

	o->seed = seed_read(value);
	return o->seed ? NULL : pool_printf(pool, "--shuffle takes %s, not %s",
					    argument_kinds[ARGUMENT_SEED].doc, value);
}

static const struct option_row attempt_rows[] = {
	{ .name = "retry", OPTION_NUMBER(struct run_options, retry, 1, RETRY_MAX),
	  .not_with = "repeat until-fail",
	  .help = "try what failed or broke up to N times more, alone; it is flaky when it passes "
		  "then. What crashed is not tried again" },
	{ .name = "repeat", OPTION_NUMBER(struct run_options, repeat, 1, REPEAT_MAX),
	  .help = "N attempts of each cell, which is flaky when they end differently" },
	{ .name = "until-fail", OPTION_FLAG(struct run_options, until_fail),
	  .help = "repeat the selection as a whole until a cell fails, --repeat times or --timeout "
		  "seconds at most, else until it is interrupted" },
	{ .name = "flaky", OPTION_WORD(struct run_options, flaky, flaky_words),
	  .help = "what a flaky cell counts as; by default it passes with --retry, and fails with "
		  "--repeat" },
	{ .name = "shuffle", .argument = ARGUMENT_SEED, .take = take_shuffle,
	  .help = "carry out and print the cells in an order that the number decides; random "
		  "chooses one, and a comment says which" },
	{ 0 }
};
const struct option_group attempt_options = { "attempts", attempt_rows };

const char *option_text(struct pool *pool, void *target, const char *value)
{
	struct strs *list = target;
	const char **v = pool_array(pool, const char *, list->n + 1);

	if (list->n)
		memcpy(v, list->v, list->n * sizeof(*v));
	v[list->n++] = value;
	list->v = v;
	return NULL;
}

static const struct option_row narrowing_rows[] = {
	{ .name = "suites", .argument = ARGUMENT_PATH, .take = option_text, .repeats = true,
	  .at = OPTION_AT(struct narrowing, suites, struct strs),
	  .help = "select from the suites of that file or directory, in place of those that come "
		  "with nsconform; may be repeated" },
	{ .name = "exclude", .argument = ARGUMENT_SELECTION, .take = option_text, .repeats = true,
	  .at = OPTION_AT(struct narrowing, exclude, struct strs),
	  .help = "without the cells that this selector names; may be repeated" },
	{ .name = "skip-file", .argument = ARGUMENT_FILE, .take = option_text, .repeats = true,
	  .at = OPTION_AT(struct narrowing, skip_files, struct strs),
	  .help = "--exclude what the lines of FILE name, # beginning comments; also as LKFT writes "
		  "it, nsconform:SELECTION, where lines of other collections are not looked at" },
	{ 0 }
};
const struct option_group narrowing_options = { "which cells", narrowing_rows };

static const struct option_row rerun_rows[] = {
	{ .name = "rerun", OPTION_TEXT(ARGUMENT_RERUN, struct run_options, rerun),
	  .help = "of the selection the cells that a run has recorded there, all or those with "
		  "that verdict, or those that are flaky" },
	{ .name = "last-failed", OPTION_FLAG(struct run_options, last_failed),
	  .help = "of the selection the cells that failed or broke in the run of --rerun, by default "
		  "the one in results/latest; where none did nothing is judged" },
	{ 0 }
};
const struct option_group rerun_options = { "which cells", rerun_rows };

static const char *take_shard(struct pool *pool, void *target, const char *value)
{
	struct run_options *o = target;
	int end = -1;

	if (sscanf(value, "%6d/%6d%n", &o->shard.index, &o->shard.number, &end) == 2 &&
	    end == (int)strlen(value) && o->shard.index >= 1 &&
	    o->shard.index <= o->shard.number)
		return NULL;
	return pool_printf(pool, "--shard takes %s, not %s", argument_kinds[ARGUMENT_SHARD].doc,
			   value);
}

static const struct option_row shard_rows[] = {
	{ .name = "shard", .argument = ARGUMENT_SHARD, .take = take_shard,
	  .help = "part I of N of the scenarios, each with all its cells: always the same ones; by "
		  "default what SHARD_INDEX and SHARD_NUMBER say" },
	{ 0 }
};
const struct option_group shard_options = { "which cells", shard_rows };

static const struct option_row cell_rows[] = {
	{ .name = "quick", OPTION_FLAG(struct run_options, quick),
	  .help = "one variant of each row of each scenario, one that does not skip here if there "
		  "is one, with its controls and twins" },
	{ .name = "no-controls", OPTION_FLAG(struct run_options, no_controls),
	  .help = "no controls and twins: they show that a scenario can fail" },
	{ 0 }
};
const struct option_group cell_options = { "which cells", cell_rows };

static const struct option_row runtime_rows[] = {
	{ .name = "runtime", OPTION_TEXT(ARGUMENT_RUNTIME, struct run_options, runtime),
	  .again = true,
	  .help = "have the boxes built by that container runtime: a name that `nsconform runtime` "
		  "shows, or the path of its file" },
	{ .name = "runtime-path", .argument = ARGUMENT_PROGRAM_FILE, .take = option_text,
	  .repeats = true, .at = OPTION_AT(struct run_options, substitutes, struct strs),
	  .again = true, .needs = "runtime", .help = RUNTIME_PATH_HELP },
	{ .name = "pairs", OPTION_NUMBER(struct run_options, pairs, 1, ROWS_MAX), .again = true,
	  .needs = "runtime",
	  .help = "where properties of boxes are asked for beside each other, that many cells at "
		  "most, those with most new pairs; by default all pairs, and 12 with --quick" },
	{ .name = "pairs-seed", OPTION_NUMBER(struct run_options, pairs_seed, 0, 999999),
	  .again = true, .needs = "runtime",
	  .help = "another choice of these cells for each number; 0 by default" },
	{ 0 }
};
const struct option_group runtime_options = { "boxes", runtime_rows };

static const struct option_row inside_rows[] = {
	{ .name = "inside", OPTION_FLAG(struct run_options, inside), .again = true, .not_with = "runtime",
	  .help = "judge from inside of a container, in the namespaces that are there" },
	{ 0 }
};
const struct option_group inside_options = { "boxes", inside_rows };

static const char *take_fail_on(struct pool *pool, void *target, const char *value)
{
	return fail_on_add(pool, target, value);
}

static const char *take_strict(struct pool *pool, void *target, const char *value)
{
	(void)value;
	return fail_on_strict(pool, target);
}

static const struct option_row fail_on_rows[] = {
	{ .name = "fail-on", .argument = ARGUMENT_FAIL_ON, .take = take_fail_on, .repeats = true,
	  .help = "what is a failure, too: skip, known or xpass, or one of them with :GLOB of the "
		  "reason that the line shows; may be repeated" },
	{ .name = "strict", .take = take_strict, .help = "--fail-on skip --fail-on xpass" },
	{ 0 }
};
const struct option_group fail_on_options = { "verdicts", fail_on_rows };

static const struct option_row known_rows[] = {
	{ .name = "known", .argument = ARGUMENT_PATH, .take = option_text, .repeats = true,
	  .again = true,
	  .help = "known issues of that file, or of the *.yaml of that directory, beside those that come "
		  "with nsconform; may be repeated" },
	{ 0 }
};
const struct option_group known_options = { "verdicts", known_rows };

static const struct option_row exit_option_rows[] = {
	{ .name = "exit", .argument = ARGUMENT_WORD, .words = exit_profiles,
	  .help = "by whose conventions the command ends; docs/exits.md has the table" },
	{ 0 }
};
const struct option_group exit_options = { "verdicts", exit_option_rows };

const struct symbol printed_formats[] = {
	{ "tap", REPORT_TAP, "version 13 of the Test Anything Protocol, for prove and the like" },
	{ "ktap", REPORT_KTAP, "that of the kernel, for kunit.py and LKFT" },
	{ "kselftest", REPORT_KSELFTEST,
	  "what kselftest_harness.h prints, for run_kselftest.sh and NIPA" },
	{ 0 }
};

static const struct option_row format_rows[] = {
	{ .name = "format", .argument = ARGUMENT_WORD, .words = printed_formats,
	  .help = "what is printed; by default tap, and not that on a terminal where failures and "
		  "progress are shown" },
	{ 0 }
};
const struct option_group format_options = { "verdicts", format_rows };

static const struct symbol colours[] = {
	{ "auto", COLOUR_AUTO, "on a terminal, unless the environment says otherwise" },
	{ "always", COLOUR_ALWAYS, "wherever people read it" },
	{ "never", COLOUR_NEVER, "nowhere" },
	{ 0 }
};

static const struct option_row colour_rows[] = {
	{ .name = "color", .argument = ARGUMENT_WORD, .words = colours,
	  .help = "whether what people read has colours; TAP has none" },
	{ 0 }
};
const struct option_group colour_options = { "verdicts", colour_rows };

static const struct option_row json_rows[] = {
	{ .name = "json", .help = "print JSON" },
	{ 0 }
};
const struct option_group json_options = { "options", json_rows };
