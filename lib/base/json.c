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
		/* What is not shown is written by its number; beyond 16 bits JSON has two for it,
		 * which YAML does not have. */
		if (text_printable(code) || code > 0xffff)
			text_add(t, s + i, n);
		else
			text_printf(t, "\\u%04x", code);
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
