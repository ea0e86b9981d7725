// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel translates a number only for the process that asks for it.  So before a step that
 * names $ACTOR.pid its own actor reads that number, which is saved under ACTOR.
 */
#include <string.h>

#include "load/numbers.h"
#include "nsc/registry.h"
#include "plan/numbers.h"

struct numbering {
	struct pool *pool;
	struct script *script;
	const struct step *step;
	int by;
};

/* A number never changes: what this actor has read before stays, until another one reads it. */
static bool is_read(const struct script *script, const char *name, int by)
{
	for (size_t i = script->n_steps; i-- > 0;) {
		const struct script_step *s = &script->steps[i];

		if (s->number && !strcmp(s->step->save, name))
			return s->actor == by;
	}
	return false;
}

static void read_number(const struct ref *ref, void *context)
{
	const struct numbering *n = context;
	struct pool *pool = n->pool;

	if (!is_number(n->script->cell->scenario, ref) || is_read(n->script, ref->name, n->by))
		return;
	struct script_step *made = script_append(pool, n->script);
	struct step *step = pool_new(pool, struct step);
	struct value *with = value_map(pool);

	*step = (struct step){
		.at = n->step->at, .kind = STEP_CALL, .actor = n->by,
		.op = op_find(op_registry, "proc.of"),
		.save = ref->name, .if_started = n->step->if_started,
		.within_ns = n->step->within_ns,
	};
	value_put(pool, with, "actor", value_str(pool, ref->name));
	made->step = step;
	made->actor = n->by;
	made->with = with;
	made->number = true;
}

void numbers_read(struct pool *pool, struct script *script, const struct step *step, int by,
		  const struct value *with, const struct value *expect)
{
	struct numbering n = { .pool = pool, .script = script, .step = step, .by = by };

	refs_visit(pool, with, read_number, &n);
	refs_visit(pool, expect, read_number, &n);
}
