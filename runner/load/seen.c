// SPDX-License-Identifier: GPL-2.0-only
/*
 * A set of texts.
 */
#include <string.h>
#include <uthash.h>

#include "load/seen.h"

struct seen_text {
	const char *text;
	const void *what;
	UT_hash_handle hh;
};

const void *seen_before(struct pool *pool, struct seen *seen, const char *text, const void *what)
{
	struct seen_text *s;

	HASH_FIND_STR(seen->texts, text, s);
	if (s)
		return s->what;
	s = pool_new(pool, struct seen_text);
	s->text = text;
	s->what = what;
	HASH_ADD_KEYPTR(hh, seen->texts, s->text, strlen(s->text), s);
	return NULL;
}

void seen_free(struct seen *seen)
{
	HASH_CLEAR(hh, seen->texts);
}
