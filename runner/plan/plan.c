// SPDX-License-Identifier: GPL-2.0-only
/*
 * Expanding scenarios into cells.
 */
#include <string.h>

#include "load/features.h"
#include "load/pairs.h"
#include "plan/plan.h"

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

/* Where the runtime cannot leave out a namespace, its control cell runs natively. */
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

/* A scenario whose matrix leaves out clone3 is about the other ways, which no runtime offers. */
static bool has_box(const struct scenario *s)
{
	bool born = !s->via.n;

	for (size_t i = 0; i < s->via.n; i++)
		born |= s->via.v[i] == VIA_CLONE3;
	if (!born)
		return false;
	for (size_t i = 0; i < s->n_actors; i++)
		if (script_wants_box(&s->actors[i], s->actors[i].place))
			return true;
	return false;
}

/* A runtime's boxes with the usual new namespaces can be asked for it. */
static bool can_ask(const struct property *p, const struct trial *t, void *context)
{
	const struct plan *plan = context;

	(void)p;
	for (size_t i = 0; i < t->box->list.n; i += 2)
		if (runtime_lack(plan->pool, plan->runtime, t->box->list.items[i]->str.s,
				 t->box->list.items[i + 1], 0))
			return false;
	return true;
}

/* The scenario with the pairs that the plan asks for, of what its runtime can be asked for. */
static const struct scenario *with_pairs(struct plan *plan, const struct scenario *s)
{
	const struct pairs_request request = {
		.can_ask = plan->runtime ? can_ask : NULL, .context = plan,
		.seed = plan->pairs_seed, .max = plan->pairs,
	};
	const struct value *rows = pairs_rows(plan->pool, s->suite, &request);
	struct scenario *made = pool_new(plan->pool, struct scenario);

	*made = *s;
	made->n_rows = rows->list.n;
	made->rows = pool_array(plan->pool, struct row, made->n_rows + 1);
	for (size_t i = 0; i < made->n_rows; i++)
		made->rows[i] = (struct row){ .at = s->at, .values = rows->list.items[i],
			.name = value_text(value_get(rows->list.items[i], "name")) };
	return made;
}

void plan_add(struct plan *plan, const struct scenario *s, bool controls)
{
	bool boxes = plan->runtime || plan->inside;
	struct cell cell = { .scenario = s, .runtime = plan->runtime, .boxes = boxes,
			     .inside = plan->inside, .again = plan->again };

	if (boxes && !has_box(s))
		return;
	if (s->asks == ASKS_PAIRS)
		cell.scenario = s = with_pairs(plan, s);
	if (s->asks && !s->n_rows)
		return;
	for (size_t row = 0; row < (s->n_rows ? s->n_rows : 1); row++) {
		cell.row = s->n_rows ? (int16_t)row : -1;
		/* A runtime has one way to enter namespaces: keep one variant. */
		for (size_t i = 0; i < (s->via.n && !boxes ? s->via.n : 1); i++) {
			cell.via = s->via.n && !boxes ? (int8_t)s->via.v[i] : -1;
			add_as(plan, cell, controls);
		}
	}
}

static bool does(const struct script *script, unsigned flag)
{
	for (size_t i = 0; i < script->n_steps; i++)
		if (script->steps[i].step->op->flags & flag)
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
