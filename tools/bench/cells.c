// SPDX-License-Identifier: GPL-2.0-only
/*
 * Plans the selected cells and prints of each that runs here what it cannot do without, for
 * tools/bench/floor.c: CLONE_* of its arena, whether that has a root file system of its own and a
 * procfs in it, is made without privilege, and has cgroups of its own (1 or 0);
 * PARENT:CLONE_*:VIA:IDS of each actor that has a process of its own, where PARENT is an earlier
 * one of these, counted from 0, or -1, the arena, and IDS is 1 where it takes ids or groups; and
 * @WHO of each step.
 *
 * usage: cells SELECTION...
 */
#include <stdio.h>

#include "compile/compile.h"
#include "nsc/ns.h"
#include "plan/select.h"

/* Threads have no process, and an actor that the arena's first process plays has none of its own. */
static void print_cell(struct pool *pool, const struct script *s)
{
	int *at = pool_array(pool, int, s->n_actors + 1), n = 0;

	printf("%llu,%d,%d,%d,%d", (unsigned long long)ns_flags(s->arena), s->layout, s->procfs,
	       s->user, s->cgroups);
	for (size_t i = 0; i < s->n_actors; i++)
		at[i] = -1;
	for (size_t i = 0; i < s->n_actors; i++) {
		const struct actor *a = s->actors[i].actor;
		const struct place *place = &s->actors[i].bound;

		if (a->thread_of >= 0)
			at[i] = at[a->thread_of];
		if (a->thread_of >= 0 || (int)i == s->hosted)
			continue;
		at[i] = n++;
		printf(" %d:%llu:%d:%d", a->in >= 0 ? at[a->in] : -1,
		       (unsigned long long)ns_flags((unsigned)place->new), (int)place->via,
		       place->uid >= 0 || place->gid >= 0 || place->groups.v);
	}
	for (size_t i = 0; i < s->n_steps; i++)
		if (s->steps[i].step->kind == STEP_CALL)
			printf(" @%d", at[s->steps[i].actor]);
	putchar('\n');
}

int main(int argc, char **argv)
{
	AUTO_POOL pool = { 0 };
	AUTO_SELECTION selection = { 0 };
	struct plan plan = { .pool = &pool };
	struct machine machine;

	if (argc < 2)
		return fprintf(stderr, "usage: cells SELECTION...\n"), 2;
	machine_read(&machine);
	if (!select_load(&selection, &pool, argv + 1) || !select_plan(&selection, &plan, true))
		return 2;
	plan_require(&plan, &machine, false);
	for (size_t i = 0; i < plan.n; i++) {
		struct script script;

		if (plan.cells[i].skip)
			continue;
		cell_compile(&pool, &plan.cells[i], machine.release, &script);
		print_cell(&pool, &script);
	}
	return 0;
}
