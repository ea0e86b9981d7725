// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading typed things out of value trees; what does not fit is reported with its place.
 */

#include "load/loader.h"
#include "load/refs.h"
#include "load/release.h"

const struct word *word_find(const struct word *words, const char *name)
{
	for (; words->name; words++)
		if (!strcmp(words->name, name))
			return words;
	return NULL;
}

static void unknown_word(struct loader *l, const struct word *words, const struct value *key,
			 const char *what)
{
	struct nearest n = { .word = key->str.s };

	for (const struct word *w = words; w->name; w++)
		nearest_offer(&n, w->name);
	load_problem(l, key, "%s has no key %s%s", what, key->str.s, nearest_hint(l->pool, &n));
}

void load_words(struct loader *l, const struct word *words, const struct value *map, void *object,
		const char *what)
{
	if (map->type != VALUE_MAP) {
		load_problem(l, map, "%s must be a map, not %s", what, value_type_name(map->type));
		return;
	}
	for (size_t i = 0; i < map->list.n; i += 2)
		if (!word_find(words, map->list.items[i]->str.s))
			unknown_word(l, words, map->list.items[i], what);
	/* In the table's order, so that a word may rely on those before it. */
	for (const struct word *w = words; w->name; w++) {
		const struct value *v = value_get(map, w->name);

		if (v && w->take)
			w->take(l, v, object);
		else if (!v && w->required)
			load_problem(l, map, "%s lacks %s", what, w->name);
	}
}

const char *load_text(struct loader *l, const struct value *v)
{
	if (v->type == VALUE_STR && v->str.len && !memchr(v->str.s, 0, v->str.len))
		return v->str.s;
	load_problem(l, v, "expected text, not %s", value_type_name(v->type));
	return "";
}

const char *load_id(struct loader *l, const struct value *v)
{
	const char *text = v->type == VALUE_INT ? value_show(l->pool, v) : value_text(v);

	if (text && *text &&
	    strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_-") == strlen(text) &&
	    strlen(text) <= 80)
		return text;
	load_problem(l, v, "expected a name of lower-case letters, digits, hyphens and underscores");
	return "";
}

bool load_bool(struct loader *l, const struct value *v)
{
	if (v->type != VALUE_BOOL)
		load_problem(l, v, "expected true or false");
	return v->type == VALUE_BOOL && v->b;
}

int load_release(struct loader *l, const struct value *v)
{
	const char *text = value_text(v);
	int release = text && release_is_exact(text) ? release_parse(text) : 0;

	if (!release)
		load_problem(l, v, "expected a kernel release in quotes, such as \"6.9\"");
	return release;
}

int64_t load_time(struct loader *l, const struct value *v)
{
	int64_t ns = 0;

	if (!value_text(v) || !time_parse(value_text(v), &ns) || ns <= 0 || ns > WITHIN_MAX_NS)
		load_problem(l, v, "expected a time from 1ns to 60s, such as 2s or 250ms");
	return ns;
}

struct strs load_strs(struct loader *l, const struct value *v)
{
	struct strs strs = { .v = pool_array(l->pool, const char *, 1), .n = 1 };

	if (v->type != VALUE_LIST) {
		strs.v[0] = load_text(l, v);
		return strs;
	}
	strs.n = v->list.n;
	strs.v = pool_array(l->pool, const char *, strs.n + 1);
	for (size_t i = 0; i < strs.n; i++)
		strs.v[i] = load_text(l, v->list.items[i]);
	return strs;
}

const struct value *load_map(struct loader *l, const struct value *v)
{
	if (v->type == VALUE_MAP || v->type == VALUE_NIL)
		return v->type == VALUE_MAP ? v : value_map(l->pool);
	load_problem(l, v, "expected a map, not %s", value_type_name(v->type));
	return value_map(l->pool);
}

int64_t load_symbol(struct loader *l, const struct value *v, const struct symbol *symbols,
		    const char *what)
{
	const struct symbol *s = value_text(v) ? symbol_find(symbols, value_text(v)) : NULL;
	struct nearest n = { .word = value_text(v) ? value_text(v) : "" };

	if (s)
		return s->value;
	const char *known = "";

	for (const struct symbol *k = symbols; k->name; k++) {
		nearest_offer(&n, k->name);
		known = pool_printf(l->pool, "%s%s%s", known, *known ? ", " : "", k->name);
	}
	load_problem(l, v, "expected %s, one of %s%s", what, known, nearest_hint(l->pool, &n));
	return -1;
}

unsigned load_ns(struct loader *l, const struct value *v)
{
	unsigned mask = 0;

	if (v->type != VALUE_LIST) {
		int64_t one = load_symbol(l, v, ns_symbols, "a namespace kind");

		return one < 0 ? 0 : (unsigned)one;
	}
	for (size_t i = 0; i < v->list.n; i++)
		mask |= load_ns(l, v->list.items[i]);
	return mask;
}

static int actor_index(const struct scenario *s, const char *name)
{
	for (size_t i = 0; i < s->n_actors; i++)
		if (s->actors[i].name && !strcmp(s->actors[i].name, name))
			return (int)i;
	return -1;
}

int load_actor_name(struct loader *l, const struct value *v)
{
	const char *name = load_text(l, v);
	int index = *name ? actor_index(l->scenario, name) : -1;
	struct nearest n = { .word = name };

	if (index >= 0 || !*name)
		return index;
	for (size_t i = 0; i < l->scenario->n_actors; i++)
		nearest_offer(&n, l->scenario->actors[i].name);
	load_problem(l, v, "no actor %s%s", name, nearest_hint(l->pool, &n));
	return -1;
}

void load_fields(struct loader *l, const struct field *fields, const struct value *map,
		 const struct value *at, const char *what)
{
	for (size_t i = 0; i < map->list.n; i += 2) {
		const struct value *key = map->list.items[i], *v = map->list.items[i + 1];
		const struct field *f = field_find(fields, key->str.s);
		struct nearest n = { .word = key->str.s };

		if (!f) {
			for (f = fields; f && f->type != FIELD_END; f++)
				nearest_offer(&n, f->name);
			load_problem(l, key, "%s has no %s%s", what, key->str.s,
				     nearest_hint(l->pool, &n));
			continue;
		}
		const char *want = refs_any(v) || v->type == VALUE_NIL ?
					   NULL : field_kinds[f->type].check(l->pool, f, v);

		if (want)
			load_problem(l, v, "%s: expected %s", f->name, want);
	}
	for (const struct field *f = fields; f && f->type != FIELD_END; f++)
		if (f->need == REQUIRED && !value_get(map, f->name))
			load_problem(l, at, "%s lacks %s", what, f->name);
}
