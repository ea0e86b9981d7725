// SPDX-License-Identifier: GPL-2.0-only
/*
 * nsconform validate and nsconform environment.
 */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "cmd/command.h"
#include "nsc/json.h"
#include "nsc/text.h"
#include "report/known.h"
#include "machine/describe.h"
#include "machine/machine.h"
#include "load/paths.h"
#include "load/runtime.h"
#include "load/yaml.h"
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

static void count_suites(const struct selection *s, size_t *suites, size_t *scenarios)
{
	*suites = s->n_suites;
	for (size_t i = 0; i < s->n_suites; i++)
		*scenarios += s->suites[i]->n;
}

/* Cells of a scenario stand together, as do scenarios of a suite. */
static void count_cells(const struct plan *plan, size_t *suites, size_t *scenarios)
{
	const struct scenario *last = NULL;

	for (size_t i = 0; i < plan->n; i++) {
		const struct scenario *s = plan->cells[i].scenario;

		*suites += !last || last->suite != s->suite;
		*scenarios += last != s;
		last = s;
	}
}

/* The path of a runtime's file is told from that of a suite by the key that it begins with. */
static bool is_runtime(struct pool *pool, const char *operand)
{
	struct problems ignored = { .pool = pool };
	struct stat st;

	return strchr(operand, '/') && stat(operand, &st) == 0 && S_ISREG(st.st_mode) &&
	       value_get(yaml_load(pool, operand, &ignored, NULL), "runtime");
}

/* How many of the operands are files of runtimes; only the others are left. */
static size_t check_runtimes(struct invocation *in, struct problems *problems)
{
	int left = 0;

	for (int i = 0; i < in->n; i++)
		if (is_runtime(in->pool, in->operands[i]))
			runtime_load(in->pool, in->operands[i], problems);
		else
			in->operands[left++] = in->operands[i];
	in->operands[left] = NULL;
	return (size_t)(in->n - left);
}

static int run_validate(struct invocation *in)
{
	AUTO_SELECTION selection = { 0 };
	struct known_list known = { 0 };
	struct problems problems = { .pool = in->pool };
	struct plan plan = { .pool = in->pool };
	size_t suites = 0, scenarios = 0, runtimes = check_runtimes(in, &problems);

	if (runtimes && !in->operands[0]) {
		problems_print(&problems, stderr);
		if (!problems.n)
			printf("%zu runtime%s: valid\n", runtimes, text_plural(runtimes));
		return problems.n ? EXIT_USAGE : EXIT_GOOD;
	}
	bool good = select_load(&selection, in->pool, in->operands);

	known_load_shipped(in->pool, &(struct strs){ 0 }, &known, &problems);
	/* Entries may be about what is not selected. */
	if (good && !selection.n_patterns)
		check_known(&selection, &known, &problems);
	problems_print(&problems, stderr);
	if (!good || problems.n || (selection.n_patterns && !select_plan(&selection, &plan, true)))
		return EXIT_USAGE;
	if (selection.n_patterns)
		count_cells(&plan, &suites, &scenarios);
	else
		count_suites(&selection, &suites, &scenarios);
	printf("%zu suite%s, %zu scenario%s", suites, text_plural(suites), scenarios,
	       text_plural(scenarios));
	if (runtimes)
		printf(", %zu runtime%s", runtimes, text_plural(runtimes));
	puts(": valid");
	return EXIT_GOOD;
}

const struct command command_validate = {
	.name = "validate", .purpose = "Report every problem of suites, of the known issues, and of "
					   "runtimes' files",
	.operands = { ARGUMENT_SELECTION, 1, 0, "suites: all of which any of these selectors names "
						"a cell; or paths of runtimes' files" },
	.statuses = plain_statuses, .run = run_validate,
};

static int run_environment(struct invocation *in)
{
	puts(json_text(in->pool, machine_describe(in->pool, NULL)));
	return EXIT_GOOD;
}

const struct command command_environment = {
	.name = "environment", .purpose = "Describe this machine as JSON",
	.statuses = plain_statuses, .run = run_environment,
};
