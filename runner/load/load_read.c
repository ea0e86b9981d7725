// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading typed things out of value trees; what does not fit is reported with its place.
 */

#include "load/loader.h"
#include "load/refs.h"
#include "load/release.h"
#include "nsc/text.h"

static void unknown(struct loader *l, const struct field *fields, const struct value *key,
		    const char *what, const char *lacks)
{
	struct nearest n = { .word = key->str.s };

	for (const struct field *f = fields; f && f->type != FIELD_END; f++)
		nearest_offer(&n, f->name);
	load_problem(l, key, "%s %s %s%s", what, lacks, key->str.s, nearest_hint(l->pool, &n));
}

static void check_names(struct loader *l, const struct field *fields, const struct value *map,
			const struct value *at, const char *what, const char *lacks)
{
	for (size_t i = 0; i < map->list.n; i += 2)
		if (!field_find(fields, map->list.items[i]->str.s))
			unknown(l, fields, map->list.items[i], what, lacks);
	for (const struct field *f = fields; f && f->type != FIELD_END; f++)
		if (f->need == REQUIRED && !value_get(map, f->name))
			load_problem(l, at, "%s lacks %s", what, f->name);
}

static void read_type(struct loader *l, const struct field *f, const struct value *v, void *member)
{
	const struct field_kind *kind = &field_kinds[f->type];
	const char *want = kind->check(l->pool, f, v);

	if (want)
		load_problem(l, v, "expected %s", want);
	else
		kind->bind(l->pool, f, v, member);
}

void load_fields(struct loader *l, const struct field *fields, const struct value *map,
		 void *object, const char *what)
{
	if (map->type != VALUE_MAP) {
		load_problem(l, map, "%s must be a map, not %s", what, value_type_name(map->type));
		return;
	}
	check_names(l, fields, map, map, what, "has no key");
	/* Tables are long and maps short. */
	size_t left = map->list.n / 2;

	for (const struct field *f = fields; f->type != FIELD_END && left; f++) {
		const struct value *v = value_get(map, f->name);

		left -= v != NULL;
		if (v)
			(f->read ? f->read : read_type)(l, f, v, (char *)object + f->offset);
	}
}

void load_params(struct loader *l, const struct field *fields, const struct value *map,
		 const struct value *at, const char *what)
{
	check_names(l, fields, map, at, what, "has no");
	for (size_t i = 0; i < map->list.n; i += 2) {
		const struct field *f = field_find(fields, map->list.items[i]->str.s);
		const struct value *v = map->list.items[i + 1];
		bool left_out = f && v->type == VALUE_NIL && f->need != REQUIRED;
		const char *want = !f || left_out || refs_any(v) ?
					   NULL : field_kinds[f->type].check(l->pool, f, v);

		if (want)
			load_problem(l, v, "%s: expected %s", f->name, want);
	}
}

struct value *load_split(struct loader *l, const struct field *fields, const struct value *map,
			 struct value **rest)
{
	struct value *ours = value_map(l->pool);

	*rest = value_map(l->pool);
	ours->at = (*rest)->at = map->at;
	for (size_t i = 0; i < map->list.n; i += 2) {
		struct value *to = field_find(fields, map->list.items[i]->str.s) ? ours : *rest;

		value_push(l->pool, to, map->list.items[i]);
		value_push(l->pool, to, map->list.items[i + 1]);
	}
	return ours;
}

const char *load_text(struct loader *l, const struct value *v)
{
	if (v->type == VALUE_STR && v->str.len && !memchr(v->str.s, 0, v->str.len))
		return v->str.s;
	load_problem(l, v, "expected text, not %s", v->type != VALUE_STR ?
		     value_type_name(v->type) : v->str.len ? "text with NUL" : "an empty one");
	return "";
}

const char *load_id(struct loader *l, const struct value *v)
{
	const char *text = v->type == VALUE_INT ? value_show(l->pool, v) : value_text(v);

	if (text && *text &&
	    !text[text_name_length(text)] && strlen(text) <= 80)
		return text;
	load_problem(l, v, "expected a name of lower-case letters, digits, hyphens and underscores");
	return "";
}

static int load_release(struct loader *l, const struct value *v)
{
	const char *text = value_text(v);
	int release = text && release_is_exact(text) ? release_parse(text) : 0;

	if (!release)
		load_problem(l, v, "expected a kernel release in quotes, such as \"6.9\"");
	return release;
}

static int64_t load_within(struct loader *l, const struct value *v)
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
	for (size_t i = 0; i < strs.n; i++) {
		strs.v[i] = load_text(l, v->list.items[i]);
		for (size_t k = 0; k < i; k++)
			if (*strs.v[i] && !strcmp(strs.v[k], strs.v[i]))
				load_problem(l, v->list.items[i], "%s stands twice", strs.v[i]);
	}
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

static unsigned load_kinds(struct loader *l, const struct value *v)
{
	unsigned mask = 0;

	if (v->type != VALUE_LIST) {
		int64_t one = load_symbol(l, v, ns_symbols, "a namespace kind");

		return one < 0 ? 0 : (unsigned)one;
	}
	for (size_t i = 0; i < v->list.n; i++) {
		unsigned one = load_kinds(l, v->list.items[i]);

		if (mask & one)
			load_problem(l, v->list.items[i], "stands twice");
		mask |= one;
	}
	return mask;
}

static int actor_index(const struct scenario *s, const char *name)
{
	for (size_t i = 0; i < s->n_actors; i++)
		if (!strcmp(s->actors[i].name, name))
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

/* Kinds of keys. */

static const struct value *load_expect(struct loader *l, const struct value *v)
{
	if (v->type != VALUE_MAP && v->type != VALUE_STR)
		load_problem(l, v, "expected `ok` or a map of fields");
	return v;
}

static struct strs load_symbols(struct loader *l, const struct field *f, const struct value *v)
{
	struct strs names = load_strs(l, v);

	for (size_t i = 0; i < names.n; i++)
		if (*names.v[i])
			load_symbol(l, v->type == VALUE_LIST ? v->list.items[i] : v, f->symbols,
				    f->what);
	return names;
}

static struct ints load_axis(struct loader *l, const struct field *f, const struct value *v)
{
	struct ints axis =
		{ .v = pool_array(l->pool, int64_t, v->type == VALUE_LIST ? v->list.n + 1 : 1) };

	if (v->type != VALUE_LIST || !v->list.n) {
		load_problem(l, v, "expected a list of %s", f->what);
		return axis;
	}
	for (size_t i = 0; i < v->list.n; i++) {
		axis.v[axis.n++] = load_symbol(l, v->list.items[i], f->symbols, f->what);
		for (size_t k = 0; k < i && axis.v[i] >= 0; k++)
			if (axis.v[k] == axis.v[i])
				load_problem(l, v->list.items[i], "stands twice");
	}
	return axis;
}

READER(text, const char *, load_text(l, v))
READER(name, const char *, load_id(l, v))
READER(strs, struct strs, load_strs(l, v))
READER(symbols, struct strs, load_symbols(l, f, v))
READER(release, int, load_release(l, v))
READER(within, int64_t, load_within(l, v))
READER(map, const struct value *, load_map(l, v))
READER(kinds, unsigned, load_kinds(l, v))
READER(enum, int64_t, load_symbol(l, v, f->symbols, f->what))
READER(either, bool, load_symbol(l, v, f->symbols, f->what) == 1)
READER(axis, struct ints, load_axis(l, f, v))
READER(actor, int, load_actor_name(l, v))
READER(expect, const struct value *, load_expect(l, v))

void read_keys(struct loader *l, const struct field *f, const struct value *v, void *object)
{
	load_fields(l, f->keys, v, object, f->what);
}
