// SPDX-License-Identifier: GPL-2.0-only
/*
 * Promises from verdicts.
 */
#include <string.h>

#include "report/promise.h"

const char *const promise_names[PROMISES] = {
	[PROMISE_KEPT] = "kept", [PROMISE_FAILED] = "failed", [PROMISE_KNOWN] = "known",
	[PROMISE_NONE] = "not-promised", [PROMISE_CANNOT] = "cannot", [PROMISE_OTHER] = "other",
};

/* Beginnings of skips' reasons; the first that fits. */
static const struct {
	const char *reason;
	enum promise promise;
} skips[] = {
	{ "lacks a promise", PROMISE_NONE },
	{ "lacks box.", PROMISE_CANNOT },
	{ "lacks native.", PROMISE_CANNOT },
	/* Reasons in results that were saved before skips began with `lacks` and `cannot`. */
	{ "needs a promise", PROMISE_NONE },
	{ "needs box.launch", PROMISE_OTHER },
	{ "needs box.", PROMISE_CANNOT },
	{ "needs native.", PROMISE_CANNOT },
};

enum promise promise_of(enum verdict_kind kind, const char *reason)
{
	switch (kind) {
	case VERDICT_PASS:
	case VERDICT_XPASS:
		return PROMISE_KEPT;
	case VERDICT_FAIL:
		return PROMISE_FAILED;
	case VERDICT_KNOWN:
		return PROMISE_KNOWN;
	case VERDICT_SKIP:
	case VERDICT_BROKEN:
		break;
	}
	for (size_t i = 0; kind == VERDICT_SKIP && i < sizeof(skips) / sizeof(*skips); i++)
		if (!strncmp(reason ? reason : "", skips[i].reason, strlen(skips[i].reason)))
			return skips[i].promise;
	return PROMISE_OTHER;
}

enum promise promise_doubted(enum promise promise, enum verdict_kind kind)
{
	if (promise != PROMISE_KEPT)
		return promise;
	return kind == VERDICT_FAIL || kind == VERDICT_BROKEN ? PROMISE_OTHER :
	       kind == VERDICT_KNOWN ? PROMISE_KNOWN : promise;
}

/* Scenarios and rows may be called by these words, too: what counts are the last two parts. */
size_t promise_plain(const char *name)
{
	static const char *const kinds[] = { ".control", ".twin" };
	const char *last = strrchr(name, '.');

	for (size_t i = 0; last && i < sizeof(kinds) / sizeof(*kinds); i++) {
		size_t len = strlen(kinds[i]);

		if ((size_t)(last - name) > len && !strncmp(last - len, kinds[i], len))
			return (size_t)(last - name) - len;
	}
	return strlen(name);
}
