// SPDX-License-Identifier: GPL-2.0-only
/*
 * What people write: suites, whose cells are planned and made into scripts where they load; known issues;
 * runtimes.
 */
#include <string.h>

#include "compile/compile.h"
#include "fuzz.h"
#include "load/runtime.h"
#include "load/yaml.h"
#include "plan/check.h"
#include "plan/plan.h"
#include "report/known.h"

static void plan_suite(struct pool *pool, struct suite *suite)
{
	struct plan plan = { .pool = pool };

	for (size_t i = 0; i < suite->n; i++)
		plan_add(&plan, &suite->scenarios[i], true);
	for (size_t i = 0; i < plan.n; i++) {
		AUTO_POOL own = { 0 };
		struct script script;

		cell_compile(&own, &plan.cells[i], RELEASE_ANY, &script);
		MUST(script.n_steps && cell_name(&own, &plan.cells[i]));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct pool kept;
	static struct problems ignored = { .pool = &kept };
	static struct catalogue catalogue = { .pool = &kept, .dir = "suites/clauses", .problems = &ignored };
	AUTO_POOL pool = { 0 };
	struct problems problems = { .pool = &pool };
	const char *text = pool_strndup(&pool, (const char *)data, len);
	const struct value *tree = yaml_parse(&pool, "input", text, len, &problems);

	if (!tree) {
		MUST(problems.n);
	} else if (value_get(tree, "known")) {
		struct known_list list = { 0 };

		known_load_record(&pool, value_get(tree, "known"), &list);
	} else if (value_get(tree, "runtime")) {
		struct runtime *r = runtime_load(&pool, fuzz_file(data, len), &problems);

		MUST(!r == (problems.n > 0));
	} else {
		struct suite *suite = suite_parse(&pool, "input", text, len, &catalogue, &problems);

		MUST(!suite == (problems.n > 0));
		if (suite)
			plan_suite(&pool, suite);
	}
	return 0;
}
