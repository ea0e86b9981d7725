// SPDX-License-Identifier: GPL-2.0-only
/*
 * Changes of verdicts, and of what was seen.
 */
#include <string.h>

#include "export/html_change.h"

const struct change_row change_rows[CHANGES] = {
	[CHANGE_FAILING] = { "Newly failing", "did not fail in the other run" },
	[CHANGE_BROKEN] = { "Newly broken", "the harness could not carry them out this time" },
	[CHANGE_XPASS] = { "Unexpected passes", "a known issue says that they fail" },
	[CHANGE_KNOWN] = { "Newly known", "fail now as a known issue says" },
	[CHANGE_EVIDENCE] = { "Failing differently", "what was seen is not as in the other run" },
	[CHANGE_SKIPPED] = { "Newly skipped", "were judged in the other run" },
	[CHANGE_FIXED] = { "Fixed", "pass now" },
	[CHANGE_JUDGED] = { "Newly judged", "were skipped in the other run, and pass" },
	[CHANGE_GONE] = { "Gone", "only the other run has them" },
	[CHANGE_NEW] = { "New", "the other run does not have them" },
};

static bool same(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

enum change change_of(const struct record *base, const struct record *now)
{
	static const enum change to[] = {
		[VERDICT_PASS] = CHANGE_FIXED, [VERDICT_FAIL] = CHANGE_FAILING,
		[VERDICT_SKIP] = CHANGE_SKIPPED, [VERDICT_KNOWN] = CHANGE_KNOWN,
		[VERDICT_XPASS] = CHANGE_XPASS, [VERDICT_BROKEN] = CHANGE_BROKEN,
	};

	if (!base || !now)
		return base ? CHANGE_GONE : now ? CHANGE_NEW : CHANGE_NONE;
	if (base->verdict != now->verdict)
		return now->verdict == VERDICT_PASS && base->verdict == VERDICT_SKIP ?
			CHANGE_JUDGED : to[now->verdict];
	return now->verdict == VERDICT_FAIL && !same(base->seen, now->seen) ? CHANGE_EVIDENCE :
		CHANGE_NONE;
}
