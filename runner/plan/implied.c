// SPDX-License-Identifier: GPL-2.0-only
/*
 * Steps that are not lines of the scenario, but judged like those: what a runtime has to do
 * for the actors, and that it did it.
 */
#include "box/launch.h"
#include "plan/implied.h"

/* A step that the runner adds: not one of the scenario's lines. */
static struct script_step *imply(struct pool *pool, struct script *script, int actor,
				 enum step_kind kind, const char *op)
{
	struct script_step *made = &script->steps[script->n_steps++];
	struct step *step = pool_new(pool, struct step);

	step->kind = kind;
	step->actor = made->actor = actor;
	step->op = op_find(op);
	step->at = script->actors[actor].actor->at;
	made->step = step;
	made->with = value_map(pool);
	return made;
}

static void imply_reading(struct pool *pool, struct script *script, int actor,
			  const struct value *asked)
{
	const struct value *inside = expect_read(pool, asked), *outside = expect_seen(pool, asked);

	if (inside)
		imply(pool, script, actor, STEP_CALL, "box.read")->expect = inside;
	if (!outside || script->cell->runtime->foreign)
		return;
	struct script_step *seen = imply(pool, script, actor, STEP_CALL, "box.seen");
	struct value *with = value_map(pool);

	value_put(pool, with, "actor", value_str(pool, script->actors[actor].actor->name));
	seen->with = with;
	seen->expect = outside;
	script->beacons = true;
}

void implied_launch(struct pool *pool, struct script *script, int actor,
		    const struct value *expect)
{
	const struct script_actor *a = &script->actors[actor];
	const struct runtime *r = script->cell->runtime;
	struct script_step *made = imply(pool, script, actor, STEP_LAUNCH, "box.launch");
	struct step *step = (struct step *)made->step;

	step->save = launch_saved(pool, a->actor);
	step->within_ns = r->within_ns;
	made->with = launch_params(pool, script, (size_t)actor);
	made->expect = expect ? expect : expect_launch(pool, r, a);
	if (!expect)
		imply_reading(pool, script, actor, asked_properties(pool, r, a));
}

void implied_actors(struct pool *pool, struct script *script)
{
	for (size_t i = 0; i < script->n_actors; i++) {
		if (script->actors[i].actor->later)
			continue;
		if (script->actors[i].boxed)
			implied_launch(pool, script, (int)i, NULL);
		else
			imply(pool, script, (int)i, STEP_START, "actor.spawn");
	}
}

void implied_ends(struct pool *pool, struct script *script)
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
		end->with = end_params(pool, script, i, !a->actor->later, i == first);
		end->expect = expect->list.n ? expect : NULL;
	}
}
