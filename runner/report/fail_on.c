// SPDX-License-Identifier: GPL-2.0-only
/*
 * --fail-on.
 */
#include <fnmatch.h>
#include <string.h>

#include "load/problems.h"
#include "report/fail_on.h"

const enum verdict_kind fail_on_kinds[FAIL_ON_KINDS] = {
	VERDICT_SKIP, VERDICT_KNOWN, VERDICT_XPASS,
};

static const char *complain(struct pool *pool, const char *what, const char *word)
{
	struct nearest n = { .word = word };

	for (int i = 0; i < FAIL_ON_KINDS; i++)
		nearest_offer(&n, verdict_name(fail_on_kinds[i]));
	return pool_printf(pool, "--fail-on takes skip, known or xpass, each alone or with :GLOB of "
			   "its reason, not %s%s", what, nearest_hint(pool, &n));
}

const char *fail_on_add(struct pool *pool, struct fail_on *f, const char *what)
{
	const char *glob = strchr(what, ':');
	const char *word = glob ? pool_strndup(pool, what, (size_t)(glob - what)) : what;
	int k = 0;

	while (k < FAIL_ON_KINDS && strcmp(word, verdict_name(fail_on_kinds[k])))
		k++;
	if (k == FAIL_ON_KINDS || (glob && !glob[1]))
		return complain(pool, what, word);
	if (f->n == FAIL_ON_MAX)
		return pool_printf(pool, "--fail-on may be given %d times at most", FAIL_ON_MAX);
	f->v[f->n].kind = fail_on_kinds[k];
	f->v[f->n++].reason = glob ? glob + 1 : NULL;
	return NULL;
}

const char *fail_on_strict(struct pool *pool, struct fail_on *f)
{
	const char *wrong = fail_on_add(pool, f, "skip");

	return wrong ? wrong : fail_on_add(pool, f, "xpass");
}

/* Which of them is about the verdict; .n for none. */
static size_t find(const struct fail_on *f, enum verdict_kind kind, const char *reason)
{
	size_t i = 0;

	for (; i < f->n; i++)
		if (f->v[i].kind == kind &&
		    (!f->v[i].reason || fnmatch(f->v[i].reason, reason ? reason : "", 0) == 0))
			break;
	return i;
}

static const char *text_of(struct pool *pool, const struct fail_on *f, size_t i)
{
	const char *word = verdict_name(f->v[i].kind), *reason = f->v[i].reason;

	return reason ? pool_printf(pool, "%s:%s", word, reason) : word;
}

bool fail_on_hits(const struct fail_on *f, enum verdict_kind kind, const char *reason)
{
	return kind == VERDICT_FAIL || kind == VERDICT_BROKEN ||
	       (f && find(f, kind, reason) < f->n);
}

const char *fail_on_said(struct pool *pool, const struct fail_on *f, enum verdict_kind kind,
			 const char *reason)
{
	size_t i = f ? find(f, kind, reason) : 0;

	return f && i < f->n ? text_of(pool, f, i) : NULL;
}

struct strs fail_on_texts(struct pool *pool, const struct fail_on *f)
{
	struct strs texts = { .v = pool_array(pool, const char *, f->n + 1) };

	while (texts.n < f->n) {
		texts.v[texts.n] = text_of(pool, f, texts.n);
		texts.n++;
	}
	return texts;
}
