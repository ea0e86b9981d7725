// SPDX-License-Identifier: GPL-2.0-only
/*
 * Known issues held against cells, those of tests/golden/loaded/cells.yaml: which symptoms fit none of them or several,
 * which entries overlap, and what is said at last.  A golden file for each tests/golden/lint/NAME.yaml.
 */
#include "golden.h"
#include "load/paths.h"
#include "load/runtime.h"
#include "plan/check.h"
#include "report/known_lint.h"

static const struct suite *suite;

/* The problems since the last time. */
static void show(FILE *out, const char *what, struct problems *problems)
{
	fprintf(out, "%s\n", what);
	problems_print(problems, out);
	problems->n = 0;
}

static void make_plan(struct pool *pool, const struct runtime *runtime, struct plan *plan)
{
	*plan = (struct plan){ .pool = pool, .runtime = runtime };
	for (size_t i = 0; i < suite->n; i++)
		plan_add(plan, &suite->scenarios[i], true);
}

static void check(FILE *out, struct pool *pool, const struct known_list *list, const struct runtime *runtime,
		  struct problems *problems)
{
	struct plan plan;

	make_plan(pool, runtime, &plan);
	known_check(list, &plan, false, problems);
	show(out, runtime ? "crun: cells of a part of the suites" : "cells of a part of the suites", problems);
	known_check(list, &plan, true, problems);
	show(out, runtime ? "crun: cells of all suites" : "cells of all suites", problems);
}

static void lint(FILE *out, struct pool *pool, const struct known_list *list, const struct runtime *runtime,
		 struct problems *problems)
{
	struct known_lint lint;
	struct plan native, boxes;

	make_plan(pool, NULL, &native);
	make_plan(pool, runtime, &boxes);
	known_lint_begin(&lint, pool, list, problems);
	known_lint_plan(&lint, &native);
	show(out, "entries against each other", problems);
	known_lint_unnamed(&lint, problems);
	show(out, known_lint_wants(&lint) ? "no cell yet, and cells of runtimes are wanted" : "no cell yet", problems);
	known_lint_plan(&lint, &boxes);
	show(out, "crun: entries against each other", problems);
	known_lint_end(&lint);
	show(out, known_lint_wants(&lint) ? "in the end, and more cells are wanted" : "in the end", problems);
}

static void test(const char *path)
{
	AUTO_POOL pool = { 0 };
	struct problems problems = { .pool = &pool };
	struct known_list list = { 0 };
	const struct runtime *runtime = runtime_load(&pool, "crun", &problems);
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	known_load(&pool, &(struct strs){ &path, 1 }, &list, &problems);
	list.today = 20260103;
	if (ok(runtime && !problems.n, "%s is loaded", path)) {
		check(out, &pool, &list, NULL, &problems);
		check(out, &pool, &list, runtime, &problems);
		lint(out, &pool, &list, runtime, &problems);
	}
	problems_print(&problems, stdout);
	fclose(out);
	golden(golden_path(&pool, path, ".txt"), text);
	free(text);
}

/* What has problems already is not compared with cells. */
static void test_problems(const char *path)
{
	AUTO_POOL pool = { 0 };
	struct problems problems = { .pool = &pool };
	struct known_list list = { 0 };
	struct plan plan;

	make_plan(&pool, NULL, &plan);
	known_load(&pool, &(struct strs){ &path, 1 }, &list, &problems);
	problem_add(&problems, (struct mark){ .file = path }, "a problem");
	known_check(&list, &plan, true, &problems);
	ok(problems.n == 1, "%s: a list that has problems is not checked", path);
}

int main(void)
{
	AUTO_POOL pool = { 0 };
	struct problems problems = { .pool = &pool };
	struct catalogue catalogue = { .pool = &pool, .dir = "suites/clauses", .problems = &problems };

	setenv("NSCONFORM_DATA", ".", 1);
	suite = suite_load(&pool, "tests/golden/loaded/cells.yaml", &catalogue, &problems, false);
	problems_print(&problems, stdout);
	if (ok(suite, "cells")) {
		golden_each("tests/golden/lint/*.yaml", test);
		test_problems("tests/golden/lint/expectations.yaml");
	}
	catalogue_free(&catalogue);
	return done();
}
