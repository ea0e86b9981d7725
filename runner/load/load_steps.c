// SPDX-License-Identifier: GPL-2.0-only
/*
 * Steps: `- ACTOR: OP` or `- ACTOR: {OP: {param: value}}` with words beside it, `- finish: NAME`,
 * `- start: ACTOR`.
 */
#include <string.h>

#include "load/loader.h"
#include "load/refs.h"
#include "nsc/box.h"
#include "nsc/registry.h"

static const struct symbol control_symbols[] = {
	{ "keep", CONTROL_KEEP, NULL },
	{ "omit", CONTROL_OMIT, NULL },
	{ "only", CONTROL_ONLY, NULL },
	{ 0 }
};

static void read_save(struct loader *l, const struct field *f, const struct value *v,
		      void *object)
{
	struct step *s = object;

	s->save = load_id(l, v);
	if (refs_variant(s->save))
		load_problem(l, v, "%s is a word of references and cannot be saved to", s->save);
}

static void read_finish(struct loader *l, const struct field *f, const struct value *v,
			void *object)
{
	struct step *s = object;

	s->kind = STEP_FINISH;
	s->finishes = load_id(l, v);
	for (struct step *b = l->scenario->steps; b < s; b++) {
		if (!b->background || strcmp(b->background, s->finishes))
			continue;
		s->op = b->op;
		s->actor = b->actor;
		return;
	}
	load_problem(l, v, "no step before has `background: %s`", s->finishes);
}

static void read_start(struct loader *l, const struct field *f, const struct value *v,
		       void *object)
{
	struct step *s = object;

	s->kind = STEP_START;
	s->actor = load_actor_name(l, v);
	const struct actor *a = s->actor >= 0 ? &l->scenario->actors[s->actor] : NULL;

	s->op = op_find(op_registry,
			a && (a->box || a->exec_of >= 0) ? "box.launch" : "actor.spawn");
}

/* What the twin of an actor has instead: attributes of its place, and of its box. */
static void read_twin_actors(struct loader *l, const struct field *f, const struct value *v,
			     void *member)
{
	const struct value *actors = load_map(l, v);

	*(const struct value **)member = actors;
	for (size_t i = 0; i < actors->list.n; i += 2) {
		const struct value *name = actors->list.items[i];
		struct value *place = value_map(l->pool);
		const struct value *map = load_map(l, actors->list.items[i + 1]);

		load_actor_name(l, name);
		for (size_t k = 0; k < map->list.n; k += 2) {
			const struct value *v = map->list.items[k + 1];

			bool box = value_is(map->list.items[k], "box");

			if (box)
				load_params(l, box_fields, load_map(l, v), v, "a box");
			for (size_t n = k; !box && n < k + 2; n++)
				value_push(l->pool, place, map->list.items[n]);
		}
		load_params(l, place_fields, place, name, "an actor");
	}
}

const struct field twin_fields[] = {
	K_MAP("with", struct twin, with, OPTIONAL,
	      "Parameters laid over the step's own; ~ removes one."),
	K_ACTOR("by", struct twin, by, OPTIONAL, "Another actor does it."),
	KEY("actors", struct twin, actors, const struct value *, OPTIONAL,
	    "Attributes laid over actors' own.", SHAPE_MAP, read_twin_actors),
	K_STRS("without", struct twin, without, OPTIONAL,
	       "Ops: the steps before it that carry them out are left out."),
	K_EXPECT("expect", struct twin, expect, OPTIONAL,
		 "What must be seen instead; default ok."),
	F_END
};

static void read_twin(struct loader *l, const struct field *f, const struct value *v,
		      void *member)
{
	struct twin *twin = pool_new(l->pool, struct twin);

	twin->at = v->at;
	twin->by = -1;
	load_fields(l, twin_fields, v, twin, "a twin");
	if (v->type == VALUE_MAP && !value_get(v, "with") && !value_get(v, "by") &&
	    !value_get(v, "actors") && !twin->without.n)
		load_problem(l, v, "a twin that differs in nothing: expected with, by, actors or without");
	*(const struct twin **)member = twin;
}

static void not_of_scenario(struct loader *l, const struct value *v, const char *clause)
{
	const struct strs *clauses = &l->scenario->clauses;
	struct nearest n = { .word = clause };

	for (size_t k = 0; k < clauses->n; k++)
		nearest_offer(&n, clauses->v[k]);
	load_problem(l, v, "%s is none of the scenario's clauses%s", clause,
		     nearest_hint(l->pool, &n));
}

/* Of the clauses that the scenario names, which stand before its steps in the table of keys. */
static void read_proves(struct loader *l, const struct field *f, const struct value *v,
			void *member)
{
	const struct strs *clauses = &l->scenario->clauses;
	struct strs *proves = member;

	*proves = load_strs(l, v);
	if (!proves->n)
		load_problem(l, v, "names no clause");
	for (size_t i = 0; i < proves->n; i++) {
		bool known = !*proves->v[i];

		for (size_t k = 0; k < clauses->n && !known; k++)
			known = !strcmp(clauses->v[k], proves->v[i]);
		if (!known)
			not_of_scenario(l, v->type == VALUE_LIST ? v->list.items[i] : v,
					proves->v[i]);
	}
}

const struct field step_fields[] = {
	K_SPECIAL("start", OPTIONAL, read_start, "Make an actor that is marked `later`.",
		  SHAPE_TEXT),
	K_SPECIAL("finish", OPTIONAL, read_finish, "Wait for the answer of a background step.",
		  SHAPE_TEXT),
	K_SPECIAL("save", OPTIONAL, read_save, "Keep the results as $NAME.field.", SHAPE_TEXT),
	K_EXPECT("expect", struct step, expect, OPTIONAL,
		 "What must be seen: ok, or fields with matchers."),
	K_KINDS("isolates", struct step, isolates, OPTIONAL,
		"Namespace kinds without which this expectation must fail: a control cell each."),
	K_EXPECT("shared", struct step, shared, OPTIONAL,
		 "What must be seen in the control cell, as the kind is shared there; default ok."),
	KEY("twin", struct step, twin, const struct twin *, OPTIONAL,
	    "The same call without the forbidden ingredient: a cell of its own.",
	    "{\"$ref\": \"#/definitions/twin\"}", read_twin),
	KEY("proves", struct step, proves, struct strs, OPTIONAL,
	    "Which of the scenario's clauses this expectation proves; needed where there are "
	    "several.", SHAPE_NAMES, read_proves),
	K_BOOL("trial", struct step, trial, OPTIONAL, "Done in a throw-away child of the actor."),
	K_BOOL("if_started", struct step, if_started, OPTIONAL,
	       "Left out when the start of the actor's box was refused, which is as good."),
	K_NAME("background", struct step, background, OPTIONAL,
	       "Go on without waiting; `finish` it by this name."),
	K_ENUM("control", struct step, control, OPTIONAL, control_symbols,
	       "a place in control cells", "omit: not in control cells; only: just there."),
	K_WITHIN("within", struct step, within_ns, OPTIONAL, "Deadline instead of 5 s."),
	K_RELEASE("since", struct step, since, OPTIONAL,
		  "Only on kernels from this release, quoted."),
	K_RELEASE("until", struct step, until, OPTIONAL,
		  "Only on kernels before this release, quoted."),
	F_END
};

static void unknown_op(struct loader *l, const struct value *v, const char *name)
{
	struct nearest n = { .word = name };
	const struct op *op;

	for (size_t i = 0; (op = op_registry[i]); i++)
		if (!(op->flags & OP_INTERNAL))
			nearest_offer(&n, op->name);
	load_problem(l, v, "no op %s%s", name, nearest_hint(l->pool, &n));
}

static void load_op(struct loader *l, const struct value *v, const char *name, struct step *s)
{
	const struct op *op = op_find(op_registry, name);

	if (op && !(op->flags & OP_INTERNAL))
		s->op = op;
	else
		unknown_op(l, v, name);
}

/* Parameters stand with their op, and an op without any stands alone.  NULL when they are none. */
static const struct value *read_params(struct loader *l, const struct value *actor,
				       const struct value *op, const struct value *v)
{
	const struct value *params = load_map(l, v);

	if (v->type != VALUE_MAP && v->type != VALUE_NIL)
		return NULL;
	if (!params->list.n)
		load_problem(l, v, "an empty map: write %s: %s", actor->str.s, op->str.s);
	return params;
}

/* Says what to write instead, and takes it as if that stood there. */
static void refuse_with(struct loader *l, const struct value *actor, const struct value *key,
			const struct value *v, struct step *s)
{
	const char *op = s->op ? s->op->name : "OP";
	bool params = v->type == VALUE_MAP && v->list.n;

	load_problem(l, key, "a step has no key with: write %s: %s", actor->str.s, params ?
		     pool_printf(l->pool, "{%s: %s}", op, value_show(l->pool, v)) : op);
	if (!s->with && params)
		s->with = v;
}

/* ACTOR: OP or ACTOR: {OP: {param: value}} */
static void load_call(struct loader *l, const struct value *key, const struct value *v,
		      struct step *s)
{
	s->actor = load_actor_name(l, key);
	if (v->type == VALUE_STR) {
		load_op(l, v, v->str.s, s);
	} else if (v->type == VALUE_MAP && v->list.n == 2) {
		load_op(l, v->list.items[0], v->list.items[0]->str.s, s);
		s->with = read_params(l, key, v->list.items[0], v->list.items[1]);
		if (!s->with)
			s->op = NULL;
	} else {
		load_problem(l, v, "expected an op, or a map of one op to its parameters");
	}
}

static void load_step(struct loader *l, const struct value *v, struct step *s)
{
	struct value *words = value_map(l->pool);
	int calls = 0;

	s->at = v->at;
	s->actor = -1;
	if (v->type != VALUE_MAP) {
		load_problem(l, v, "a step must be a map, not %s", value_type_name(v->type));
		return;
	}
	words->at = v->at;
	bool by_actor = v->list.n && !field_find(step_fields, v->list.items[0]->str.s);

	for (size_t i = 0; i < v->list.n; i += 2) {
		const struct value *key = v->list.items[i];

		/* A key that is neither known nor an actor is most likely a mistyped key. */
		if (i == 0 && by_actor) {
			calls++;
			load_call(l, key, v->list.items[i + 1], s);
			continue;
		}
		if (by_actor && !strcmp(key->str.s, "with")) {
			refuse_with(l, v->list.items[0], key, v->list.items[i + 1], s);
			continue;
		}
		calls += !strcmp(key->str.s, "finish") || !strcmp(key->str.s, "start");
		value_push(l->pool, words, v->list.items[i]);
		value_push(l->pool, words, v->list.items[i + 1]);
	}
	load_fields(l, step_fields, words, s, "a step");
	if (calls != 1)
		load_problem(l, v, "a step begins with one of: ACTOR: OP, finish: NAME, start: ACTOR");
	if (s->isolates && !s->expect)
		load_problem(l, v, "isolates without expect: there is nothing that could fail");
	if (s->shared && !s->isolates)
		load_problem(l, v, "shared without isolates: there is no control cell");
	if (s->twin && !s->expect)
		load_problem(l, v, "a twin without expect: there is no refusal to compare it with");
	if (s->proves.n && !s->expect)
		load_problem(l, v, "proves without expect: there is nothing that would show it");
	if (s->background && (s->expect || s->save || s->trial))
		load_problem(l, v, "expect, save and trial of a background step belong to its finish");
}

void load_steps(struct loader *l, const struct value *v, struct scenario *s)
{
	if (v->type != VALUE_LIST || !v->list.n || v->list.n > STEPS_MAX) {
		load_problem(l, v, "expected a list of 1 to %d steps", STEPS_MAX);
		return;
	}
	const struct step *links = s->steps;

	s->steps = pool_array(l->pool, struct step, s->n_steps + v->list.n);
	for (size_t i = 0; i < s->n_steps; i++)
		s->steps[i] = links[i];
	for (size_t i = 0; i < v->list.n; i++) {
		load_step(l, v->list.items[i], &s->steps[s->n_steps]);
		s->n_steps++;
	}
}
