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
#include "load/runtime.h"
#include "report/known.h"
#include "nsc/sys.h"
#include "load/paths.h"
#include "plan/plan.h"
#include "report/report.h"
#include "load/yaml.h"

enum { TRACE_BYTES_MAX = 256 * 1024 * 1024 };

struct again {
	struct pool pool;
	struct problems problems;
	struct catalogue catalogue;
	struct known_list known;
	struct suite *suite;
	struct plan plan;
	int release;
	enum report_format format;
	struct totals totals;
	size_t number;
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

static bool read_header(struct again *a, const struct value *header, const char *path)
{
	const struct value *source = value_get(header, "source"),
		*release = value_get(header, "release");
	const char *file = value_text(value_get(header, "file"));

	if (!value_get(header, "nsconform_trace") || !value_text(source) || !file || !release ||
	    release->type != VALUE_INT) {
		problem_add(&a->problems, (struct mark){ path, 1, 1 },
			    "expected the header of a trace: nsconform_trace, release, file, source");
		return false;
	}
	a->release = (int)release->i;
	a->plan.inside = value_get(header, "inside") != NULL;
	if (!read_runtime(a, header))
		return false;
	a->suite = suite_parse(&a->pool, file, source->str.s, source->str.len, &a->catalogue,
			       &a->problems);
	for (size_t i = 0; a->suite && i < a->suite->n; i++)
		plan_add(&a->plan, &a->suite->scenarios[i], true);
	return a->suite != NULL;
}

static const struct cell *find_cell(struct again *a, struct pool *pool, const char *name)
{
	for (size_t i = 0; name && i < a->plan.n; i++)
		if (!strcmp(cell_name(pool, &a->plan.cells[i]), name))
			return &a->plan.cells[i];
	return NULL;
}

static bool judge_line(struct again *a, const struct value *line, struct pool *pool)
{
	const char *name = value_text(value_get(line, "cell"));
	const struct cell *cell = find_cell(a, pool, name);
	struct script script;
	struct trace trace;
	struct verdict verdict;

	if (!cell)
		return false;
	script_make(pool, cell, a->release, &script);
	if (!trace_read(pool, line, &script, &trace))
		return false;
	judge(pool, &script, &trace, &verdict);
	known_apply(pool, &a->known, a->release, &script, &verdict);
	known_log(pool, &a->known, a->release, name, &trace, &verdict);
	totals_add(&a->totals, verdict.kind);
	totals_add_again(&a->totals, &trace, verdict.kind);
	report_cell(stdout, a->format, ++a->number, name, &script, &trace, &verdict, &a->catalogue,
		    false);
	return true;
}

static size_t count_cells(const char *text)
{
	size_t lines = 0;

	for (const char *s = text; (s = strchr(s, '\n')); s++)
		lines++;
	return lines ? lines - 1 : 0;
}

static bool judge_text(struct again *a, const char *path, char *text)
{
	int number = 0;
	size_t cells = count_cells(text);

	for (char *rest = text, *s; (s = strsep(&rest, "\n"));) {
		AUTO_POOL pool = { 0 };
		struct pool *keep = ++number == 1 ? &a->pool : &pool;

		if (!*s)
			continue;
		const struct value *line = yaml_parse(keep, path, s, strlen(s), &a->problems);

		if (!line || (number == 1 && !read_header(a, line, path)))
			return false;
		if (number == 1)
			report_begin(stdout, a->format, cells);
		else if (!judge_line(a, line, &pool)) {
			problem_add(&a->problems, (struct mark){ path, number, 1 },
				    "does not fit the suite in the trace's header");
			return false;
		}
	}
	report_end(stdout, &a->totals);
	return true;
}

static int judge_file(struct again *a, const char *path)
{
	char *text;
	int rc = sys_read_file(&a->pool, path, TRACE_BYTES_MAX, &text, NULL);

	a->problems.pool = a->plan.pool = &a->pool;
	a->catalogue = (struct catalogue){
		.pool = &a->pool, .dir = paths_data(&a->pool, "suites/clauses"),
		.problems = &a->problems,
	};
	known_load(&a->pool, paths_data(&a->pool, "fixtures/known"), &a->known, &a->problems);
	if (rc < 0)
		problem_add(&a->problems, (struct mark){ .file = path }, "cannot be read: %s",
			    strerror(-rc));
	else
		judge_text(a, path, text);
	problems_print(&a->problems, stderr);
	return a->problems.n ? EXIT_USAGE : a->totals.broken ? EXIT_BROKEN :
	       a->totals.fail ? EXIT_FAILED : EXIT_GOOD;
}

int cmd_judge(int argc, char **argv)
{
	struct again a = { .format = REPORT_TAP };
	bool format = argc == 4 && !strcmp(argv[1], "--format");

	if (format && !strcmp(argv[2], "ktap"))
		a.format = REPORT_KTAP;
	else if (format && strcmp(argv[2], "tap"))
		return command_usage("judge");
	if (argc != (format ? 4 : 2) || (!format && argv[1][0] == '-'))
		return command_usage("judge");
	int status = judge_file(&a, argv[argc - 1]);

	catalogue_free(&a.catalogue);
	pool_free(&a.pool);
	return status;
}
