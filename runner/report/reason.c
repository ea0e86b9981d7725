// SPDX-License-Identifier: GPL-2.0-only
/*
 * One line about a cell.
 */
#include <string.h>
#include <strings.h>

#include "nsc/text.h"
#include "report/reason.h"

enum { REASON_MAX = 240 }; /* bytes before escaping; diagnostics have the rest */

/* Of several results that are not as expected the first decides, and the message says no more. */
static const char *mismatch_text(struct pool *pool, const struct record *r)
{
	const char *generic = strstr(r->message, JUDGE_NOT_MET);
	const char *before = generic ? pool_strndup(pool, r->message,
						    (size_t)(generic - r->message)) :
			     pool_printf(pool, "%s: ", r->message);

	return pool_printf(pool, "%s%s is %s, expected %s", before, r->field, r->seen,
			   r->expected);
}

static const char *whole_text(struct pool *pool, const struct record *r)
{
	if (!r->message)
		return "";
	if (r->field && r->expected && r->seen)
		return mismatch_text(pool, r);
	/* A line of the kernel's log: there is neither a step nor a call that it is about. */
	if (!r->actor && !r->call && r->seen)
		return pool_printf(pool, "%s: %s", r->message, r->seen);
	return r->message;
}

static const char *cut(struct pool *pool, const char *text)
{
	size_t len = strlen(text), end = 0, n;
	uint32_t code;

	if (len <= REASON_MAX)
		return text;
	while (end < REASON_MAX - 8) {
		n = utf8_decode(text + end, len - end, &code);
		end += n ? n : 1;
	}
	return pool_printf(pool, "%.*s...", (int)end, text);
}

/* What tappy and tap-parser take for a directive: an actor may be called so. */
static bool like_directive(const char *text)
{
	return !strncasecmp(text, "skip", 4) || !strncasecmp(text, "todo", 4);
}

const char *reason_text(struct pool *pool, const struct record *r)
{
	const char *text = whole_text(pool, r);

	return r->actor && r->op ? pool_printf(pool, "%s %s: %s", r->actor, r->op, text) : text;
}

const char *reason_line(struct pool *pool, const struct record *r)
{
	const char *text = reason_text(pool, r);

	if (like_directive(text))
		text = pool_printf(pool, "actor %s", text);
	text = cut(pool, text);
	return text_escape(pool, text, strlen(text), "#\\");
}
