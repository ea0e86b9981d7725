// SPDX-License-Identifier: GPL-2.0-only
/*
 * Kinds of lies.
 */
#include <string.h>

#include "lies.h"
#include "load/refs.h"
#include "ops.h"

struct telling {
	struct pool *pool;
	const struct truth *truth;
	size_t at;		     /* in the script */
	const struct script_step *s; /* that step */
	size_t step;		     /* in the scenario */
	void (*take)(const struct lie_told *lie, void *context);
	void *context;
};

bool lies_op_looks(const struct op *op)
{
	return op->out && op->out->type != FIELD_END && !op->mutates;
}

struct value *lies_copy(struct pool *pool, const struct value *v)
{
	struct value *made;

	if (!v)
		return NULL;
	if (v->type == VALUE_FD)
		return value_str(pool, "a descriptor");
	if (v->type == VALUE_STR)
		return value_strn(pool, v->str.s, v->str.len);
	made = v->type == VALUE_MAP ? value_map(pool) : value_list(pool);
	if (v->type != VALUE_MAP && v->type != VALUE_LIST) {
		*made = *v;
		return made;
	}
	for (size_t i = 0; i < v->list.n; i++)
		value_push(pool, made, lies_copy(pool, v->list.items[i]));
	return made;
}

struct looking {
	const char *save, *field;
	bool found;
};

static void look_at(const struct ref *ref, void *context)
{
	struct looking *l = context;

	l->found |= l->save && !strcmp(ref->name, l->save) && !strcmp(ref->field, l->field);
}

/* Whether step AT expects something of that result, or another step refers to it. */
static bool looked_at(struct pool *pool, const struct truth *truth, size_t at, const char *field)
{
	const struct script *script = &truth->script;
	struct looking l = { script->steps[at].step->save, field, false };

	if (value_get(script->steps[at].expect, field))
		return true;
	for (size_t i = 0; i < script->n_steps; i++) {
		refs_visit(pool, script->steps[i].with, look_at, &l);
		refs_visit(pool, script->steps[i].expect, look_at, &l);
	}
	return l.found;
}

bool lies_same(struct pool *pool, const struct truth *truth, size_t at, const struct value *a,
	       const struct value *b)
{
	const struct value *none = value_nil(pool);

	for (const struct field *f = truth->script.steps[at].step->op->out;
	     a && b && f && f->type != FIELD_END; f++) {
		const struct value *one = value_get(a, f->name), *other = value_get(b, f->name);

		if (looked_at(pool, truth, at, f->name) &&
		    !value_equal(one ? one : none, other ? other : none))
			return false;
	}
	return true;
}

/* A copy of the scenario with room for MORE steps behind the last one. */
static struct scenario *copy(const struct telling *t, size_t more)
{
	const struct scenario *s = t->truth->cell.scenario;
	struct scenario *made = pool_new(t->pool, struct scenario);

	*made = *s;
	made->steps = pool_array(t->pool, struct step, s->n_steps + more);
	memcpy(made->steps, s->steps, s->n_steps * sizeof(*s->steps));
	return made;
}

static void tell_put_in(const struct telling *t, const char *kind, const struct scenario *scenario,
			size_t step, size_t act)
{
	struct lie_told lie = {
		.truth = t->truth, .kind = kind, .actor = -1, .at = t->at, .step = step,
		.act = act, .cell = t->truth->cell,
	};

	lie.cell.scenario = scenario;
	t->take(&lie, t->context);
}

static void tell(const struct telling *t, const char *kind, const struct scenario *scenario,
		 size_t step)
{
	tell_put_in(t, kind, scenario, step, SIZE_MAX);
}

struct cell lies_companion(const struct lie_told *lie, const struct cell *cell)
{
	const struct scenario *was = cell->scenario, *s = lie->cell.scenario;
	struct cell made = *cell;
	int step = cell->step, more = (int)(s->n_steps - was->n_steps) - 2;

	made.scenario = s;
	if (cell->kind != CELL_TWIN || lie->act == SIZE_MAX)
		return made;
	/* Two steps before the act, and maybe one after the lie. */
	made.step = (int16_t)(step + ((size_t)step >= lie->act ? 2 : 0) +
			      ((size_t)step + 2 > lie->step ? more : 0));
	return made;
}

/* The answer that a step gives which does nothing. */
static const struct value *no_answer(struct pool *pool, const struct op *op)
{
	char *out = pool_alloc(pool, op->out_size + 1);

	for (const struct field *f = op->out; f && f->type != FIELD_END; f++)
		field_kinds[f->type].preset(f, out + f->offset);
	return fields_unbind(pool, op->out, out);
}

/* Whether a result that somebody looks at can be empty: texts that are always there are not. */
static bool can_be_empty(const struct telling *t)
{
	for (const struct field *f = t->s->step->op->out; f && f->type != FIELD_END; f++)
		if ((f->type != FIELD_STR || f->need != REQUIRED) &&
		    looked_at(t->pool, t->truth, t->at, f->name))
			return true;
	return false;
}

/* Whoever only looks, and would see the same, does not lie. */
static void tell_nothing(const struct telling *t)
{
	const struct answer *a = &t->truth->answers[t->at];
	const struct op *op = t->s->step->op;
	bool same = lies_same(t->pool, t->truth, t->at, a->out, no_answer(t->pool, op));

	if (lies_op_looks(op) && !a->error && (!can_be_empty(t) || same))
		return;
	struct scenario *s = copy(t, 0);

	s->steps[t->step].op = lying_op(op, "nothing");
	tell(t, "nothing", s, t->step);
}

/* Of a list that somebody looks at the answer has the first half. */
static void tell_part(const struct telling *t)
{
	const struct value *out = t->truth->answers[t->at].out;
	bool some = false;

	for (size_t i = 0; out && i < out->list.n; i += 2) {
		const struct value *v = out->list.items[i + 1];

		some |= (v->type == VALUE_LIST || v->type == VALUE_MAP) && v->list.n &&
			looked_at(t->pool, t->truth, t->at, out->list.items[i]->str.s);
	}
	if (!some)
		return;
	struct scenario *s = copy(t, 0);

	s->steps[t->step].op = lying_op(t->s->step->op, "part");
	tell(t, "part", s, t->step);
}

/* What moves the actor itself moves a child of it, which then ends. */
static void tell_child(const struct telling *t)
{
	if (!(t->s->step->op->flags & OP_SINGLE) || t->s->step->trial)
		return;
	struct scenario *s = copy(t, 0);

	s->steps[t->step].trial = true;
	tell(t, "child", s, t->step);
}

/* The parameters without KEY, or with LESS in its place. */
static const struct value *with_less(struct pool *pool, const struct value *with, const char *key,
				     const struct value *less)
{
	struct value *made = value_map(pool);

	made->at = with->at;
	for (size_t i = 0; i < with->list.n; i += 2) {
		bool here = value_is(with->list.items[i], key);

		if (here && !less)
			continue;
		value_push(pool, made, with->list.items[i]);
		value_push(pool, made, here ? (struct value *)less : with->list.items[i + 1]);
	}
	return made;
}

/* Without its last element; NULL: without the whole. */
static const struct value *less_of(struct pool *pool, const struct value *v)
{
	size_t less = v->type == VALUE_MAP ? 2 : 1;
	struct value *made;

	if (v->type != VALUE_LIST && v->type != VALUE_MAP)
		return NULL;
	made = v->type == VALUE_MAP ? value_map(pool) : value_list(pool);
	made->at = v->at;
	for (size_t i = 0; i + less < v->list.n; i++)
		value_push(pool, made, v->list.items[i]);
	return v->list.n > less ? made : NULL;
}

/* Parameters of which a part can be done, or which say that more is to be done, or to whom. */
static bool can_be_less(const struct field *f, const struct value *v)
{
	switch (f->type) {
	case FIELD_BOOL:
		return v->type == VALUE_BOOL && v->b != (bool)f->def;
	case FIELD_FLAGS:
	case FIELD_ACTOR:
		return true;
	default:
		return v->type == VALUE_LIST || v->type == VALUE_MAP;
	}
}

/* One of the things that were asked for is not done, or to the caller instead of another actor. */
static void tell_half(const struct telling *t)
{
	const struct op *op = t->s->step->op;

	for (const struct field *f = op->in; f && f->type != FIELD_END; f++) {
		const struct value *v = value_get(t->s->with, f->name), *less;

		if (!v || !can_be_less(f, v))
			continue;
		less = less_of(t->pool, v);
		if (!less && f->need == REQUIRED)
			continue;
		struct scenario *s = copy(t, 0);

		s->steps[t->step].with = with_less(t->pool, t->s->with, f->name, less);
		tell(t, pool_printf(t->pool, "half:%s", f->name), s, t->step);
	}
}

/* Whether a step before AT has moved the actor. */
static bool has_moved(const struct script *script, int actor, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (script->steps[i].actor == actor && script->steps[i].step->op &&
		    (script->steps[i].step->op->flags & OP_SINGLE))
			return true;
	return false;
}

/* The actor whose namespace of that kind this one is born in; -1: the arena's. */
static int maker_of(const struct script *script, int actor, int ns)
{
	while (actor >= 0 && !(script->actors[actor].bound.new & NS_BIT(ns))) {
		const struct actor *a = script->actors[actor].actor;

		actor = a->join_of >= 0 && (a->join_types & NS_BIT(ns)) ? a->join_of :
			a->in >= 0 ? a->in : a->thread_of;
	}
	return actor;
}

/* The kinds of which the two are in different namespaces at step AT; B -1: of the arena. */
static unsigned differ(const struct script *script, int a, int b, size_t at)
{
	unsigned kinds = 0;

	if (has_moved(script, a, at) || has_moved(script, b, at))
		return ~0u;
	for (int ns = 0; ns < NS_COUNT; ns++)
		if (maker_of(script, a, ns) != (b < 0 ? -1 : maker_of(script, b, ns)))
			kinds |= NS_BIT(ns);
	return kinds;
}

static bool takes_fd(const struct op *op, const struct value *with)
{
	for (const struct field *f = op->in; f && f->type != FIELD_END; f++)
		if ((f->type == FIELD_FD || f->type == FIELD_FDS) && value_get(with, f->name))
			return true;
	return false;
}

/* The kinds of which the op asks for namespaces by name, as ns.id does; all where it names none. */
static unsigned asked_for(const struct op *op, const struct value *with)
{
	bool named = false;
	unsigned kinds = 0;
	AUTO_POOL pool = { 0 };

	for (const struct field *f = op->in; f && f->type != FIELD_END; f++) {
		const struct value *v = value_get(with, f->name);
		uint64_t member;

		if ((f->symbols != ns_symbols && f->symbols != ns_type_symbols) || !v ||
		    field_kinds[f->type].check(&pool, f, v))
			continue;
		field_kinds[f->type].bind(&pool, f, v, &member);
		kinds |= f->symbols == ns_symbols ? (unsigned)member : NS_BIT(member);
		named = true;
	}
	return named ? kinds : ~0u;
}

/*
 * Whether it matters which process does the step, if that one is in other namespaces of these
 * KINDS. A descriptor says the same to everybody, and what is done to a file is done to the same
 * file, unless the path leads nobody there.
 */
static bool place_matters(const struct telling *t, unsigned kinds)
{
	const struct op *op = t->s->step->op;
	unsigned touches = script_touches(op, t->s->with);

	if (takes_fd(op, t->s->with) && !(op->flags & OP_SINGLE))
		return false;
	if (lies_op_looks(op) && !strncmp(op->name, "ns.", 3))
		return asked_for(op, t->s->with) & kinds;
	if (touches == NSM_MNT && !lies_op_looks(op) && strncmp(op->name, "mnt.", 4))
		return false;
	return !touches || (touches & (kinds | NSM_PID)) || (op->flags & OP_SINGLE);
}

static void tell_elsewhere(const struct telling *t)
{
	const struct scenario *was = t->truth->cell.scenario;

	if (!place_matters(t, differ(&t->truth->script, t->s->actor, -1, t->at)) ||
	    (t->s->step->op->flags & OP_MOAT))
		return;
	struct scenario *s = copy(t, 0);

	s->actors = pool_array(t->pool, struct actor, was->n_actors + 1);
	memcpy(s->actors, was->actors, was->n_actors * sizeof(*was->actors));
	s->actors[s->n_actors++] = (struct actor){
		.name = "elsewhere", .place = value_map(t->pool), .in = -1, .thread_of = -1,
		.join_of = -1, .exec_of = -1,
	};
	s->steps[t->step].actor = (int)was->n_actors;
	tell(t, "elsewhere", s, t->step);
}

/* Whether the actor is there when step AT of the scenario begins. */
static bool is_there(const struct scenario *s, int actor, size_t at)
{
	if (!s->actors[actor].later)
		return true;
	for (size_t i = 0; i < at; i++)
		if (s->steps[i].kind == STEP_START && s->steps[i].actor == actor)
			return true;
	return false;
}

/* Another actor of the scenario does it. */
static void tell_other(const struct telling *t)
{
	const struct scenario *was = t->truth->cell.scenario;
	const struct script *script = &t->truth->script;

	for (int i = 0; i < (int)was->n_actors; i++) {
		if (i == t->s->actor || !is_there(was, i, t->step) ||
		    !place_matters(t, differ(script, t->s->actor, i, t->at)))
			continue;
		struct scenario *s = copy(t, 0);

		s->steps[t->step].actor = i;
		tell(t, "other", s, t->step);
		return;
	}
}

struct needing {
	const struct scenario *scenario;
	size_t before; /* only what steps before this one save is there */
	bool all_there;
};

static void need(const struct ref *ref, void *context)
{
	struct needing *n = context;

	for (size_t i = n->before; i < n->scenario->n_steps; i++)
		if (n->scenario->steps[i].save && !strcmp(n->scenario->steps[i].save, ref->name))
			n->all_there = false;
}

static bool is_act(const struct step *s)
{
	return s->kind != STEP_CALL || !lies_op_looks(s->op);
}

/* The last step before AT that may have changed what AT sees; -1: none. */
static int last_act(const struct telling *t)
{
	const struct scenario *s = t->truth->cell.scenario;

	for (size_t i = t->at; i-- > 0;) {
		const struct step *step = t->truth->script.steps[i].step;

		if (step >= s->steps && step < s->steps + s->n_steps && is_act(step))
			return (int)(step - s->steps);
	}
	return -1;
}

/*
 * What was to be seen before the last act is told again: the step is done then, in the background,
 * and here only its answer is taken.
 */
static void tell_stale(const struct telling *t)
{
	const struct scenario *was = t->truth->cell.scenario;
	const struct step *look = &was->steps[t->step];
	struct value *any = value_map(t->pool), *not = value_map(t->pool);
	int act = last_act(t);
	struct needing needing = { was, (size_t)act, true };

	if (act < 0 || !lies_op_looks(look->op) || look->background ||
	    (look->op->flags & (OP_ENDS | OP_ASKS)) || !is_there(was, look->actor, (size_t)act))
		return;
	refs_visit(t->pool, look->with, need, &needing);
	if (!needing.all_there)
		return;
	/* Numbers of namespaces are other ones in each cell: the truth is asked for, too. */
	size_t more = strncmp(look->op->name, "ns.", 3) ? 2 : 3;
	struct scenario *s = copy(t, more);
	struct step *at = &s->steps[act];

	memmove(at + 2, at, (was->n_steps - (size_t)act) * sizeof(*at));
	s->n_steps += more;
	if (more > 2)
		memmove(&s->steps[t->step + 4], &s->steps[t->step + 3],
			(was->n_steps - t->step - 1) * sizeof(*at));
	at[0] = at[1] = *look;
	at[0].background = "a-moment-ago";
	at[0].save = at[1].save = NULL;
	at[0].expect = NULL;
	at[1].kind = STEP_FINISH;
	at[1].finishes = "a-moment-ago";
	/* Whatever it is. */
	value_put(t->pool, not, "not", value_str(t->pool, "EHWPOISON"));
	value_put(t->pool, any, "errno", not);
	at[1].expect = any;
	s->steps[t->step + 2].kind = STEP_FINISH;
	s->steps[t->step + 2].finishes = "a-moment-ago";
	if (more > 2) {
		s->steps[t->step + 3] = *look;
		s->steps[t->step + 3].save = NULL;
		s->steps[t->step + 3].expect = any;
	}
	tell_put_in(t, "stale", s, t->step + 2, (size_t)act);
}

static void (*const kinds[])(const struct telling *t) = {
	tell_nothing, tell_child, tell_elsewhere, tell_other, tell_half, tell_part, tell_stale,
};

void lies_of(struct pool *pool, const struct truth *truth, size_t at,
	     void (*take)(const struct lie_told *lie, void *context), void *context)
{
	const struct script_step *s = &truth->script.steps[at];
	const struct scenario *scenario = truth->cell.scenario;

	if (s->step < scenario->steps || s->step >= scenario->steps + scenario->n_steps ||
	    s->step->kind != STEP_CALL || !truth->answers[at].done)
		return;
	struct telling t = {
		.pool = pool, .truth = truth, .at = at, .s = s,
		.step = (size_t)(s->step - scenario->steps), .take = take, .context = context,
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		kinds[i](&t);
}

/* Kinds of namespaces are what controls withhold, and how they are entered makes no difference. */
static bool is_for_controls(const char *attribute)
{
	return !strcmp(attribute, "new") || !strcmp(attribute, "via");
}

void lies_of_actor(struct pool *pool, const struct truth *truth, size_t actor,
		   void (*take)(const struct lie_told *lie, void *context), void *context)
{
	const struct scenario *was = truth->cell.scenario;
	const struct value *place = truth->script.actors[actor].place;

	for (const struct field *f = place_fields; f->type != FIELD_END; f++) {
		if (!value_get(place, f->name) || is_for_controls(f->name))
			continue;
		struct scenario *s = pool_new(pool, struct scenario);
		struct lie_told lie = {
			.truth = truth, .kind = pool_printf(pool, "half:%s", f->name),
			.actor = (int)actor, .act = SIZE_MAX, .cell = truth->cell,
		};

		*s = *was;
		s->actors = pool_array(pool, struct actor, was->n_actors);
		memcpy(s->actors, was->actors, was->n_actors * sizeof(*was->actors));
		s->actors[actor].place = with_less(pool, place, f->name, NULL);
		lie.cell.scenario = s;
		take(&lie, context);
	}
}
