// SPDX-License-Identifier: GPL-2.0-only
/*
 * Steps: `- ACTOR: OP` or `- ACTOR: {OP: {param: value}}` with words beside it, `- finish: NAME`,
 * `- start: ACTOR`.
 */
#include <string.h>

#include "load/loader.h"
#include "nsc/box.h"
#include "nsc/registry.h"

static const struct symbol control_symbols[] = {
	{ "keep", CONTROL_KEEP, NULL },
	{ "omit", CONTROL_OMIT, NULL },
	{ "only", CONTROL_ONLY, NULL },
	{ 0 }
};

static void take_save(struct loader *l, const struct value *v, void *object)
{
	struct step *s = object;

	s->save = load_id(l, v);
	if (!strcmp(s->save, "row") || !strcmp(s->save, "via") || !strcmp(s->save, "as"))
		load_problem(l, v, "%s is a word of references and cannot be saved to", s->save);
}

static void take_expect(struct loader *l, const struct value *v, void *object)
{
	if (v->type != VALUE_MAP && v->type != VALUE_STR)
		load_problem(l, v, "expected `ok` or a map of fields");
	else
		((struct step *)object)->expect = v;
}

static void take_isolates(struct loader *l, const struct value *v, void *object)
{
	((struct step *)object)->isolates = load_ns(l, v);
}

static void take_trial(struct loader *l, const struct value *v, void *object)
{
	((struct step *)object)->trial = load_bool(l, v);
}

static void take_if_started(struct loader *l, const struct value *v, void *object)
{
	((struct step *)object)->if_started = load_bool(l, v);
}

static void take_background(struct loader *l, const struct value *v, void *object)
{
	((struct step *)object)->background = load_id(l, v);
}

static void take_control(struct loader *l, const struct value *v, void *object)
{
	((struct step *)object)->control =
		(enum control_mode)load_symbol(l, v, control_symbols, "a place in control cells");
}

static void take_within(struct loader *l, const struct value *v, void *object)
{
	((struct step *)object)->within_ns = load_time(l, v);
}

static void take_since(struct loader *l, const struct value *v, void *object)
{
	((struct step *)object)->since = load_release(l, v);
}

static void take_until(struct loader *l, const struct value *v, void *object)
{
	((struct step *)object)->until = load_release(l, v);
}

static void take_finish(struct loader *l, const struct value *v, void *object)
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

static void take_start(struct loader *l, const struct value *v, void *object)
{
	struct step *s = object;

	s->kind = STEP_START;
	s->actor = load_actor_name(l, v);
	const struct actor *a = s->actor >= 0 ? &l->scenario->actors[s->actor] : NULL;

	s->op = op_find(op_registry,
			a && (a->box || a->exec_of >= 0) ? "box.launch" : "actor.spawn");
}

/* Twin words. */

static void take_twin_with(struct loader *l, const struct value *v, void *object)
{
	((struct twin *)object)->with = load_map(l, v);
}

static void take_twin_by(struct loader *l, const struct value *v, void *object)
{
	((struct twin *)object)->by = load_actor_name(l, v);
}

static void take_twin_actors(struct loader *l, const struct value *v, void *object)
{
	struct twin *twin = object;

	twin->actors = load_map(l, v);
	for (size_t i = 0; i < twin->actors->list.n; i += 2) {
		const struct value *place = load_map(l, twin->actors->list.items[i + 1]);

		struct value *rest = value_map(l->pool);

		load_actor_name(l, twin->actors->list.items[i]);
		for (size_t k = 0; k < place->list.n; k += 2) {
			const struct value *v = place->list.items[k + 1];

			if (value_is(place->list.items[k], "box")) {
				load_fields(l, box_fields, load_map(l, v), v, "a box");
				continue;
			}
			value_push(l->pool, rest, place->list.items[k]);
			value_push(l->pool, rest, place->list.items[k + 1]);
		}
		load_fields(l, place_fields, rest, twin->actors->list.items[i], "an actor");
	}
}

static void take_twin_expect(struct loader *l, const struct value *v, void *object)
{
	if (v->type != VALUE_MAP && v->type != VALUE_STR)
		load_problem(l, v, "expected `ok` or a map of fields");
	else
		((struct twin *)object)->expect = v;
}

const struct word twin_words[] = {
	{ "with", "Parameters laid over the step's own; ~ removes one.", "{\"type\": \"object\"}",
	  false, take_twin_with },
	{ "by", "Another actor does it.", "{\"type\": \"string\"}", false, take_twin_by },
	{ "actors", "Attributes laid over actors' own.", "{\"type\": \"object\"}", false,
	  take_twin_actors },
	{ "expect", "What must be seen instead; default ok.",
	  "{\"type\": [\"string\", \"object\"]}", false, take_twin_expect },
	{ 0 }
};

static void take_twin(struct loader *l, const struct value *v, void *object)
{
	struct twin *twin = pool_new(l->pool, struct twin);

	twin->at = v->at;
	twin->by = -1;
	load_words(l, twin_words, v, twin, "a twin");
	((struct step *)object)->twin = twin;
}

const struct word step_words[] = {
	{ "start", "Make an actor that is marked `later`.", "{\"type\": \"string\"}", false,
	  take_start },
	{ "finish", "Wait for the answer of a background step.", "{\"type\": \"string\"}", false,
	  take_finish },
	{ "save", "Keep the results as $NAME.field.", "{\"type\": \"string\"}", false, take_save },
	{ "expect", "What must be seen: ok, or fields with matchers.",
	  "{\"type\": [\"string\", \"object\"]}", false, take_expect },
	{ "isolates", "Namespace kinds without which this expectation must fail: a control cell each.",
	  "{\"type\": [\"string\", \"array\"]}", false, take_isolates },
	{ "twin", "The same call without the forbidden ingredient: a cell of its own.",
	  "{\"$ref\": \"#/definitions/twin\"}", false, take_twin },
	{ "trial", "Done in a throw-away child of the actor.", "{\"type\": \"boolean\"}", false,
	  take_trial },
	{ "if_started", "Left out when the start of the actor's box was refused, which is as good.",
	  "{\"type\": \"boolean\"}", false, take_if_started },
	{ "background", "Go on without waiting; `finish` it by this name.",
	  "{\"type\": \"string\"}", false, take_background },
	{ "control", "omit: not in control cells; only: just there.",
	  "{\"enum\": [\"keep\", \"omit\", \"only\"]}", false, take_control },
	{ "within", "Deadline instead of 5 s.", "{\"type\": \"string\"}", false, take_within },
	{ "since", "Only on kernels from this release, quoted.", "{\"type\": \"string\"}", false,
	  take_since },
	{ "until", "Only on kernels before this release, quoted.", "{\"type\": \"string\"}", false,
	  take_until },
	{ 0 }
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

/* Parameters stand with their op, and an op without any stands alone. */
static const struct value *load_params(struct loader *l, const struct value *actor,
				       const struct value *op, const struct value *v)
{
	const struct value *params = load_map(l, v);

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
	s->kind = STEP_CALL;
	s->actor = load_actor_name(l, key);
	if (v->type == VALUE_STR) {
		load_op(l, v, v->str.s, s);
	} else if (v->type == VALUE_MAP && v->list.n == 2) {
		load_op(l, v->list.items[0], v->list.items[0]->str.s, s);
		s->with = load_params(l, key, v->list.items[0], v->list.items[1]);
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
	bool by_actor = v->list.n && !word_find(step_words, v->list.items[0]->str.s);

	for (size_t i = 0; i < v->list.n; i += 2) {
		const struct value *key = v->list.items[i];

		/* What is neither a word nor the step's actor is most likely a mistyped word. */
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
	load_words(l, step_words, words, s, "a step");
	if (calls != 1)
		load_problem(l, v, "a step begins with one of: ACTOR: OP, finish: NAME, start: ACTOR");
	if (s->isolates && !s->expect)
		load_problem(l, v, "isolates without expect: there is nothing that could fail");
	if (s->twin && !s->expect)
		load_problem(l, v, "a twin without expect: there is no refusal to compare it with");
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
