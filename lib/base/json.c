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
#include "nsc/text.h"

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

/* The escape of a character in JSON, which is its UTF-16 (RFC 8259). */
static void add_escape(struct text *t, uint32_t code)
{
	char escape[16];
	uint16_t high = (uint16_t)(0xd7c0 + (code >> 10));
	uint16_t low = (uint16_t)(0xdc00 + (code & 0x3ff));
	int len = code < 0x10000 ?
		snprintf(escape, sizeof(escape), "\\u%04x", (uint16_t)code) :
		snprintf(escape, sizeof(escape), "\\u%04x\\u%04x", high, low);

	add(t, escape, (size_t)len);
}

static void add_string(struct text *t, const char *s, size_t len)
{
	uint32_t code;

	add(t, "\"", 1);
	for (size_t i = 0; i < len;) {
		unsigned char c = (unsigned char)s[i];
		size_t n = utf8_decode(s + i, len - i, &code);

		if (!n) {
			add(t, "\xef\xbf\xbd", 3);
			i++;
			continue;
		}
		if (c == '"' || c == '\\')
			add(t, "\\", 1);
		if (text_printable(code))
			add(t, s + i, n);
		else
			add_escape(t, code);
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
