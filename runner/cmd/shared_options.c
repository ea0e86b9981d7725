// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rows of options that several commands have.
 */
#include "cmd/shared_options.h"
#include "nsc/patience.h"
#include "report/results.h"

enum { JOBS_MAX = 256, TIMEOUT_MAX_S = 86400 };

static const struct option_row running_rows[] = {
	{ .name = "jobs", .letter = 'j', OPTION_NUMBER(struct run_options, jobs, 1, JOBS_MAX),
	  .help = "how many cells, or machines of vm, at a time, 1 to 256; by default as many as "
		  "keep the processors busy" },
	{ .name = "timeout", OPTION_NUMBER(struct run_options, timeout_s, 1, TIMEOUT_MAX_S),
	  .help = "end the run after N seconds" },
	{ .name = "time-factor", OPTION_NUMBER(struct run_options, time_factor, 1, TIME_FACTOR_MAX),
	  .help = "wait N times as long as on an idle machine, 1 to 1000; measured by default" },
	{ .name = "fail-fast", OPTION_FLAG(struct run_options, fail_fast), .not_with = "keep-going",
	  .help = "end at the first failure" },
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

static const struct option_row cell_rows[] = {
	{ .name = "quick", OPTION_FLAG(struct run_options, quick),
	  .help = "one variant of each scenario, with its controls and twins" },
	{ .name = "no-controls", OPTION_FLAG(struct run_options, no_controls),
	  .help = "no controls and twins: they show that a scenario can fail" },
	{ 0 }
};
const struct option_group cell_options = { "which cells", cell_rows };

static const struct option_row runtime_rows[] = {
	{ .name = "runtime", OPTION_TEXT(ARGUMENT_RUNTIME, struct run_options, runtime),
	  .help = "have the boxes built by that container runtime: a name that `nsconform runtime` "
		  "shows, or the path of its file" },
	{ 0 }
};
const struct option_group runtime_options = { "boxes", runtime_rows };

static const struct option_row inside_rows[] = {
	{ .name = "inside", OPTION_FLAG(struct run_options, inside), .not_with = "runtime",
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

static const struct symbol formats[] = {
	{ "tap", REPORT_TAP, "Test Anything Protocol, version 13" },
	{ "ktap", REPORT_KTAP, "that of the kernel" },
	{ 0 }
};

static const struct option_row format_rows[] = {
	{ .name = "format", .argument = ARGUMENT_WORD, .words = formats,
	  .help = "what is printed; tap by default" },
	{ 0 }
};
const struct option_group format_options = { "verdicts", format_rows };

static const struct option_row json_rows[] = {
	{ .name = "json", .help = "print JSON" },
	{ 0 }
};
const struct option_group json_options = { "options", json_rows };
