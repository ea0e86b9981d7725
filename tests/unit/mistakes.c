// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every kind of mistake in a suite, a runtime or a list of known issues is a problem with its place: a golden
 * file for each of tests/golden/bad, runtimes and known.
 */
#include "golden.h"
#include "load/paths.h"
#include "load/runtime.h"
#include "plan/check.h"
#include "report/known.h"

static void compare(struct pool *pool, const char *path, const struct problems *problems)
{
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	problems_print(problems, f);
	fclose(f);
	golden(golden_path(pool, path, ".err"), golden_by_glibc(pool, text));
	free(text);
}

static void test_suite(const char *path)
{
	AUTO_POOL pool = { 0 };
	struct problems problems = { .pool = &pool };
	struct catalogue catalogue = {
		.pool = &pool, .dir = paths_data(&pool, "suites/clauses"), .problems = &problems,
	};

	ok(!suite_load(&pool, path, &catalogue, &problems, false), "%s: is refused", path);
	compare(&pool, path, &problems);
	catalogue_free(&catalogue);
}

static void test_runtime(const char *path)
{
	AUTO_POOL pool = { 0 };
	struct problems problems = { .pool = &pool };

	ok(!runtime_load(&pool, path, &problems), "%s: is refused", path);
	compare(&pool, path, &problems);
}

static void test_known(const char *path)
{
	AUTO_POOL pool = { 0 };
	struct problems problems = { .pool = &pool };
	struct known_list list = { 0 };

	known_load(&pool, &(struct strs){ &path, 1 }, &list, &problems);
	ok(problems.n, "%s: is refused", path);
	compare(&pool, path, &problems);
}

int main(void)
{
	setenv("NSCONFORM_DATA", ".", 1);
	golden_each("tests/golden/bad/*.yaml", test_suite);
	golden_each("tests/golden/runtimes/*.yaml", test_runtime);
	golden_each("tests/golden/known/*.yaml", test_known);
	return done();
}
