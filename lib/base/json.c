// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writing JSON.  Reading it is left to runner/load/yaml.c: what is written here is YAML too.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nsc/json.h"
#include "nsc/text.h"

/* The escape of a character in JSON, which is its UTF-16 (RFC 8259). */
static void add_escape(struct text *t, uint32_t code)
{
	char escape[16];
	uint16_t high = (uint16_t)(0xd7c0 + (code >> 10));
	uint16_t low = (uint16_t)(0xdc00 + (code & 0x3ff));
	int len = code < 0x10000 ?
		snprintf(escape, sizeof(escape), "\\u%04x", (uint16_t)code) :
		snprintf(escape, sizeof(escape), "\\u%04x\\u%04x", high, low);

	text_add(t, escape, (size_t)len);
}

static void add_string(struct text *t, const char *s, size_t len)
{
	uint32_t code;

	text_add(t, "\"", 1);
	for (size_t i = 0; i < len;) {
		unsigned char c = (unsigned char)s[i];
		size_t n = utf8_decode(s + i, len - i, &code);

		if (!n) {
			text_add(t, "\xef\xbf\xbd", 3);
			i++;
			continue;
		}
		if (c == '"' || c == '\\')
			text_add(t, "\\", 1);
		if (text_printable(code))
			text_add(t, s + i, n);
		else
			add_escape(t, code);
		i += n;
	}
	text_add(t, "\"", 1);
}

static void add_value(struct text *t, const struct value *v)
{
	char number[32];
	bool map = v->type == VALUE_MAP;

	switch (v->type) {
	case VALUE_NIL:
		text_add(t, "null", 4);
		return;
	case VALUE_BOOL:
		text_add(t, v->b ? "true" : "false", v->b ? 4 : 5);
		return;
	case VALUE_INT:
		text_add(t, number, (size_t)snprintf(number, sizeof(number), "%" PRId64, v->i));
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
	text_add(t, map ? "{" : "[", 1);
	for (size_t i = 0; i < v->list.n; i++) {
		if (i)
			text_add(t, map && i % 2 ? ": " : ", ", 2);
		add_value(t, v->list.items[i]);
	}
	text_add(t, map ? "}" : "]", 1);
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
