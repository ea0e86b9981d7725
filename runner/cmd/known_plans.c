// SPDX-License-Identifier: GPL-2.0-only
/*
 * Plans that known issues are held against.
 */
#include <glob.h>
#include <string.h>

#include "cmd/known_plans.h"
#include "load/paths.h"
#include "load/runtime.h"

/* Problems of each plan by themselves: after a first one known_check() looks no further. */
static void show_plan(struct known_lint *lint, const struct selection *s,
		      const struct runtime *runtime, bool symptoms)
{
	AUTO_POOL pool = { 0 };
	struct plan plan = { .pool = &pool, .runtime = runtime };
	struct problems own = { .pool = lint->pool };

	if (!select_plan(s, &plan, true))
		return;
	if (symptoms)
		known_check(lint->list, &plan, true, &own);
	for (size_t i = 0; i < own.n; i++)
		problem_add(lint->problems, own.v[i].at, "%s", own.v[i].text);
	known_lint_plan(lint, &plan);
}

static bool is_of(const struct known_list *list, const char *runtime)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->v[i].runtime && !strcmp(list->v[i].runtime, runtime))
			return true;
	return false;
}

/* The runtimes that entries are about; and all of them for what is about the kernel and seen in
 * boxes alone. */
static void show_runtimes(struct known_lint *lint, const struct selection *s, bool symptoms)
{
	glob_t found;

	if (glob(paths_glob(lint->pool, "fixtures/runtimes/*.yaml"), 0, NULL, &found))
		return;
	for (size_t i = 0; i < found.gl_pathc; i++) {
		const struct runtime *r = runtime_load(lint->pool,
						       pool_strdup(lint->pool, found.gl_pathv[i]),
						       lint->problems);

		if (r && (is_of(lint->list, r->name) || known_lint_wants(lint)))
			show_plan(lint, s, r, symptoms);
	}
	globfree(&found);
}

void known_plans(struct known_lint *lint, const struct selection *s, bool symptoms)
{
	show_plan(lint, s, NULL, symptoms);
	show_runtimes(lint, s, symptoms);
}

/* All cells of the suites that the run has loaded, whichever of them it was given. */
static void show_run(struct known_lint *lint, const struct results *r)
{
	AUTO_POOL pool = { 0 };
	struct plan plan = {
		.pool = &pool, .runtime = r->plan.runtime, .inside = r->plan.inside,
		.here = r->plan.here,
	};

	for (size_t i = 0; i < r->selection.n_suites; i++)
		for (size_t k = 0; k < r->selection.suites[i]->n; k++)
			plan_add(&plan, &r->selection.suites[i]->scenarios[k], true);
	known_lint_plan(lint, &plan);
}

static size_t unnamed(struct pool *pool, const struct known_lint *lint)
{
	struct problems problems = { .pool = pool };

	known_lint_unnamed(lint, &problems);
	return problems.n;
}

void known_tell_unnamed(struct pool *pool, const struct results *r)
{
	AUTO_SELECTION all = { 0 };
	struct problems problems = { .pool = pool }, ignored = { .pool = pool };
	struct known_list own = { 0 };
	struct known_lint lint;

	if (!r->options.known.n)
		return;
	known_load(pool, &r->options.known, &own, &ignored);
	known_lint_begin(&lint, pool, &own, &ignored);
	show_run(&lint, r);
	/* Most runs are of a few suites, and a list is of all of them. */
	if (unnamed(pool, &lint) && select_load(&all, pool, (char *[]){ NULL }))
		known_plans(&lint, &all, false);
	known_lint_unnamed(&lint, &problems);
	problems_print(&problems, stderr);
}
