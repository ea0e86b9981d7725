// SPDX-License-Identifier: GPL-2.0-only
/*
 * nsconform explain: the story of a scenario, its clauses, its steps, and how to repeat it by hand.
 */
#include <stdio.h>
#include <string.h>

#include "cmd/command.h"
#include "cmd/load_plan.h"
#include "cmd/shared_options.h"
#include "compile/compile.h"
#include "load/runtime.h"
#include "plan/select.h"
#include "report/results.h"
#include "report/story.h"

static void print_clauses(struct catalogue *catalogue, const struct scenario *s)
{
	puts("\nclauses:");
	for (size_t i = 0; i < s->clauses.n; i++) {
		const struct clause *c = clause_find(catalogue, s->clauses.v[i]);

		printf("  %s\n", s->clauses.v[i]);
		if (c)
			printf("    %s\n    source: %s; since %s; asserted elsewhere: %s\n",
			       c->statement,
			       c->source, *c->since ? c->since : "?", c->peers);
	}
}

static void print_actors(struct pool *pool, const struct scenario *s, const struct script *script)
{
	printf("\nactors, in an arena with its own %s:\n", story_namespaces(pool, script->arena));
	for (size_t i = 0; i < s->n_actors; i++) {
		const struct actor *a = &s->actors[i];

		printf("  %s %s", a->name, a->place->list.n ? value_show(pool, a->place) : "{}");
		if (a->in >= 0)
			printf(" in %s", s->actors[a->in].name);
		if (a->thread_of >= 0)
			printf(" thread of %s", s->actors[a->thread_of].name);
		if (a->join_of >= 0)
			printf(" joins %s of %s", story_namespaces(pool, a->join_types),
			       s->actors[a->join_of].name);
		puts(a->later ? " (made by a step)" : "");
	}
}

static void print_step(struct pool *pool, const struct scenario *s, const struct step *step)
{
	const char *must = story_must(pool, step), *twin = story_twin(pool, s, step);

	printf("  %s\n", story_does(pool, s, step));
	if (step->kind == STEP_CALL)
		printf("      %s  %s\n", step->op->source, step->op->doc);
	if (must)
		printf("      %s\n", must);
	if (twin)
		printf("      %s\n", twin);
}

/* unshare(1) and nsenter(1) commands that place an actor likewise; ops have their manual pages. */
static void print_by_hand(struct pool *pool, const struct plan *plan, const struct scenario *s,
			  const struct script *script)
{
	static const char *const options[NS_COUNT] = {
		[NS_USER] = " --user --map-root-user", [NS_MNT] = " --mount",
		[NS_PID] = " --pid --fork",
		[NS_NET] = " --net", [NS_IPC] = " --ipc", [NS_UTS] = " --uts",
		[NS_CGROUP] = " --cgroup",
		[NS_TIME] = " --time",
	};
	const char *arena = "";

	for (int ns = 0; ns < NS_COUNT; ns++)
		if (script->arena & NS_BIT(ns))
			arena = pool_printf(pool, "%s%s", arena, options[ns]);
	printf("\nby hand:\n  arena   unshare%s --mount-proc sh\n", arena);
	for (size_t i = 0; i < s->n_actors; i++) {
		const char *own = "";
		const struct place *place = &script->actors[i].bound;

		for (int ns = 0; ns < NS_COUNT; ns++)
			if (place->new & NS_BIT(ns))
				own = pool_printf(pool, "%s%s", own, options[ns]);
		if (*own)
			printf("  %-7s in it: unshare%s sh\n", s->actors[i].name, own);
	}
	puts("  then the steps above, in the actors' shells; or, to see every system call:");
	printf("  strace -f nsconform run -j1 %s\n\ncells:\n", cell_name(pool, &plan->cells[0]));
	for (size_t i = 0; i < plan->n; i++)
		if (plan->cells[i].scenario == s)
			printf("  %s\n", cell_name(pool, &plan->cells[i]));
}

/* What is carried out in the moat, word for word; what is in ${...} is known only then. */
static void print_boxes(const struct script *script)
{
	for (size_t i = 0; i < script->n_steps; i++) {
		const struct script_step *s = &script->steps[i];
		const struct value *command = value_get(s->with, "command");
		const struct value *files = value_get(s->with, "files");

		if (s->step->kind != STEP_LAUNCH || !command)
			continue;
		printf("\n  %s\n   ", script->actors[s->actor].actor->name);
		for (size_t k = 0; k < command->list.n; k++)
			printf(" %s", value_text(command->list.items[k]));
		putchar('\n');
		for (size_t k = 0; files && k + 1 < files->list.n; k += 2)
			printf("    %s:\n%s\n", value_text(files->list.items[k]),
			       value_text(files->list.items[k + 1]));
	}
}

static void explain(struct pool *pool, struct selection *selection, const struct plan *plan,
		    const struct cell *cell)
{
	const struct scenario *s = cell->scenario;
	struct script script;

	cell_compile(pool, cell, RELEASE_ANY, &script);
	printf("%s.%s\n  %s\n  %s:%d\n", s->suite->prefix, s->id, s->about, s->suite->file,
	       s->at.line);
	print_clauses(&selection->catalogue, s);
	print_actors(pool, s, &script);
	puts("\nsteps:");
	for (size_t i = 0; i < s->n_steps; i++)
		print_step(pool, s, &s->steps[i]);
	if (!plan->runtime) {
		print_by_hand(pool, plan, s, &script);
		return;
	}
	printf("\nboxes, built by %s:\n", plan->runtime->name);
	print_boxes(&script);
}

static int run(struct invocation *in)
{
	const struct run_options *o = in->options;
	struct pool *pool = in->pool;
	AUTO_SELECTION selection = { 0 };
	struct plan plan = { .pool = pool };
	struct runtime *runtime;

	if (!load_plan(&selection, &plan, &runtime, o, NULL, in->operands))
		return EXIT_USAGE;
	for (size_t i = 0; i < plan.n; i++)
		if (i == 0 || plan.cells[i].scenario != plan.cells[i - 1].scenario) {
			if (i)
				puts("\n--------");
			explain(pool, &selection, &plan, &plan.cells[i]);
		}
	return EXIT_GOOD;
}

static const struct option_use uses[] = {
	{ &narrowing_options, offsetof(struct run_options, narrowing) }, { &rerun_options, 0 },
	{ &runtime_options, 0 }, { 0 }
};

static const struct example examples[] = {
	{ "explain uts.hostname.set-is-private", "and how to repeat it by hand" },
	{ "explain --runtime runc uts.hostname.set-is-private",
	  "the launcher's command and the configuration that is written for it" },
	{ 0 }
};

const struct command command_explain = {
	.name = "explain",
	.purpose = "Tell a scenario's story, its clauses, and how to repeat it by hand",
	.operands = { ARGUMENT_SELECTION, 1, 0, "which scenarios: all that any of these selectors "
						"names" },
	.options = uses, .options_size = sizeof(struct run_options), .examples = examples,
	.statuses = plain_statuses, .run = run,
};
