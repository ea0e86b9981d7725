// SPDX-License-Identifier: GPL-2.0-only
/*
 * Building, reading, comparing and showing values.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "nsc/text.h"
#include "nsc/value.h"

static struct value *value_new(struct pool *pool, enum value_type type)
{
	struct value *v = pool_new(pool, struct value);

	v->type = type;
	return v;
}

struct value *value_nil(struct pool *pool)
{
	return value_new(pool, VALUE_NIL);
}

struct value *value_bool(struct pool *pool, bool b)
{
	struct value *v = value_new(pool, VALUE_BOOL);

	v->b = b;
	return v;
}

struct value *value_int(struct pool *pool, int64_t i)
{
	struct value *v = value_new(pool, VALUE_INT);

	v->i = i;
	return v;
}

struct value *value_strn(struct pool *pool, const char *s, size_t len)
{
	struct value *v = value_new(pool, VALUE_STR);

	v->str.s = pool_strndup(pool, s, len);
	v->str.len = len;
	v->dollar = memchr(s, '$', len) != NULL;
	return v;
}

struct value *value_str(struct pool *pool, const char *s)
{
	return value_strn(pool, s, strlen(s));
}

struct value *value_fd(struct pool *pool, int fd)
{
	struct value *v = value_new(pool, VALUE_FD);

	v->fd = fd;
	return v;
}

struct value *value_list(struct pool *pool)
{
	return value_new(pool, VALUE_LIST);
}

struct value *value_map(struct pool *pool)
{
	return value_new(pool, VALUE_MAP);
}

struct value *value_of_items(struct pool *pool, enum value_type type, struct value *const *items,
			     size_t n)
{
	struct value *v = value_new(pool, type);

	v->list.items = n ? pool_array(pool, struct value *, n) : NULL;
	v->list.n = v->list.room = (uint32_t)n;
	for (size_t i = 0; i < n; i++) {
		v->list.items[i] = items[i];
		v->dollar |= items[i]->dollar;
	}
	return v;
}

void value_push(struct pool *pool, struct value *list, struct value *item)
{
	if (list->list.n == list->list.room) {
		uint32_t room = list->list.room ? list->list.room * 2 : 4;
		struct value **items = pool_array(pool, struct value *, room);

		if (list->list.n)
			memcpy(items, list->list.items, list->list.n * sizeof(*items));
		list->list.items = items;
		list->list.room = room;
	}
	list->list.items[list->list.n++] = item;
	list->dollar |= item->dollar;
}

void value_put(struct pool *pool, struct value *map, const char *key, struct value *item)
{
	value_push(pool, map, value_str(pool, key));
	value_push(pool, map, item);
}

const struct value *value_get(const struct value *map, const char *key)
{
	if (!map || map->type != VALUE_MAP)
		return NULL;
	for (size_t i = 0; i < map->list.n; i += 2) {
		const char *text = map->list.items[i]->str.s;

		/* Most keys differ from most others in their first letter. */
		if (*text == *key && !strcmp(text, key))
			return map->list.items[i + 1];
	}
	return NULL;
}

const char *value_text(const struct value *v)
{
	return v && v->type == VALUE_STR ? v->str.s : NULL;
}

bool value_true(const struct value *v)
{
	return v && v->type == VALUE_BOOL && v->b;
}

bool value_is(const struct value *v, const char *text)
{
	const char *have = value_text(v);

	return have && !strcmp(have, text);
}

bool value_equal(const struct value *a, const struct value *b)
{
	if (a->type != b->type)
		return false;
	switch (a->type) {
	case VALUE_NIL:
		return true;
	case VALUE_BOOL:
		return a->b == b->b;
	case VALUE_INT:
		return a->i == b->i;
	case VALUE_FD:
		return a->fd == b->fd;
	case VALUE_STR:
		return a->str.len == b->str.len && !memcmp(a->str.s, b->str.s, a->str.len);
	case VALUE_LIST:
	case VALUE_MAP:
		break;
	}
	if (a->list.n != b->list.n)
		return false;
	for (size_t i = 0; i < a->list.n; i++)
		if (!value_equal(a->list.items[i], b->list.items[i]))
			return false;
	return true;
}

const char *value_type_name(enum value_type type)
{
	static const char *const names[] = {
		[VALUE_NIL] = "nothing", [VALUE_BOOL] = "a boolean", [VALUE_INT] = "an integer",
		[VALUE_STR] = "a string", [VALUE_LIST] = "a list", [VALUE_MAP] = "a map",
		[VALUE_FD] = "a descriptor",
	};

	return names[type];
}

static void show(struct text *t, const struct value *v);

static void show_str(struct text *t, const struct value *v)
{
	text_puts(t, "\"");
	text_puts(t, text_escape(t->pool, v->str.s, v->str.len, "\"\\"));
	text_puts(t, "\"");
}

static void show_items(struct text *t, const struct value *v)
{
	bool map = v->type == VALUE_MAP;

	text_puts(t, map ? "{" : "[");
	for (size_t i = 0; i < v->list.n; i++) {
		const struct value *item = v->list.items[i];

		text_puts(t, i == 0 ? "" : map && i % 2 ? ": " : ", ");
		if (map && i % 2 == 0)
			text_puts(t, value_text(item));
		else
			show(t, item);
	}
	text_puts(t, map ? "}" : "]");
}

static void show(struct text *t, const struct value *v)
{
	switch (v->type) {
	case VALUE_NIL:
		text_puts(t, "null");
		return;
	case VALUE_BOOL:
		text_puts(t, v->b ? "true" : "false");
		return;
	case VALUE_INT:
		text_printf(t, "%" PRId64, v->i);
		return;
	case VALUE_FD:
		text_puts(t, "a descriptor");
		return;
	case VALUE_STR:
		show_str(t, v);
		return;
	case VALUE_LIST:
	case VALUE_MAP:
		show_items(t, v);
		return;
	}
}

const char *value_show(struct pool *pool, const struct value *v)
{
	struct text t = { .pool = pool };

	show(&t, v);
	return t.s;
}

/* Whether LIST has an item equal to V among its first N. */
static bool has_item(const struct value *list, size_t n, const struct value *v)
{
	for (size_t i = 0; i < n; i++)
		if (value_equal(list->list.items[i], v))
			return true;
	return false;
}

static const struct value *join_lists(struct pool *pool, const struct value *a,
				      const struct value *b)
{
	struct value *made = value_list(pool);

	made->at = a->at;
	for (size_t i = 0; i < a->list.n; i++)
		value_push(pool, made, a->list.items[i]);
	for (size_t i = 0; i < b->list.n; i++)
		if (!has_item(a, a->list.n, b->list.items[i]))
			value_push(pool, made, b->list.items[i]);
	return made;
}

const struct value *value_merge(struct pool *pool, const struct value *a, const struct value *b)
{
	struct value *made = value_map(pool);

	if (a->type == VALUE_LIST && b->type == VALUE_LIST)
		return join_lists(pool, a, b);
	if (a->type != VALUE_MAP || b->type != VALUE_MAP)
		return b;
	made->at = a->at;
	for (size_t i = 0; i < a->list.n; i += 2) {
		const struct value *over = value_get(b, a->list.items[i]->str.s);
		struct value *item = a->list.items[i + 1];

		value_push(pool, made, a->list.items[i]);
		value_push(pool, made, over ? (struct value *)value_merge(pool, item, over) : item);
	}
	for (size_t i = 0; i < b->list.n; i += 2) {
		if (value_get(a, b->list.items[i]->str.s))
			continue;
		value_push(pool, made, b->list.items[i]);
		value_push(pool, made, b->list.items[i + 1]);
	}
	return made;
}

const struct value *value_lay_over(struct pool *pool, const struct value *base,
				   const struct value *over)
{
	struct value *made = value_map(pool);

	if (!over)
		return base;
	if (base)
		made->at = base->at;
	for (size_t i = 0; base && i < base->list.n; i += 2) {
		if (value_get(over, base->list.items[i]->str.s))
			continue;
		value_push(pool, made, base->list.items[i]);
		value_push(pool, made, base->list.items[i + 1]);
	}
	for (size_t i = 0; i < over->list.n; i += 2) {
		if (over->list.items[i + 1]->type == VALUE_NIL)
			continue;
		value_push(pool, made, over->list.items[i]);
		value_push(pool, made, over->list.items[i + 1]);
	}
	return made;
}
