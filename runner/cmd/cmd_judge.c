// SPDX-License-Identifier: GPL-2.0-only
/*
 * nsconform judge: a saved trace holds the suite's text and what was seen, so the verdict
 * can be found again on any machine.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/command.h"
#include "cmd/shared_options.h"
#include "report/confined.h"
#include "report/flaky.h"
#include "report/known.h"
#include "nsc/sys.h"
#include "load/paths.h"
#include "report/reds.h"
#include "report/report.h"
#include "report/traced.h"
#include "load/yaml.h"

enum { TRACE_BYTES_MAX = 256 * 1024 * 1024 };

struct judge_options {
	enum report_format format;
	enum exit_profile exit;
	struct strs known;
	bool controls;
};

struct again {
	struct pool pool;
	struct problems problems;
	struct catalogue catalogue;
	struct known_list known;
	struct traced traced;
	const struct judge_options *options;
	struct totals totals;
	char **lines; /* of the trace, the header first */
	size_t n_lines, n_cells, number;
	size_t *told; /* of each cell of the plan: which run told of it last, 0: none */
};

static void split(struct again *a, char *text)
{
	size_t room = 2;

	for (const char *s = text; (s = strchr(s, '\n')); s++)
		room++;
	a->lines = pool_array(&a->pool, char *, room);
	for (char *s; (s = strsep(&text, "\n"));)
		a->lines[a->n_lines++] = s;
	while (a->n_lines && !*a->lines[a->n_lines - 1])
		a->n_lines--;
}

static bool is_end(const struct value *line)
{
	return line && !value_get(line, "cell") && value_get(line, "end");
}

/* The number of cells that an end mark counts, or -1. */
static int64_t end_count(const struct value *mark)
{
	const struct value *n = value_get(mark, "end"), *cut = value_get(mark, "interrupted");

	return n->type == VALUE_INT && n->i <= TRACE_BYTES_MAX && cut && cut->type == VALUE_BOOL ?
		n->i : -1;
}

static void check_end(struct again *a, const char *path, size_t marked, bool last_is_mark)
{
	struct mark at = { path, (int)a->n_lines, 1 };

	if (!a->traced.marked)
		return;
	if (!last_is_mark)
		problem_add(&a->problems, at, "expected an end mark after the last cell: "
			    "the run was killed, or lines are missing");
	else if (marked != a->n_cells)
		problem_add(&a->problems, at, "expected %zu cells, as the end marks say, not %zu",
			    marked, a->n_cells);
}

/* Whether the run has told of the cell before; RUN counts those whose end marks the trace has. */
static bool told_before(struct again *a, const struct cell *cell, size_t run)
{
	size_t *last = &a->told[cell - a->traced.plan.cells], before = *last;

	*last = run;
	return before == run;
}

/* Everything that can be wrong with the trace, before anything is said about its cells. */
static bool check_lines(struct again *a, const char *path)
{
	size_t marked = 0, run = 1;
	bool end = false;

	for (size_t i = 0; i < a->n_lines; i++) {
		AUTO_POOL pool = { 0 };
		struct problems own = { .pool = &pool };
		const char *text = a->lines[i];
		const struct value *line = yaml_parse(i ? &pool : &a->pool, path, text,
						      strlen(text), &own);
		struct mark at = { path, (int)i + 1, 1 };
		struct traced_cell seen;

		if (i && !*text)
			continue;
		if (!line || own.n)
			problem_add(&a->problems, at, "expected a line of JSON: %s",
				    own.n ? own.v[0].text : "it is empty");
		if (a->problems.n || (!i && !traced_begin(&a->traced, line, path)))
			return false;
		if (!i)
			a->told = pool_array(&a->pool, size_t, a->traced.plan.n + 1);
		end = i && is_end(line);
		if (end) {
			int64_t n = end_count(line);

			if (n < 0) {
				problem_add(&a->problems, at,
					    "expected an end mark with the number of its cells, "
					    "and whether the run was interrupted");
				return false;
			}
			marked += (size_t)n;
			run++;
		} else if (i && !traced_read(&a->traced, &pool, line, &seen)) {
			problem_add(&a->problems, at,
				    "does not fit the suite in the trace's header");
			return false;
		} else if (i && a->traced.marked && told_before(a, seen.script.cell, run)) {
			problem_add(&a->problems, at, "%s was there before: "
				    "a run has one line of each cell", seen.name);
			return false;
		}
		a->n_cells += i && !end;
	}
	if (!a->n_lines)
		problem_add(&a->problems, (struct mark){ path, 1, 1 },
			    "expected the header of a trace, but it is empty");
	else
		check_end(a, path, marked, end);
	return !a->problems.n;
}

static void judge_cell(struct again *a, struct pool *pool, const struct value *line)
{
	struct verdict verdict;
	struct traced_cell s;

	traced_read(&a->traced, pool, line, &s);
	if (a->options->controls)
		reds_print(stdout, pool, &s);
	judge(pool, &s.script, &s.trace, &verdict);
	confined_judge(pool, &a->traced.confinement, &s.script, &s.trace, &verdict);
	known_apply(pool, &a->known, a->traced.release, &s.script, &s.trace, &verdict);
	known_log(pool, &a->known, a->traced.release, s.name, &s.trace, &verdict);
	bool bad = fail_on_hits(NULL, verdict.kind, verdict.reason);

	totals_add(&a->totals, verdict.kind, bad);
	a->totals.flaky += flaky(&s.trace, verdict.kind);
	totals_add_again(&a->totals, s.trace.tried_again, verdict.kind);
	if (!a->options->controls)
		report_cell(stdout, a->options->format, ++a->number, s.name, &s.script, &s.trace,
			    &verdict, &a->catalogue, bad);
}

static void judge_lines(struct again *a, const char *path)
{
	if (!a->options->controls)
		report_begin(stdout, a->options->format, a->n_cells);
	for (size_t i = 1; i < a->n_lines; i++) {
		AUTO_POOL pool = { 0 };

		if (!*a->lines[i])
			continue;
		const struct value *line = yaml_parse(&pool, path, a->lines[i],
						      strlen(a->lines[i]), &a->problems);

		if (!is_end(line))
			judge_cell(a, &pool, line);
		else if (!a->options->controls && value_true(value_get(line, "interrupted")))
			puts("# the run was interrupted: its plan has more cells");
	}
	if (!a->options->controls)
		report_end(stdout, &a->totals);
}

static int judge_file(struct again *a, const char *path)
{
	char *text;
	size_t len;
	int rc = sys_read_file(&a->pool, path, TRACE_BYTES_MAX + 1, &text, &len);

	a->problems.pool = &a->pool;
	a->catalogue = (struct catalogue){
		.pool = &a->pool, .dir = paths_data(&a->pool, "suites/clauses"),
		.problems = &a->problems,
	};
	known_load_shipped(&a->pool, &a->options->known, &a->known, &a->problems);
	a->traced = (struct traced){
		.pool = &a->pool, .catalogue = &a->catalogue, .problems = &a->problems,
	};
	if (rc < 0)
		problem_add(&a->problems, (struct mark){ .file = path }, "cannot be read: %s",
			    strerror(-rc));
	else if (len > TRACE_BYTES_MAX)
		problem_add(&a->problems, (struct mark){ .file = path }, "is larger than %d bytes",
			    TRACE_BYTES_MAX);
	else if (memchr(text, 0, len))
		problem_add(&a->problems, (struct mark){ .file = path }, "is no text: it has a NUL "
			    "in it, as what was not written before a crash");
	else
		split(a, text);
	if (rc >= 0 && !a->problems.n && check_lines(a, path))
		judge_lines(a, path);
	problems_print(&a->problems, stderr);
	if (a->problems.n)
		return HAPPENED_USAGE;
	if (totals_happened(&a->totals) == HAPPENED_UNJUDGED)
		fprintf(stderr, "nsconform: nothing was judged: %s has no cell that could be; "
			"run again with --output\n", path);
	return totals_happened(&a->totals);
}

static int run(struct invocation *in)
{
	struct judge_options *o = in->options;
	struct again a = { .options = o };

	o->exit = report_profile(o->format, o->exit);
	int status = judge_file(&a, in->operands[0]);

	catalogue_free(&a.catalogue);
	pool_free(&a.pool);
	return status;
}

static const struct option_row rows[] = {
	{ .name = "controls", OPTION_FLAG(struct judge_options, controls), .not_with = "format",
	  .help = "print by what each control and twin differs from its scenario instead: cell, "
		  "line, op, field, expected, seen, with tabs between them" },
	{ 0 }
};
static const struct option_group group = { "options", rows };

static const struct option_use uses[] = {
	{ &group, 0 },
	{ &format_options, offsetof(struct judge_options, format) },
	{ &exit_options, offsetof(struct judge_options, exit) },
	{ &known_options, offsetof(struct judge_options, known) }, { 0 }
};

static const struct example examples[] = {
	{ "judge results/latest/traces/uts.hostname.jsonl", "a suite of the last `make check`" },
	{ 0 }
};

const struct command command_judge = {
	.name = "judge", .purpose = "Judge a saved trace again, without a kernel",
	.operands = { ARGUMENT_FILE, 1, 1, "the trace of a suite, which --output has left" },
	.options = uses, .options_size = sizeof(struct judge_options), .examples = examples,
	.run = run,
};
