// SPDX-License-Identifier: GPL-2.0-only
/*
 * Skipping the cells that this machine, or the runtime, cannot carry out.
 */
#include "runtime/support.h"
#include "runtime/inside.h"
#include "compile/compile.h"
#include "load/release.h"
#include "plan/needs.h"
#include "machine/require.h"

static void skip(struct cell *cell, const struct missing *m)
{
	if (cell->skip)
		return;
	cell->skip = m->reason;
	cell->detail = m->detail;
	cell->remedy = m->remedy;
}

static void need(void *context, const char *word)
{
	struct cell *cell = context;
	struct missing missing;

	if (!cell->skip && !require_met(word, &missing))
		skip(cell, &missing);
}

/* A rule that the kernel changed holds from release SINCE on, or before release UNTIL. */
static void need_release(struct plan *plan, struct cell *cell, int release, int since, int until)
{
	bool early = since && release < since;
	int bound = early ? since : until;
	struct missing m;

	if (!early && !(until && release >= until))
		return;
	lacks(plan->pool, &m,
	      pool_printf(plan->pool, early ? "Linux %s or later" : "Linux before %s",
			  release_text(plan->pool, bound)),
	      "by uname(2)", "use another kernel release");
	skip(cell, &m);
}

/* since and until may leave out the only step that is judged. */
static bool judges_something(const struct script *script)
{
	for (size_t i = 0; i < script->n_steps; i++) {
		const struct script_step *s = &script->steps[i];

		if (script->cell->kind == CELL_CONTROL ? s->contrary != NULL : s->expect != NULL)
			return true;
	}
	return false;
}

static void need_sense(struct plan *plan, struct cell *cell, const struct script *script,
		       bool disposable)
{
	struct missing m;

	if (script_needs_some(cell, "disposable") && !disposable &&
	    !cannot(plan->pool, &m, "no disposable machine", "it wants one that nobody has set up",
		    "run it in a VM"))
		skip(cell, &m);
	if (plan_changes_machine(script) && !disposable &&
	    !cannot(plan->pool, &m, "no disposable machine", "it changes the whole machine",
		    "run it in a VM"))
		skip(cell, &m);
	/* As that in which runtimes are launched: the user namespace is the run's there, too. */
	if ((script_initial(cell) & script->arena & ~NSM_USER) &&
	    !cannot(plan->pool, &m, "in namespaces of its own, not in the initial ones",
		    "the arena has them for a runtime, or as they are changed",
		    "run it without a runtime"))
		skip(cell, &m);
	if (!judges_something(script) &&
	    !lacks(plan->pool, &m, "a Linux release that its expectations speak of", "by uname(2)",
		   "use another kernel release"))
		skip(cell, &m);
}

/*
 * By who builds the cell's boxes: nobody, a runtime, or who has made the box that this runs in.
 * Also a control that is built without the runtime says nothing where the runtime's cell skips.
 */
static void need_box(struct plan *plan, struct cell *cell, const struct inside *inside,
		     struct pool *pool, const struct script *script)
{
	bool companion = plan->runtime && cell->kind != CELL_PLAIN;
	struct cell plain = *cell;
	struct script original;
	struct missing missing;
	bool lacking;

	plain.kind = CELL_PLAIN;
	plain.runtime = plan->runtime;
	if (companion)
		cell_compile(pool, &plain, RELEASE_ANY, &original);
	if (cell->inside)
		lacking = inside_lacks(plan->pool, inside, plan->here, script, &missing);
	else
		lacking = support_lacks(plan->pool, script, companion ? &original : NULL, &missing);
	if (lacking)
		skip(cell, &missing);
}

void plan_require(struct plan *plan, const struct machine *machine, bool disposable)
{
	AUTO_POOL pool = { 0 };
	struct inside inside;

	inside_read(&inside);
	for (size_t i = 0; i < plan->n; i++) {
		struct cell *cell = &plan->cells[i];
		const struct scenario *s = cell->scenario;
		const struct row *row = cell->row >= 0 ? &s->rows[cell->row] : NULL;
		struct script script;

		need_release(plan, cell, machine->release, s->since, s->until);
		if (row)
			need_release(plan, cell, machine->release, row->since, row->until);
		pool_reset(&pool);
		cell_compile(&pool, cell, machine->release, &script);
		script_needs(&pool, &script, need, cell);
		need_sense(plan, cell, &script, disposable);
		if (!cell->skip)
			need_box(plan, cell, &inside, &pool, &script);
	}
}
