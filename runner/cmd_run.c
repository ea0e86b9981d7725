// SPDX-License-Identifier: GPL-2.0-only
/*
 * nsconform run: options, the window between parallel execution and output in plan order,
 * and the exit status.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "exec.h"
#include "known.h"
#include "nsc/sys.h"
#include "output.h"
#include "paths.h"
#include "report.h"
#include "select.h"

/* Cells that may be finished but not yet printed: bounds memory whatever the plan's size. */
enum { WINDOW = 1024 };
/* An arena's death and its namespaces' clean-up mean waiting: other cells use that time. */
enum { SLOTS_PER_CPU = 4 };

struct options {
	int jobs;
	enum report_format format;
	const char *output;
	bool strict, controls, fail_fast;
	int64_t timeout_ns;
};

struct run {
	struct options options;
	struct selection selection;
	struct plan plan;
	struct machine machine;
	struct known_list known;
	struct output output;
	struct totals totals;
	struct {
		char *text; /* rendered, waiting for its turn */
		size_t len;
		bool bad;
	} window[WINDOW];
	size_t started, printed;
	bool stop, progress;
};

static void show_progress(struct run *run)
{
	if (run->progress)
		fprintf(stderr, "\r%zu/%zu cells, %zu failed, %zu broken ", run->printed, run->plan.n,
			run->totals.fail, run->totals.broken);
}

/* Print what is complete in plan order. */
static void flush(struct run *run)
{
	while (run->printed < run->plan.n && run->window[run->printed % WINDOW].text) {
		size_t at = run->printed % WINDOW;

		output_tap(&run->output, run->window[at].text, run->window[at].len);
		if (run->window[at].bad && run->options.fail_fast)
			run->stop = true;
		free(run->window[at].text);
		run->window[at].text = NULL;
		run->printed++;
	}
	show_progress(run);
}

static void put_skip(struct run *run, size_t index)
{
	AUTO_POOL pool = { 0 };
	const struct cell *cell = &run->plan.cells[index];
	size_t at = index % WINDOW;
	FILE *out = open_memstream(&run->window[at].text, &run->window[at].len);
	const char *name = cell_name(&pool, cell);
	struct verdict verdict = { .kind = VERDICT_SKIP, .reason = cell->skip, .message = cell->detail,
				   .resolution = cell->remedy, .step = -1 };

	report_skip(out, index + 1, name, cell, run->options.strict);
	fclose(out);
	run->window[at].bad = run->options.strict;
	totals_add(&run->totals, VERDICT_SKIP);
	output_cell(&run->output, cell, name, &verdict, NULL);
}

static bool next(void *context, size_t *index, const struct cell **cell)
{
	struct run *run = context;

	while (!run->stop && run->started < run->plan.n && run->started < run->printed + WINDOW) {
		*index = run->started++;
		*cell = &run->plan.cells[*index];
		if (!(*cell)->skip)
			return true;
		put_skip(run, *index);
		flush(run);
	}
	return false;
}

static void done(void *context, size_t index, struct pool *pool, const struct script *script,
		 const struct trace *trace)
{
	struct run *run = context;
	struct verdict verdict;
	size_t at = index % WINDOW;
	const char *name = cell_name(pool, script->cell);

	judge(pool, script, trace, &verdict);
	known_apply(&run->known, run->machine.release, name, &verdict);
	totals_add(&run->totals, verdict.kind);
	FILE *out = open_memstream(&run->window[at].text, &run->window[at].len);

	report_cell(out, run->options.format, index + 1, name, script, trace, &verdict,
		    &run->selection.catalogue, run->options.strict);
	fclose(out);
	run->window[at].bad = verdict_is_bad(verdict.kind, run->options.strict);
	output_cell(&run->output, script->cell, name, &verdict,
		    output_wants_traces(&run->output) ? trace_line(pool, name, script, trace) : NULL);
	flush(run);
}

/* A whole number of at least MIN, or -1 with a message. */
static long number(const char *option, const char *text, long min, long max)
{
	char *end;

	errno = 0;
	long n = strtol(text, &end, 10);

	if (!errno && end != text && !*end && n >= min && n <= max)
		return n;
	fprintf(stderr, "nsconform: %s takes a whole number from %ld to %ld, not %s\n", option, min, max, text);
	return -1;
}

static int parse_format(const char *text)
{
	if (!strcmp(text, "tap"))
		return REPORT_TAP;
	if (!strcmp(text, "ktap"))
		return REPORT_KTAP;
	fprintf(stderr, "nsconform: --format takes tap or ktap, not %s\n", text);
	return -1;
}

/* 0, or an exit status. */
static int parse(struct options *o, int argc, char **argv)
{
	enum { FORMAT = 256, OUTPUT, STRICT, NO_CONTROLS, TIMEOUT, KEEP_GOING, FAIL_FAST };
	static const struct option longs[] = {
		{ "jobs", required_argument, NULL, 'j' },
		{ "format", required_argument, NULL, FORMAT },
		{ "output", required_argument, NULL, OUTPUT },
		{ "strict", no_argument, NULL, STRICT },
		{ "no-controls", no_argument, NULL, NO_CONTROLS },
		{ "timeout", required_argument, NULL, TIMEOUT },
		{ "keep-going", no_argument, NULL, KEEP_GOING },
		{ "fail-fast", no_argument, NULL, FAIL_FAST },
		{ 0 }
	};
	long n = 0;
	int c;

	while ((c = getopt_long(argc, argv, "j:", longs, NULL)) != -1) {
		if (c == 'j' && (n = number("--jobs", optarg, 1, 256)) > 0)
			o->jobs = (int)n;
		else if (c == FORMAT && (n = parse_format(optarg)) >= 0)
			o->format = (enum report_format)n;
		else if (c == OUTPUT)
			o->output = optarg;
		else if (c == STRICT)
			o->strict = true;
		else if (c == NO_CONTROLS)
			o->controls = false;
		else if (c == TIMEOUT && (n = number("--timeout", optarg, 1, 86400)) > 0)
			o->timeout_ns = n * 1000000000ll;
		else if (c == KEEP_GOING || c == FAIL_FAST)
			o->fail_fast = c == FAIL_FAST;
		else
			return c == '?' ? command_usage("run") : EXIT_USAGE;
	}
	return 0;
}

static int exit_status(const struct run *run)
{
	const struct totals *t = &run->totals;

	if (t->broken)
		return EXIT_BROKEN;
	if (t->fail || (run->options.strict && (t->skip || t->xpass)))
		return EXIT_FAILED;
	if (run->options.format == REPORT_KTAP && t->skip == run->plan.n)
		return EXIT_SKIPPED;
	return EXIT_GOOD;
}

static int load(struct run *run, struct pool *pool, char **args)
{
	if (!select_load(&run->selection, pool, args))
		return EXIT_USAGE;
	run->plan.pool = pool;
	if (!select_plan(&run->selection, &run->plan, run->options.controls))
		return EXIT_USAGE;
	known_load(pool, paths_data(pool, "fixtures/known"), &run->known, &run->selection.problems);
	problems_print(&run->selection.problems, stderr);
	return run->selection.problems.n ? EXIT_USAGE : 0;
}

static int execute(struct run *run)
{
	struct exec_config config = {
		.slots = run->options.jobs, .release = run->machine.release, .context = run,
		.root = run->machine.root, .next = next, .done = done,
		.deadline_ns = run->options.timeout_ns ? sys_now_ns() + run->options.timeout_ns : 0,
	};
	AUTO_POOL pool = { 0 };
	FILE *out;
	char *text;
	size_t len;

	out = open_memstream(&text, &len);
	report_begin(out, run->options.format, run->plan.n);
	fclose(out);
	output_tap(&run->output, text, len);
	free(text);
	int rc = exec_run(&config);

	if (run->progress)
		fprintf(stderr, "\r\033[K");
	if (run->stop && run->printed < run->plan.n)
		output_text(&run->output, "Bail out! stopped at the first failure\n");
	out = open_memstream(&text, &len);
	report_end(out, &run->totals);
	fclose(out);
	output_tap(&run->output, text, len);
	free(text);
	return rc;
}

int cmd_run(int argc, char **argv)
{
	AUTO_POOL pool = { 0 };
	struct run *run = pool_new(&pool, struct run);

	machine_read(&run->machine);
	run->options = (struct options){ .jobs = SLOTS_PER_CPU * run->machine.cpus, .controls = true,
					.output = getenv("NSCONFORM_OUTPUT") };
	int status = parse(&run->options, argc, argv);

	if (!status)
		status = load(run, &pool, argv + optind);
	if (status) {
		select_free(&run->selection);
		return status;
	}
	plan_require(&run->plan, &run->machine, false);
	if (!output_open(&run->output, &pool, run->options.output, &run->selection))
		return EXIT_USAGE;
	run->progress = isatty(STDERR_FILENO) && !getenv("HARNESS_ACTIVE");
	int rc = execute(run);
	bool wrote = output_close(&run->output, &run->totals);

	select_free(&run->selection);
	return rc < 0 || !wrote ? EXIT_BROKEN : exit_status(run);
}
