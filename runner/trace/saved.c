// SPDX-License-Identifier: GPL-2.0-only
/*
 * What steps saved, in the parameters and expectations of later ones.
 */
#include <string.h>

#include "load/refs.h"
#include "trace/trace.h"

const struct outcome *trace_saved(const struct script *script, const struct trace *trace,
				  const char *name)
{
	/* The latest one wins: a control may leave steps out. */
	for (size_t i = script->n_steps; i-- > 0;) {
		const char *save = script->steps[i].step->save;

		if (save && !strcmp(save, name) && trace->outcomes[i].status == OUTCOME_DONE)
			return &trace->outcomes[i];
	}
	return NULL;
}

struct resolving {
	const struct script *script;
	const struct trace *trace;
	const char *missing;
};

static const struct value *lookup_saved(struct pool *pool, const struct ref *ref, void *context)
{
	struct resolving *r = context;
	const struct outcome *o = trace_saved(r->script, r->trace, ref->name);
	const struct value *v = NULL;

	if (o && !strcmp(ref->field, "errno"))
		v = o->error ? value_str(pool, errno_name(pool, o->error)) : value_int(pool, 0);
	else if (o && o->out)
		v = value_get(o->out, ref->field);
	if (!v || v->type == VALUE_NIL) {
		r->missing = pool_printf(pool, "$%s.%s", ref->name, ref->field);
		return NULL;
	}
	/* Dollar signs that a kernel returns are no one's escapes. */
	return refs_escape(pool, v);
}

bool trace_left_out(const struct script *script, const struct trace *trace, size_t at)
{
	const struct script_step *s = &script->steps[at];

	if (!s->step->if_started)
		return false;
	for (size_t i = 0; i < at; i++) {
		const struct outcome *o = &trace->outcomes[i];

		if (script->steps[i].step->kind == STEP_LAUNCH &&
		    script->steps[i].actor == s->actor && o->status == OUTCOME_DONE)
			return value_is(value_get(o->out, "state"), "refused");
	}
	return false;
}

const struct value *trace_resolve(struct pool *pool, const struct script *script,
				  const struct trace *trace, const struct value *v,
				  const char **missing)
{
	struct resolving r = { script, trace, NULL };

	v = refs_unescape(pool, refs_replace(pool, v, lookup_saved, &r));
	*missing = r.missing;
	return r.missing ? NULL : v;
}
