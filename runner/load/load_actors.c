// SPDX-License-Identifier: GPL-2.0-only
/*
 * Actors: the keys that relate them to one another; all other attributes are place_fields.
 */
#include <string.h>

#include "load/loader.h"
#include "load/refs.h"
#include "nsc/box.h"

/* Its properties are checked again when references have their values (check.c). */
static void read_box(struct loader *l, const struct field *f, const struct value *v, void *member)
{
	const struct value *box = refs_any(v) && v->type == VALUE_STR ? v : load_map(l, v);

	*(const struct value **)member = box;
	if (box->type == VALUE_MAP)
		load_params(l, box_fields, box, v, "a box");
}

const struct field join_fields[] = {
	K_ACTOR("of", struct actor, join_of, REQUIRED, "The actor whose namespaces are entered."),
	K_KINDS("ns", struct actor, join_types, REQUIRED, "Which kinds."),
	K_ENUM("by", struct actor, join_by, OPTIONAL, join_symbols, "a way to join",
	       "pidfd: all at once; nsfd: one descriptor after another."),
	F_END
};

const struct field actor_fields[] = {
	K_ACTOR("in", struct actor, in, OPTIONAL,
		"The actor that forks it; default: the arena's first process."),
	K_ACTOR("thread_of", struct actor, thread_of, OPTIONAL,
		"The actor of whose process it is a thread."),
	K_KEYS("join", OPTIONAL, join_fields, "a join",
	       "Another actor's namespaces that it enters.", "{\"$ref\": \"#/definitions/join\"}"),
	KEY("box", struct actor, box, const struct value *, OPTIONAL,
	    "Properties of the box that a runtime builds for it; only with a runtime.",
	    "{\"anyOf\": [{\"$ref\": \"#/definitions/box\"}, {\"type\": \"string\"}]}", read_box),
	K_ACTOR("exec", struct actor, exec_of, OPTIONAL,
		"The actor of whose box it is a further process; only with a runtime."),
	K_BOOL("later", struct actor, later, OPTIONAL,
	       "Made by a `start` step, not before the first step."),
	F_END
};

/* What is no key of an actor is an attribute of its place. */
static void load_actor(struct loader *l, const struct value *v, struct actor *a)
{
	struct value *place = value_map(l->pool);

	a->in = a->thread_of = a->join_of = a->exec_of = -1;
	a->place = place;
	if (v->type == VALUE_NIL)
		return;
	if (v->type != VALUE_MAP) {
		load_problem(l, v, "an actor must be a map, not %s", value_type_name(v->type));
		return;
	}
	load_fields(l, actor_fields, load_split(l, actor_fields, v, &place), a, "an actor");
	if ((a->in >= 0) + (a->thread_of >= 0) + (a->exec_of >= 0) > 1)
		load_problem(l, v, "an actor has one of in, thread_of and exec");
	a->place = place;
	load_params(l, place_fields, place, v, "an actor");
}

void load_actors(struct loader *l, const struct value *v, struct scenario *s)
{
	if (v->type != VALUE_MAP || !v->list.n || v->list.n / 2 > ACTORS_MAX) {
		load_problem(l, v, "expected a map of 1 to %d actors", ACTORS_MAX);
		return;
	}
	s->n_actors = v->list.n / 2;
	s->actors = pool_array(l->pool, struct actor, s->n_actors);
	/* Names are read first, because actors may refer to actors that are listed after them. */
	for (size_t i = 0; i < s->n_actors; i++) {
		const struct value *key = v->list.items[2 * i];

		s->actors[i].at = key->at;
		s->actors[i].name = load_id(l, key);
		if (field_find(step_fields, key->str.s))
			load_problem(l, key,
				     "an actor cannot be named %s, which is a word of steps",
					     key->str.s);
		if (refs_variant(key->str.s))
			load_problem(l, key,
				     "an actor cannot be named %s, which is a word of references",
				     key->str.s);
	}
	for (size_t i = 0; i < s->n_actors; i++)
		load_actor(l, v->list.items[2 * i + 1], &s->actors[i]);
}
