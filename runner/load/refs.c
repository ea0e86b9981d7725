// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finding and replacing references in value trees.
 */
#include <string.h>

#include "load/refs.h"

static size_t name_length(const char *s)
{
	return strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_-");
}

/* Parse the reference at S (behind the dollar sign); its length, or 0. */
static size_t ref_parse(struct pool *pool, const char *s, struct ref *ref)
{
	bool braces = *s == '{';
	const char *at = s + braces;
	size_t name = name_length(at), field = 0;

	if (!name)
		return 0;
	if (at[name] == '.')
		field = name_length(at + name + 1);
	ref->name = pool_strndup(pool, at, name);
	ref->field = field ? pool_strndup(pool, at + name + 1, field) : "";
	at += name + (field ? field + 1 : 0);
	if (braces && *at != '}')
		return 0;
	return (size_t)(at - s) + braces;
}

/* The whole scalar is one reference: its value keeps its type. */
static bool ref_whole(struct pool *pool, const struct value *v, struct ref *ref)
{
	if (v->type != VALUE_STR || v->str.s[0] != '$' || v->str.s[1] == '$')
		return false;
	ref->at = v->at;
	return ref_parse(pool, v->str.s + 1, ref) == v->str.len - 1;
}

static bool has_dollar(const struct value *v)
{
	return v->type == VALUE_STR && memchr(v->str.s, '$', v->str.len);
}

bool refs_any(const struct value *v)
{
	if (!v)
		return false;
	if (v->type == VALUE_LIST || v->type == VALUE_MAP) {
		for (size_t i = 0; i < v->list.n; i++)
			if (refs_any(v->list.items[i]))
				return true;
		return false;
	}
	if (!has_dollar(v))
		return false;
	for (const char *s = v->str.s; (s = strchr(s, '$')); s += 1 + (s[1] == '$'))
		if (s[1] == '{' || (s == v->str.s && name_length(s + 1)))
			return true;
	return false;
}

static const char *as_text(struct pool *pool, const struct value *v)
{
	return v->type == VALUE_STR ? v->str.s : value_show(pool, v);
}

/* ${...} inside longer text. */
static const struct value *replace_inside(struct pool *pool, const struct value *v,
					  ref_lookup lookup, void *context)
{
	const char *text = "", *from = v->str.s, *s = from;
	bool changed = false;

	while ((s = strchr(s, '$'))) {
		struct ref ref = { .at = v->at };
		size_t len = s[1] == '{' ? ref_parse(pool, s + 1, &ref) : 0;
		const struct value *found = len ? lookup(pool, &ref, context) : NULL;

		if (!found) {
			s += 1 + (s[1] == '$');
			continue;
		}
		text = pool_printf(pool, "%s%.*s%s", text, (int)(s - from), from,
				   as_text(pool, found));
		s += 1 + len;
		from = s;
		changed = true;
	}
	if (!changed)
		return v;
	struct value *made = value_str(pool, pool_printf(pool, "%s%s", text, from));

	made->at = v->at;
	made->quoted = v->quoted;
	return made;
}

static const struct value *replace_items(struct pool *pool, const struct value *v,
					 ref_lookup lookup, void *context)
{
	struct value *made = v->type == VALUE_MAP ? value_map(pool) : value_list(pool);
	bool changed = false;

	made->at = v->at;
	for (size_t i = 0; i < v->list.n; i++) {
		const struct value *item = v->list.items[i];
		bool key = v->type == VALUE_MAP && i % 2 == 0;
		const struct value *now = key ? item : refs_replace(pool, item, lookup, context);

		changed |= now != item;
		value_push(pool, made, (struct value *)now);
	}
	return changed ? made : v;
}

const struct value *refs_replace(struct pool *pool, const struct value *v, ref_lookup lookup,
				 void *context)
{
	struct ref ref;

	if (!v)
		return NULL;
	if (v->type == VALUE_LIST || v->type == VALUE_MAP)
		return refs_any(v) ? replace_items(pool, v, lookup, context) : v;
	if (!has_dollar(v))
		return v;
	if (ref_whole(pool, v, &ref)) {
		const struct value *found = lookup(pool, &ref, context);

		return found ? found : v;
	}
	return replace_inside(pool, v, lookup, context);
}

const struct value *refs_unescape(struct pool *pool, const struct value *v)
{
	if (!v || (v->type != VALUE_LIST && v->type != VALUE_MAP && !has_dollar(v)))
		return v;
	if (v->type == VALUE_STR) {
		struct value *made = value_str(pool, v->str.s);
		char *to = (char *)made->str.s;

		for (const char *s = v->str.s; *s; s++) {
			*to++ = *s;
			s += s[0] == '$' && s[1] == '$';
		}
		*to = 0;
		made->str.len = (size_t)(to - made->str.s);
		made->at = v->at;
		return made;
	}
	struct value *made = v->type == VALUE_MAP ? value_map(pool) : value_list(pool);

	made->at = v->at;
	for (size_t i = 0; i < v->list.n; i++)
		value_push(pool, made, (struct value *)refs_unescape(pool, v->list.items[i]));
	return made;
}

struct visiting {
	void (*visit)(const struct ref *ref, void *context);
	void *context;
};

static const struct value *visit_one(struct pool *pool, const struct ref *ref, void *context)
{
	struct visiting *visiting = context;

	(void)pool;
	visiting->visit(ref, visiting->context);
	return NULL;
}

void refs_visit(struct pool *pool, const struct value *v,
		void (*visit)(const struct ref *ref, void *context), void *context)
{
	struct visiting visiting = { visit, context };

	refs_replace(pool, v, visit_one, &visiting);
}
