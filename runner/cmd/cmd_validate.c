// SPDX-License-Identifier: GPL-2.0-only
/*
 * nsconform validate and nsconform environment.
 */
#include <stdio.h>
#include <string.h>

#include "cmd/command.h"
#include "report/json.h"
#include "report/known.h"
#include "plan/machine.h"
#include "load/paths.h"
#include "plan/select.h"

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
