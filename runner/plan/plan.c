// SPDX-License-Identifier: GPL-2.0-only
/*
 * Expanding scenarios into cells, and skipping what the machine lacks.
 */
#include <string.h>

#include "box/ability.h"
#include "box/asked.h"
#include "box/inside.h"
#include "load/features.h"
#include "plan/needs.h"
#include "load/release.h"
#include "plan/plan.h"
#include "plan/require.h"

static void add_cell(struct plan *plan, const struct cell *cell)
{
	if (plan->n == plan->room) {
		size_t room = plan->room ? plan->room * 2 : 64;
		struct cell *cells = pool_array(plan->pool, struct cell, room);

		if (plan->n)
			memcpy(cells, plan->cells, plan->n * sizeof(*cells));
		plan->cells = cells;
		plan->room = room;
	}
	plan->cells[plan->n++] = *cell;
}

/*
 * Whether a box can be without the namespace, and is then without what it does: runtimes that
 * end the others with the first process do what a PID namespace would.
 */
static bool can_be_without(const struct runtime *r, int ns)
{
	if (r->ns[ns].host.kind == WAY_NEVER)
		return false;
	return ns != NS_PID || box_feature_has(r, box_feature_find("survival"));
}

/* What needs the runtime to take a namespace away is shown without it where it cannot. */
static struct cell control_of(const struct cell *plain, int ns)
{
	struct cell control = *plain;

	control.kind = CELL_CONTROL;
	control.ns = (int8_t)ns;
	if (!plain->runtime || can_be_without(plain->runtime, ns))
		return control;
	control.runtime = NULL;
	control.via = plain->scenario->via.n ? (int8_t)plain->scenario->via.v[0] : -1;
	return control;
}

static void add_companions(struct plan *plan, const struct cell *plain)
{
	const struct scenario *s = plain->scenario;
	unsigned isolates = 0;

	for (size_t i = 0; i < s->n_steps; i++)
		isolates |= s->steps[i].isolates;
	for (int ns = 0; ns < NS_COUNT; ns++) {
		struct cell control = control_of(plain, ns);

		if (isolates & NS_BIT(ns))
			add_cell(plan, &control);
	}
	for (size_t i = 0; i < s->n_steps; i++) {
		struct cell twin = *plain;

		twin.kind = CELL_TWIN;
		twin.step = (int16_t)i;
		if (s->steps[i].twin)
			add_cell(plan, &twin);
	}
}

static void add_as(struct plan *plan, struct cell cell, bool controls)
{
	const struct scenario *s = cell.scenario;

	for (size_t i = 0; i < (s->as.n ? s->as.n : 1); i++) {
		cell.as = s->as.n ? (int8_t)s->as.v[i] : -1;
		add_cell(plan, &cell);
		if (controls)
			add_companions(plan, &cell);
	}
}

/* A scenario that leaves out being born in a namespace is about the other ways. */
static bool has_box(const struct scenario *s)
{
	bool born = !s->via.n;

	for (size_t i = 0; i < s->via.n; i++)
		born |= s->via.v[i] == VIA_CLONE3;
	if (!born)
		return false;
	for (size_t i = 0; i < s->n_actors; i++)
		if (asked_box(&s->actors[i], s->actors[i].place))
			return true;
	return false;
}

void plan_add(struct plan *plan, const struct scenario *s, bool controls)
{
	bool boxes = plan->runtime || plan->inside;
	struct cell cell = { .scenario = s, .runtime = plan->runtime, .boxes = boxes,
			     .inside = plan->inside };

	if (boxes && !has_box(s))
		return;
	for (size_t row = 0; row < (s->n_rows ? s->n_rows : 1); row++) {
		cell.row = s->n_rows ? (int16_t)row : -1;
		/* A runtime has one way. */
		for (size_t i = 0; i < (s->via.n && !boxes ? s->via.n : 1); i++) {
			cell.via = s->via.n && !boxes ? (int8_t)s->via.v[i] : -1;
			add_as(plan, cell, controls);
		}
	}
}

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

/* Rules that changed hold on kernels from SINCE, or before UNTIL. */
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

static bool does(const struct script *script, unsigned flag)
{
	for (size_t i = 0; i < script->n_steps; i++)
		if (script->steps[i].step->op && (script->steps[i].step->op->flags & flag))
			return true;
	return false;
}

bool plan_changes_machine(const struct script *script)
{
	return does(script, OP_HOST);
}

bool plan_spoils_machine(const struct script *script)
{
	return does(script, OP_SPOILS);
}

/* A step that since/until leave out may have been the only one that counts. */
static bool judges_something(const struct script *script)
{
	for (size_t i = 0; i < script->n_steps; i++) {
		const struct script_step *s = &script->steps[i];

		if (script->cell->kind == CELL_CONTROL ? s->must_fail : s->expect != NULL)
			return true;
	}
	return false;
}

static void need_sense(struct plan *plan, struct cell *cell, const struct script *script,
		       bool disposable)
{
	struct missing m;

	if (plan_changes_machine(script) && !disposable &&
	    !cannot(plan->pool, &m, "no disposable machine", "it changes the whole machine",
		    "run it in a VM"))
		skip(cell, &m);
	if (!judges_something(script) &&
	    !lacks(plan->pool, &m, "a Linux release that its expectations speak of", "by uname(2)",
		   "use another kernel release"))
		skip(cell, &m);
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
		struct missing missing;
		struct script script;

		need_release(plan, cell, machine->release, s->since, s->until);
		if (row)
			need_release(plan, cell, machine->release, row->since, row->until);
		pool_reset(&pool);
		script_make(&pool, cell, machine->release, &script);
		script_needs(&pool, &script, need, cell);
		need_sense(plan, cell, &script, disposable);
		if (!cell->skip && cell->inside &&
		    inside_lacks(plan->pool, &inside, plan->here, &script, &missing))
			skip(cell, &missing);
		if (!cell->skip && !cell->inside &&
		    ability_lacks(plan->pool, cell, &script, &missing))
			skip(cell, &missing);
	}
}
