// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finding and replacing references in value trees.
 */
#include <ctype.h>
#include <string.h>

#include "load/refs.h"
#include "nsc/text.h"

/* Parse the reference at S (behind the dollar sign); its length, or 0. */
static size_t ref_parse(struct pool *pool, const char *s, struct ref *ref)
{
	bool braces = *s == '{';
	const char *at = s + braces;
	size_t name = text_name_length(at), field = 0;

	if (!name)
		return 0;
	if (at[name] == '.')
		field = text_name_length(at + name + 1);
	ref->name = pool_strndup(pool, at, name);
	ref->field = field ? pool_strndup(pool, at + name + 1, field) : "";
	at += name + (field ? field + 1 : 0);
	if (braces && *at != '}')
		return 0;
	return (size_t)(at - s) + braces;
}

/* A dollar sign before a letter, a digit or a brace means a reference; `^x$` does not. */
static bool looks_like_ref(const char *s)
{
	return *s == '{' || *s == '_' || isalnum((unsigned char)*s);
}

/* What a text that is no reference would name: $before.Name is near to before.name. */
static const char *word_meant(struct pool *pool, const char *s)
{
	char *word;

	s += *s == '{';
	word = pool_strndup(pool, s, strcspn(s, " \t\n}/$"));
	for (char *c = word; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	return word;
}

/*
 * The only place where it is decided what a reference is.  Finds the next one in V's text from *AT
 * on, or something that looks like one and is none (ref->wrong); puts *AT behind it and its length
 * into *LEN.  False when there are no more.
 */
static bool ref_next(struct pool *pool, const struct value *v, const char **at, struct ref *ref,
		     size_t *len)
{
	const char *s = *at, *end = v->str.s + v->str.len;

	/* Behind a NUL, too. */
	while ((s = memchr(s, '$', (size_t)(end - s))) && !looks_like_ref(s + 1))
		s += 1 + (s[1] == '$');
	if (!s)
		return false;
	*ref = (struct ref){ .at = v->at };
	*len = ref_parse(pool, s + 1, ref);
	/* Without braces it is the whole text. */
	if (!*len || (s[1] != '{' && (s != v->str.s || *len + 1 != v->str.len))) {
		ref->wrong = word_meant(pool, s + 1);
		*len = 0;
	}
	*len += 1;
	*at = s + *len;
	return true;
}

/* The whole scalar is one reference: its value keeps its type. */
static bool ref_whole(struct pool *pool, const struct value *v, struct ref *ref)
{
	const char *at = v->str.s;
	size_t len;

	return ref_next(pool, v, &at, ref, &len) && !ref->wrong && len == v->str.len;
}

bool refs_variant(const char *name)
{
	return !strcmp(name, "row") || !strcmp(name, "runtime") || !strcmp(name, "via") ||
	       !strcmp(name, "as");
}

bool refs_any(const struct value *v)
{
	AUTO_POOL pool = { 0 };
	struct ref ref;
	size_t len;

	if (!v || !v->dollar)
		return false;
	if (v->type == VALUE_LIST || v->type == VALUE_MAP) {
		for (size_t i = 0; i < v->list.n; i++)
			if (refs_any(v->list.items[i]))
				return true;
		return false;
	}
	for (const char *at = v->str.s; ref_next(&pool, v, &at, &ref, &len);)
		if (!ref.wrong)
			return true;
	return false;
}

/* ${...} inside longer text. */
static const struct value *replace_inside(struct pool *pool, const struct value *v,
					  ref_lookup lookup, void *context)
{
	const char *from = v->str.s, *at = from;
	struct text text = { .pool = pool };
	struct ref ref;
	size_t len;

	while (ref_next(pool, v, &at, &ref, &len)) {
		const struct value *found = ref.wrong ? NULL : lookup(pool, &ref, context);

		if (!found)
			continue;
		text_add(&text, from, (size_t)(at - len - from));
		if (found->type == VALUE_STR)
			text_add(&text, found->str.s, found->str.len);
		else
			text_puts(&text, value_show(pool, found));
		from = at;
	}
	if (from == v->str.s)
		return v;
	text_add(&text, from, (size_t)(v->str.s + v->str.len - from));
	struct value *made = value_strn(pool, text.s, text.used);

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

	if (!v || !v->dollar)
		return v;
	if (v->type == VALUE_LIST || v->type == VALUE_MAP)
		return replace_items(pool, v, lookup, context);
	if (ref_whole(pool, v, &ref)) {
		const struct value *found = lookup(pool, &ref, context);

		return found ? found : v;
	}
	return replace_inside(pool, v, lookup, context);
}

const struct value *refs_unescape(struct pool *pool, const struct value *v)
{
	if (!v || !v->dollar)
		return v;
	if (v->type == VALUE_STR) {
		struct value *made = value_strn(pool, v->str.s, v->str.len);
		char *to = (char *)made->str.s;

		for (const char *s = v->str.s; s < v->str.s + v->str.len; s++) {
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

const struct value *refs_escape(struct pool *pool, const struct value *v)
{
	if (!v || !v->dollar)
		return v;
	if (v->type == VALUE_STR) {
		char *text = pool_alloc(pool, 2 * v->str.len + 1), *to = text;

		for (size_t i = 0; i < v->str.len; i++) {
			if (v->str.s[i] == '$')
				*to++ = '$';
			*to++ = v->str.s[i];
		}
		return value_strn(pool, text, (size_t)(to - text));
	}
	struct value *made = v->type == VALUE_MAP ? value_map(pool) : value_list(pool);

	for (size_t i = 0; i < v->list.n; i++)
		value_push(pool, made, (struct value *)refs_escape(pool, v->list.items[i]));
	return made;
}

void refs_visit(struct pool *pool, const struct value *v,
		void (*visit)(const struct ref *ref, void *context), void *context)
{
	struct ref ref;
	size_t len;

	if (!v || !v->dollar)
		return;
	for (size_t i = 0; (v->type == VALUE_LIST || v->type == VALUE_MAP) && i < v->list.n; i++)
		refs_visit(pool, v->list.items[i], visit, context);
	if (v->type != VALUE_STR)
		return;
	for (const char *at = v->str.s; ref_next(pool, v, &at, &ref, &len);)
		visit(&ref, context);
}
