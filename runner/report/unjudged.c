// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reasons of skips, counted.
 */
#include <string.h>

#include "report/unjudged.h"

static struct reason *find(struct unjudged *u, const char *reason)
{
	for (size_t i = 0; i < u->n; i++)
		if (!strcmp(u->v[i].reason, reason))
			return &u->v[i];
	return NULL;
}

static const char *keep(struct unjudged *u, const char *text)
{
	return text && *text ? pool_strdup(u->pool, text) : NULL;
}

void unjudged_add(struct unjudged *u, const char *reason, const char *detail, const char *remedy)
{
	struct reason *r = find(u, reason);

	u->cells++;
	if (r) {
		r->n++;
		return;
	}
	u->v = pool_grow(u->pool, u->v, u->n, &u->room, sizeof(*u->v));
	u->v[u->n++] = (struct reason){
		pool_strdup(u->pool, reason), keep(u, detail), keep(u, remedy), 1,
	};
}

const struct reason *unjudged_first(const struct unjudged *u)
{
	const struct reason *first = NULL;

	for (size_t i = 0; i < u->n; i++)
		if (!first || u->v[i].n > first->n)
			first = &u->v[i];
	return first;
}

const char *unjudged_text(struct pool *pool, const struct unjudged *u)
{
	const struct reason *first = unjudged_first(u);

	if (!first)
		return "nothing was judged: no cell ended with a verdict";
	return pool_printf(pool, "nothing was judged: %zu of %zu cells skip with \"%s\"%s%s%s%s",
			   first->n, u->cells, first->reason, first->detail ? ": " : "",
			   first->detail ? first->detail : "", first->remedy ? "; " : "",
			   first->remedy ? first->remedy : "");
}
