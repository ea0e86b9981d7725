// SPDX-License-Identifier: GPL-2.0-only
/*
 * From a native script to one whose boxes somebody else builds. Steps that are not lines of the
 * scenario, but judged like those, say what a runtime has to do for the actors, and that it did it.
 */
#include <string.h>

#include "runtime/expect.h"
#include "runtime/launch.h"
#include "runtime/lower.h"
#include "runtime/spec.h"
#include "nsc/registry.h"

/* A step that the runner adds: not one of the scenario's lines. */
static struct script_step *imply(struct pool *pool, struct script *script, int actor,
				 enum step_kind kind, const char *op)
{
	struct script_step *made = script_append(pool, script);
	struct step *step = pool_new(pool, struct step);

	step->kind = kind;
	step->actor = made->actor = actor;
	step->op = op_find(op_registry, op);
	step->at = script->actors[actor].actor->at;
	made->step = step;
	made->with = value_map(pool);
	return made;
}

static void imply_reading(struct pool *pool, struct script *script, int actor)
{
	const struct box_spec *spec = script->actors[actor].spec;
	const struct value *inside = expect_read(spec);
	const struct value *outside = expect_seen(spec);

	if (inside)
		imply(pool, script, actor, STEP_CALL, "box.read")->expect = inside;
	if (!outside || spec->runtime->foreign)
		return;
	struct script_step *seen = imply(pool, script, actor, STEP_CALL, "box.seen");
	struct value *with = value_map(pool);

	value_put(pool, with, "actor", value_str(pool, script->actors[actor].actor->name));
	seen->with = with;
	seen->expect = outside;
	script->names_actors = true;
}

/*
 * Have the runtime build the actor's box, and see that it is what was asked for; or that what
 * comes of it is as EXPECT says.
 */
static void imply_launch(struct pool *pool, struct script *script, int actor,
			 const struct value *expect)
{
	const struct box_spec *spec = script->actors[actor].spec;
	struct script_step *made = imply(pool, script, actor, STEP_LAUNCH, "box.launch");
	struct step *step = (struct step *)made->step;

	step->save = spec->saved;
	step->within_ns = spec->runtime->within_ns;
	made->with = launch_params(spec);
	made->expect = expect ? expect : expect_launch(spec);
	if (!expect)
		imply_reading(pool, script, actor);
}

/* With a runtime actors are made by steps, in the order written. */
static void imply_actors(struct pool *pool, struct script *script)
{
	for (size_t i = 0; i < script->n_actors; i++) {
		if (script->actors[i].actor->later)
			continue;
		if (script->actors[i].boxed)
			imply_launch(pool, script, (int)i, NULL);
		else
			imply(pool, script, (int)i, STEP_START, "actor.spawn");
	}
}

/* The boxes end, the last one first; then the moat must be as it was before the first. */
static void imply_ends(struct pool *pool, struct script *script)
{
	size_t first = 0;

	while (first < script->n_actors && !script->actors[first].boxed)
		first++;
	for (size_t i = script->n_actors; i-- > 0;) {
		const struct script_actor *a = &script->actors[i];
		struct value *expect = value_map(pool);

		if (!a->boxed)
			continue;
		struct script_step *end = imply(pool, script, (int)i, STEP_CALL, "box.end");

		/* What is known of a box that a later step has started is known to that step. */
		if (!a->actor->later) {
			value_put(pool, expect, "agents", value_int(pool, 1));
			value_put(pool, expect, "ended", value_bool(pool, true));
		}
		if (i == first)
			value_put(pool, expect, "changes", value_list(pool));
		end->with = end_params(script, i, !a->actor->later, i == first);
		end->expect = expect->list.n ? expect : NULL;
	}
}

static void lower_step(struct pool *pool, struct script *script, const struct script_step *s)
{
	const struct cell *cell = script->cell;
	const struct step *step = s->step;
	bool start = step->kind == STEP_START && step->actor >= 0 &&
		script->actors[step->actor].boxed;
	bool twin = cell->kind == CELL_TWIN && step == &cell->scenario->steps[cell->step];

	if (!start)
		*script_append(pool, script) = *s;
	else
		/* The twin of a launch that is refused is one like any other. */
		imply_launch(pool, script, step->actor, step->expect && !twin ? s->expect : NULL);
}

/* From outside, another kernel's process is not what is seen: it is judged from inside. */
static void drop_seen(struct script *script)
{
	size_t n = 0;

	for (size_t i = 0; i < script->n_steps; i++) {
		const struct op *op = script->steps[i].step->op;

		if (!op || strcmp(op->name, "box.seen"))
			script->steps[n++] = script->steps[i];
	}
	script->n_steps = n;
	script_arena(script);
}

/* All that a runtime could reach is the moat's own, and it finds cgroups to work in. */
static void make_moat(struct script *script)
{
	script->moat = script->processors = true;
	script->arena |= NSM_ALL & ~(unsigned)(NSM_USER | NSM_TIME);
	script->layout = false;
	script->cgroups = script->pids = script->procfs = true;
	script->hosted = -1;
}

void lower_for_runtime(struct pool *pool, struct script *script)
{
	const struct script_step *native = script->steps;
	size_t n;

	if (script->cell->runtime->foreign)
		drop_seen(script);
	n = script->n_steps;
	for (size_t i = 0; i < script->n_actors; i++)
		if (script->actors[i].boxed)
			script->actors[i].spec = box_spec_make(pool, script, i);
	/* For each actor a launch, two readings and an end, usually. */
	script->room = n + 4 * script->n_actors;
	script->steps = pool_array(pool, struct script_step, script->room);
	script->n_steps = 0;
	imply_actors(pool, script);
	for (size_t i = 0; i < n; i++)
		lower_step(pool, script, &native[i]);
	if (script->cell->kind == CELL_PLAIN)
		imply_ends(pool, script);
	make_moat(script);
}

void lower_for_inside(struct pool *pool, struct script *script)
{
	for (size_t i = 0; i < script->n_actors; i++) {
		struct script_actor *a = &script->actors[i];

		if (a->boxed)
			script_place(pool, a, place_of_agent(pool, a->place));
	}
	script->arena = 0;
	script->layout = script->procfs = script->cgroups = script->user = false;
	script->hosted = -1;
}
