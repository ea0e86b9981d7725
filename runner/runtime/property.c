// SPDX-License-Identifier: GPL-2.0-only
/*
 * Values of properties as the words and lines of launchers want them.
 */
#include <ctype.h>
#include <string.h>

#include "runtime/property.h"
#include "nsc/field.h"

const char *text_part(struct pool *pool, const char *text, char between, size_t part)
{
	for (; part && *text; part--) {
		text += strcspn(text, (char[]){ between, 0 });
		text += *text != 0;
		/* What follows NAME= may have any characters. */
		if (between == '=')
			return pool_strdup(pool, text);
	}
	return pool_strndup(pool, text, strcspn(text, (char[]){ between, 0 }));
}

const char *text_lower(struct pool *pool, const char *text)
{
	char *copy = pool_strdup(pool, text);

	for (char *c = copy; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	return copy;
}

const char *property_part(struct pool *pool, const struct value *element, size_t part)
{
	const char *text = value_text(element);
	char between = text && strcspn(text, "=") < strcspn(text, " ") ? '=' : ' ';

	return text ? text_part(pool, text, between, part) : "";
}

int64_t property_ns(const struct value *v)
{
	int64_t ns = v && v->type == VALUE_INT ? v->i : 0;

	if (v && value_text(v))
		time_parse(value_text(v), &ns);
	return ns;
}

const char *property_seconds(struct pool *pool, const struct value *v)
{
	return pool_printf(pool, "%lld", (long long)(property_ns(v) / 1000000000));
}
