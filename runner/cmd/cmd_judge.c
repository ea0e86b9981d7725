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
#include "compile/compile.h"
#include "load/configured.h"
#include "load/release.h"
#include "load/runtime.h"
#include "report/confined.h"
#include "report/known.h"
#include "nsc/sys.h"
#include "load/paths.h"
#include "plan/check.h"
#include "plan/plan.h"
#include "report/report.h"
#include "load/yaml.h"

enum { TRACE_BYTES_MAX = 256 * 1024 * 1024 };

struct judge_options {
	enum report_format format;
	struct strs known;
};

struct again {
	struct pool pool;
	struct problems problems;
	struct catalogue catalogue;
	struct known_list known;
	struct confinement confinement; /* of the run that was traced */
	struct suite *suite;
	struct plan plan;
	int release;
	bool marked; /* it has end marks */
	const struct judge_options *options;
	struct totals totals;
	char **lines; /* of the trace, the header first */
	size_t n_lines, n_cells, number;
	size_t next; /* in the plan: cells come nearly in its order */
};

/* Boxes are planned as the runtime's file says, for the version that was there. */
static bool read_runtime(struct again *a, const struct value *header)
{
	const char *file = value_text(value_get(header, "runtime"));
	const char *version = value_text(value_get(header, "version"));

	if (!file)
		return true;
	const char *name = strrchr(file, '/') ? strrchr(file, '/') + 1 : file;
	struct runtime *r = runtime_load(&a->pool, access(file, R_OK) == 0 ? file :
					 pool_strndup(&a->pool, name, strcspn(name, ".")),
					 &a->problems);

	if (r)
		r->installed = version ? version : "?";
	a->plan.runtime = r;
	return r != NULL;
}

/* Before there were end marks the release was MAJOR * 1000 + MINOR. */
static int header_release(const struct value *header, int64_t version)
{
	const struct value *release = value_get(header, "release");

	if (version == 1 && release && release->type == VALUE_INT)
		return (int)RELEASE(release->i / 1000, release->i % 1000, 0);
	return version == TRACE_VERSION && value_text(release) ?
		release_parse(value_text(release)) : 0;
}

static bool read_header(struct again *a, const struct value *header, const char *path)
{
	const struct value *source = value_get(header, "source"),
		*version = value_get(header, "nsconform_trace");
	const char *file = value_text(value_get(header, "file"));

	a->marked = version && version->type == VALUE_INT && version->i != 1;
	if (version && version->type == VALUE_INT)
		a->release = header_release(header, version->i);
	if (!value_text(source) || !file || !a->release) {
		problem_add(&a->problems, (struct mark){ path, 1, 1 },
			    "expected the header of a trace of version 1 to %d: "
			    "nsconform_trace, release, file, source", TRACE_VERSION);
		return false;
	}
	a->plan.inside = value_true(value_get(header, "inside"));
	a->plan.again = value_text(value_get(header, "again"));
	confinement_read(&a->pool, value_get(header, "confinement"), &a->confinement);
	if (!read_runtime(a, header))
		return false;
	a->suite = suite_parse(&a->pool, file, source->str.s, source->str.len, &a->catalogue,
			       &a->problems);
	if (!a->suite)
		problem_add(&a->problems, (struct mark){ path, 1, 1 },
			    "the suite in this trace is not one of nsconform %s: judge it with the nsconform "
			    "that has written it", configured_version);
	for (size_t i = 0; a->suite && i < a->suite->n; i++)
		plan_add(&a->plan, &a->suite->scenarios[i], true);
	return a->suite != NULL;
}

static const struct cell *find_cell(struct again *a, struct pool *pool, const char *name)
{
	for (size_t i = 0; name && i < a->plan.n; i++) {
		const struct cell *cell = &a->plan.cells[(a->next + i) % a->plan.n];

		if (strcmp(cell_name(pool, cell), name))
			continue;
		a->next += i + 1;
		return cell;
	}
	return NULL;
}

struct seen {
	const char *name;
	struct script script;
	struct trace trace;
};

/* False when LINE is of no cell of the suite. */
static bool read_cell(struct again *a, struct pool *pool, const struct value *line, struct seen *s)
{
	s->name = value_text(value_get(line, "cell"));
	const struct cell *cell = find_cell(a, pool, s->name);

	if (!cell)
		return false;
	cell_compile(pool, cell, a->release, &s->script);
	return trace_read(pool, line, &s->script, &s->trace);
}

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

	if (!a->marked)
		return;
	if (!last_is_mark)
		problem_add(&a->problems, at, "expected an end mark after the last cell: "
			    "the run was killed, or lines are missing");
	else if (marked != a->n_cells)
		problem_add(&a->problems, at, "expected %zu cells, as the end marks say, not %zu",
			    marked, a->n_cells);
}

/* Everything that can be wrong with the trace, before anything is said about its cells. */
static bool check_lines(struct again *a, const char *path)
{
	size_t marked = 0;
	bool end = false;

	for (size_t i = 0; i < a->n_lines; i++) {
		AUTO_POOL pool = { 0 };
		struct problems own = { .pool = &pool };
		const char *text = a->lines[i];
		const struct value *line = yaml_parse(i ? &pool : &a->pool, path, text,
						      strlen(text), &own);
		struct mark at = { path, (int)i + 1, 1 };
		struct seen seen;

		if (i && !*text)
			continue;
		if (!line)
			problem_add(&a->problems, at, "expected a line of JSON: %s",
				    own.n ? own.v[0].text : "it is empty");
		if (!line || (!i && !read_header(a, line, path)))
			return false;
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
		} else if (i && !read_cell(a, &pool, line, &seen)) {
			problem_add(&a->problems, at,
				    "does not fit the suite in the trace's header");
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
	struct seen s;

	read_cell(a, pool, line, &s);
	judge(pool, &s.script, &s.trace, &verdict);
	confined_judge(pool, &a->confinement, &s.script, &s.trace, &verdict);
	known_apply(pool, &a->known, a->release, &s.script, &s.trace, &verdict);
	known_log(pool, &a->known, a->release, s.name, &s.trace, &verdict);
	bool bad = fail_on_hits(NULL, verdict.kind, verdict.reason);

	totals_add(&a->totals, verdict.kind, bad);
	totals_add_again(&a->totals, s.trace.tried_again, verdict.kind);
	report_cell(stdout, a->options->format, ++a->number, s.name, &s.script, &s.trace, &verdict,
		    &a->catalogue, bad);
}

static void judge_lines(struct again *a, const char *path)
{
	report_begin(stdout, a->options->format, a->n_cells);
	for (size_t i = 1; i < a->n_lines; i++) {
		AUTO_POOL pool = { 0 };

		if (!*a->lines[i])
			continue;
		const struct value *line = yaml_parse(&pool, path, a->lines[i],
						      strlen(a->lines[i]), &a->problems);

		if (!is_end(line))
			judge_cell(a, &pool, line);
		else if (value_true(value_get(line, "interrupted")))
			puts("# the run was interrupted: its plan has more cells");
	}
	report_end(stdout, &a->totals);
}

static int judge_file(struct again *a, const char *path)
{
	char *text;
	size_t len;
	int rc = sys_read_file(&a->pool, path, TRACE_BYTES_MAX + 1, &text, &len);

	a->problems.pool = a->plan.pool = &a->pool;
	a->catalogue = (struct catalogue){
		.pool = &a->pool, .dir = paths_data(&a->pool, "suites/clauses"),
		.problems = &a->problems,
	};
	known_load_shipped(&a->pool, &a->options->known, &a->known, &a->problems);
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
		return EXIT_USAGE;
	if (totals_status(&a->totals) == EXIT_UNJUDGED)
		fprintf(stderr, "nsconform: nothing was judged: %s has no cell that could be; "
			"run again with --output\n", path);
	return report_status(a->options->format, totals_status(&a->totals));
}

static int run(struct invocation *in)
{
	struct again a = { .options = in->options };
	int status = judge_file(&a, in->operands[0]);

	catalogue_free(&a.catalogue);
	pool_free(&a.pool);
	return status;
}

static const struct option_use uses[] = {
	{ &format_options, offsetof(struct judge_options, format) },
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
	.statuses = verdict_statuses, .run = run,
};
