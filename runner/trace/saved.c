// SPDX-License-Identifier: GPL-2.0-only
/*
 * What steps saved, in the parameters and expectations of later ones.
 */
#include <string.h>

#include "load/refs.h"
#include "trace/trace.h"

struct resolving {
	const struct script *script;
	const struct trace *trace;
	size_t at;
	const char *missing;
};

/* The step that saved NAME, the latest one wins: a control may leave steps out. -1: none did. */
static ssize_t saved(const struct resolving *r, const char *name)
{
	for (size_t i = r->at + 1; i-- > 0;) {
		const char *save = r->script->steps[i].step->save;

		if (save && !strcmp(save, name) && r->trace->outcomes[i].status == OUTCOME_DONE)
			return (ssize_t)i;
	}
	return -1;
}

/* The actor that read the number 0, as its PID namespace does not show the other one; or NULL. */
static const char *unseen_by(const struct script *script, const struct script_step *s,
			     const struct value *number)
{
	return s->number && number->type == VALUE_INT && !number->i ?
		script->actors[s->actor].actor->name : NULL;
}

static const struct value *lookup_saved(struct pool *pool, const struct ref *ref, void *context)
{
	struct resolving *r = context;
	ssize_t step = saved(r, ref->name);
	const struct outcome *o = step < 0 ? NULL : &r->trace->outcomes[step];
	const struct value *v = NULL;

	if (o && !strcmp(ref->field, "errno"))
		v = o->error ? value_str(pool, errno_name(pool, o->error)) : value_int(pool, 0);
	else if (o && o->out)
		v = value_get(o->out, ref->field);
	if (!v || v->type == VALUE_NIL) {
		r->missing = pool_printf(pool, "$%s.%s", ref->name, ref->field);
		return NULL;
	}
	const char *reader = unseen_by(r->script, &r->script->steps[step], v);

	if (reader) {
		r->missing = pool_printf(pool,
					 "$%s.pid, a number of %s in the PID namespace of %s,",
					 ref->name, ref->name, reader);
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
				  const struct trace *trace, size_t at, const struct value *v,
				  const char **missing)
{
	struct resolving r = { .script = script, .trace = trace, .at = at };

	v = refs_unescape(pool, refs_replace(pool, v, lookup_saved, &r));
	*missing = r.missing;
	return r.missing ? NULL : v;
}
