// SPDX-License-Identifier: GPL-2.0-only
/*
 * Comments on attempts.
 */
#include <string.h>

#include "nsc/text.h"
#include "report/flaky.h"

static size_t number(const struct value *map, const char *key)
{
	const struct value *v = value_get(map, key);

	return v && v->type == VALUE_INT && v->i > 0 ? (size_t)v->i : 0;
}

static bool ended_as(const struct value *stretch, enum verdict_kind kind)
{
	return value_is(value_get(stretch, "verdict"), verdict_name(kind));
}

bool flaky(const struct trace *trace, enum verdict_kind kind)
{
	for (size_t i = 0; trace->attempts && i < trace->attempts->list.n; i++)
		if (!ended_as(trace->attempts->list.items[i], kind))
			return true;
	return false;
}

/* How many of the other attempts ended so; the first of them, or NULL. */
static size_t count(const struct trace *trace, enum verdict_kind kind, const struct value **first)
{
	size_t n = 0;

	*first = NULL;
	for (size_t i = 0; i < trace->attempts->list.n; i++) {
		const struct value *stretch = trace->attempts->list.items[i];

		if (!ended_as(stretch, kind))
			continue;
		if (!*first)
			*first = stretch;
		n += number(stretch, "times");
	}
	return n;
}

void flaky_tell(FILE *out, struct pool *pool, const struct trace *trace, enum verdict_kind kind)
{
	const struct value *first;
	const char *counts = "";
	size_t all = 1;

	if (!trace->attempts)
		return;
	for (const struct symbol *s = verdict_symbols; s->name; s++) {
		size_t n = count(trace, (enum verdict_kind)s->value, &first) +
			((enum verdict_kind)s->value == kind);

		all += n - ((enum verdict_kind)s->value == kind);
		if (n)
			counts = pool_printf(pool, "%s %s:%zu", counts, s->name, n);
	}
	if (!flaky(trace, kind)) {
		fprintf(out, "# the same in each of %zu attempts\n", all);
		return;
	}
	fprintf(out, "# flaky:%s; attempt %d counts\n", counts, trace->attempt);
	for (const struct symbol *s = verdict_symbols; s->name; s++) {
		count(trace, (enum verdict_kind)s->value, &first);
		const char *message = value_text(value_get(first, "message"));

		if (message && (enum verdict_kind)s->value != kind)
			fprintf(out, "# attempt %zu, %s: %s\n", number(first, "attempt"), s->name,
				text_escape(pool, message, strlen(message), "\t"));
	}
}
