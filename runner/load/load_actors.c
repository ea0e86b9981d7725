// SPDX-License-Identifier: GPL-2.0-only
/*
 * Actors: the words that relate them to one another; all other attributes are place_fields.
 */
#include <string.h>

#include "load/loader.h"
#include "nsc/box.h"

static void take_in(struct loader *l, const struct value *v, void *object)
{
	((struct actor *)object)->in = load_actor_name(l, v);
}

static void take_thread_of(struct loader *l, const struct value *v, void *object)
{
	((struct actor *)object)->thread_of = load_actor_name(l, v);
}

static void take_later(struct loader *l, const struct value *v, void *object)
{
	((struct actor *)object)->later = load_bool(l, v);
}

static void take_box(struct loader *l, const struct value *v, void *object)
{
	const struct value *box = load_map(l, v);

	((struct actor *)object)->box = box;
	load_fields(l, box_fields, box, v, "a box");
}

static void take_exec(struct loader *l, const struct value *v, void *object)
{
	((struct actor *)object)->exec_of = load_actor_name(l, v);
}

static void take_join_of(struct loader *l, const struct value *v, void *object)
{
	((struct actor *)object)->join_of = load_actor_name(l, v);
}

static void take_join_ns(struct loader *l, const struct value *v, void *object)
{
	((struct actor *)object)->join_types = load_ns(l, v);
}

static void take_join_by(struct loader *l, const struct value *v, void *object)
{
	((struct actor *)object)->join_by =
		(int)load_symbol(l, v, join_symbols, "a way to join");
}

const struct word join_words[] = {
	{ "of", "The actor whose namespaces are entered.", "{\"type\": \"string\"}", true,
	  take_join_of },
	{ "ns", "Which kinds.", "{\"type\": [\"array\", \"string\"]}", true, take_join_ns },
	{ "by", "pidfd: all at once; nsfd: one descriptor after another.",
	  "{\"enum\": [\"pidfd\", \"nsfd\"]}", false, take_join_by },
	{ 0 }
};

static void take_join(struct loader *l, const struct value *v, void *object)
{
	load_words(l, join_words, v, object, "a join");
}

const struct word actor_words[] = {
	{ "in", "The actor that forks it; default: the arena's first process.",
	  "{\"type\": \"string\"}", false, take_in },
	{ "thread_of", "The actor of whose process it is a thread.", "{\"type\": \"string\"}",
	  false, take_thread_of },
	{ "join", "Another actor's namespaces that it enters.",
	  "{\"$ref\": \"#/definitions/join\"}",
	  false, take_join },
	{ "box", "Properties of the box that a runtime builds for it; only with a runtime.",
	  "{\"$ref\": \"#/definitions/box\"}", false, take_box },
	{ "exec", "The actor of whose box it is a further process; only with a runtime.",
	  "{\"type\": \"string\"}", false, take_exec },
	{ "later", "Made by a `start` step, not before the first step.", "{\"type\": \"boolean\"}",
	  false, take_later },
	{ 0 }
};

/* The place fields of the map, and the words' own entries taken. */
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
	place->at = v->at;
	for (size_t i = 0; i < v->list.n; i += 2) {
		const struct value *key = v->list.items[i];
		const struct word *w = word_find(actor_words, key->str.s);

		if (w) {
			w->take(l, v->list.items[i + 1], a);
		} else {
			value_push(l->pool, place, v->list.items[i]);
			value_push(l->pool, place, v->list.items[i + 1]);
		}
	}
	load_fields(l, place_fields, place, v, "an actor");
}

void load_actors(struct loader *l, const struct value *v, struct scenario *s)
{
	if (v->type != VALUE_MAP || !v->list.n || v->list.n / 2 > ACTORS_MAX) {
		load_problem(l, v, "expected a map of 1 to %d actors", ACTORS_MAX);
		return;
	}
	s->n_actors = v->list.n / 2;
	s->actors = pool_array(l->pool, struct actor, s->n_actors);
	/* Names first: actors may refer to one another in any order but their making. */
	for (size_t i = 0; i < s->n_actors; i++) {
		const struct value *key = v->list.items[2 * i];

		s->actors[i].at = key->at;
		s->actors[i].name = load_id(l, key);
		if (word_find(step_words, key->str.s))
			load_problem(l, key,
				     "an actor cannot be named %s, which is a word of steps",
					     key->str.s);
	}
	for (size_t i = 0; i < s->n_actors; i++)
		load_actor(l, v->list.items[2 * i + 1], &s->actors[i]);
}
