// SPDX-License-Identifier: GPL-2.0-only
/*
 * nsconform validate and nsconform environment.
 */
#include <stdio.h>
#include <string.h>

#include "cmd/command.h"
#include "report/json.h"
#include "report/known.h"
#include "plan/describe.h"
#include "plan/machine.h"
#include "load/paths.h"
#include "load/runtime.h"
#include "plan/select.h"

static void check_plan(const struct selection *selection, const struct known_list *known,
		       const struct runtime *runtime, struct problems *problems)
{
	AUTO_POOL pool = { 0 };
	struct plan plan = { .pool = &pool, .runtime = runtime };

	if (!problems->n && select_plan(selection, &plan, true))
		known_check(known, &plan, true, problems);
}

/* Against what the kernel is asked for, and what each runtime of an entry is. */
static void check_known(struct selection *selection, const struct known_list *known,
			struct problems *problems)
{
	const char *last = "";

	check_plan(selection, known, NULL, problems);
	for (size_t i = 0; i < known->n && !problems->n; i++) {
		const char *name = known->v[i].runtime;

		/* Entries of a runtime stand together. */
		if (!name || !strcmp(name, last))
			continue;
		last = name;
		check_plan(selection, known, runtime_load(selection->pool, name, problems),
			   problems);
	}
}

int cmd_validate(int argc, char **argv)
{
	AUTO_POOL pool = { 0 };
	AUTO_SELECTION selection = { 0 };
	struct known_list known = { 0 };
	struct problems problems = { .pool = &pool };
	size_t scenarios = 0;

	if (argc < 2)
		return command_usage("validate");
	bool good = select_load(&selection, &pool, argv + 1);

	known_load(&pool, paths_data(&pool, "fixtures/known"), &known, &problems);
	if (good && !selection.n_patterns)
		check_known(&selection, &known, &problems);
	problems_print(&problems, stderr);
	if (!good || problems.n)
		return EXIT_USAGE;
	if (selection.n_patterns) {
		fprintf(stderr, "nsconform: %s: no such file or directory\n",
			selection.patterns[0]);
		return EXIT_USAGE;
	}
	for (size_t i = 0; i < selection.n_suites; i++)
		scenarios += selection.suites[i]->n;
	printf("%zu suites, %zu scenarios: valid\n", selection.n_suites, scenarios);
	return EXIT_GOOD;
}

int cmd_environment(int argc, char **argv)
{
	AUTO_POOL pool = { 0 };

	(void)argv;
	if (argc > 1)
		return command_usage("environment");
	puts(json_text(&pool, machine_describe(&pool, NULL)));
	return EXIT_GOOD;
}
