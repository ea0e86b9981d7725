// SPDX-License-Identifier: GPL-2.0-only
/*
 * Globs with alternatives.  fnmatch(3) of glibc has them as FNM_EXTMATCH, that of musl has not.
 */
#include <fnmatch.h>
#include <string.h>

#include "nsc/text.h"

/* Where the first group of PATTERN begins, and its *END; or NULL. */
static const char *find_group(const char *pattern, const char **end)
{
	for (const char *c = pattern; (c = strchr(c, '(')); c++)
		if (c > pattern && strchr("@?", c[-1]) && (*end = strchr(c, ')')))
			return c - 1;
	return NULL;
}

bool text_matches(const char *pattern, const char *s)
{
	AUTO_POOL pool = { 0 };
	const char *end, *group = find_group(pattern, &end);

	if (!group)
		return fnmatch(pattern, s, 0) == 0;
	int before = (int)(group - pattern);

	if (*group == '?' &&
	    text_matches(pool_printf(&pool, "%.*s%s", before, pattern, end + 1), s))
		return true;
	for (const char *one = group + 2; one <= end; one += strcspn(one, "|)") + 1)
		if (text_matches(pool_printf(&pool, "%.*s%.*s%s", before, pattern,
					     (int)strcspn(one, "|)"), one, end + 1), s))
			return true;
	return false;
}
