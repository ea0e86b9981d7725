// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writing JSON.  Reading it is left to libyaml: what is written here is YAML too.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nsc/json.h"

struct text {
	struct pool *pool;
	char *s;
	size_t used, room;
};

static void add(struct text *t, const char *s, size_t len)
{
	if (t->used + len + 1 > t->room) {
		size_t room = (t->room + len + 64) * 2;
		char *grown = pool_alloc(t->pool, room);

		if (t->used)
			memcpy(grown, t->s, t->used);
		t->s = grown;
		t->room = room;
	}
	memcpy(t->s + t->used, s, len);
	t->used += len;
	t->s[t->used] = 0;
}

/* Length of the valid UTF-8 sequence at S and its CODE; 0 when there is none. */
static size_t utf8(const unsigned char *s, size_t left, uint32_t *code)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t n = *s < 0x80 ? 1 : (*s & 0xe0) == 0xc0 ? 2 : (*s & 0xf0) == 0xe0 ? 3 :
		   (*s & 0xf8) == 0xf0 ? 4 : 0;

	*code = n > 1 ? *s & (0x7f >> n) : *s;
	if (!n || n > left)
		return 0;
	for (size_t i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		*code = *code << 6 | (s[i] & 0x3f);
	}
	return *code < least[n] || *code > 0x10ffff || (*code >= 0xd800 && *code <= 0xdfff) ? 0 : n;
}

/* YAML breaks lines at some of them, and refuses others (YAML 1.1, c-printable and b-char). */
static bool must_be_escaped(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x2028 || code == 0x2029 ||
	       code == 0xfeff || code == 0xfffe || code == 0xffff;
}

static void add_string(struct text *t, const char *s, size_t len)
{
	char escape[8];
	uint32_t code;

	add(t, "\"", 1);
	for (size_t i = 0; i < len;) {
		unsigned char c = (unsigned char)s[i];
		size_t n = utf8((const unsigned char *)s + i, len - i, &code);

		if (!n) {
			add(t, "\xef\xbf\xbd", 3);
			i++;
			continue;
		}
		if (c == '"' || c == '\\')
			add(t, "\\", 1);
		if (must_be_escaped(code))
			add(t, escape, (size_t)snprintf(escape, sizeof(escape), "\\u%04x",
							(uint16_t)code));
		else
			add(t, s + i, n);
		i += n;
	}
	add(t, "\"", 1);
}

static void add_value(struct text *t, const struct value *v)
{
	char number[32];
	bool map = v->type == VALUE_MAP;

	switch (v->type) {
	case VALUE_NIL:
		add(t, "null", 4);
		return;
	case VALUE_BOOL:
		add(t, v->b ? "true" : "false", v->b ? 4 : 5);
		return;
	case VALUE_INT:
		add(t, number, (size_t)snprintf(number, sizeof(number), "%" PRId64, v->i));
		return;
	case VALUE_FD:
		add_string(t, "descriptor", 10);
		return;
	case VALUE_STR:
		add_string(t, v->str.s, v->str.len);
		return;
	case VALUE_LIST:
	case VALUE_MAP:
		break;
	}
	add(t, map ? "{" : "[", 1);
	for (size_t i = 0; i < v->list.n; i++) {
		if (i)
			add(t, map && i % 2 ? ": " : ", ", 2);
		add_value(t, v->list.items[i]);
	}
	add(t, map ? "}" : "]", 1);
}

const char *json_text(struct pool *pool, const struct value *v)
{
	struct text t = { .pool = pool };

	add_value(&t, v);
	return t.s;
}

const char *json_string(struct pool *pool, const char *s)
{
	struct text t = { .pool = pool };

	add_string(&t, s, strlen(s));
	return t.s;
}
