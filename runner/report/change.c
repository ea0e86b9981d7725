// SPDX-License-Identifier: GPL-2.0-only
/*
 * Classes of changes.
 */
#include <stdbool.h>
#include <string.h>

#include "report/change.h"

const struct change_kind change_kinds[CHANGES] = {
	[CHANGE_FAILING] = { "failing", "Newly failing",
		"fails, and did not in BASE, or only as a known issue says; BASE may not have judged it" },
	[CHANGE_BROKEN] = { "broken", "Newly broken",
		"could not be carried out, and that was not so in BASE" },
	[CHANGE_XPASS] = { "unexpected-pass", "Unexpected pass",
		"passes where a known issue says that it fails" },
	[CHANGE_KNOWN] = { "known", "Newly failing by a known issue",
		"fails as a known issue says, and did not fail in BASE" },
	[CHANGE_LISTED] = { "listed", "Failing as in BASE, now by a known issue",
		"failed in BASE, too, and is a known issue now" },
	[CHANGE_SKIPPED] = { "skipped", "Newly skipped", "was judged in BASE, and is skipped" },
	[CHANGE_FLAKY] = { "flaky", "Flaky",
		"passes only now and then, or when tried again; or its attempts differ in both runs" },
	[CHANGE_EVIDENCE] = { "evidence", "Changed evidence",
		"ends as in BASE, for another reason or with other results" },
	[CHANGE_FIXED] = { "fixed", "Fixed", "passes, and failed or broke in BASE" },
	[CHANGE_JUDGED] = { "judged", "No longer skipped", "passes, and was skipped in BASE" },
	[CHANGE_NEW] = { "new", "Only in NEW", "BASE has no record of it" },
	[CHANGE_GONE] = { "gone", "Only in BASE", "NEW has no record of it" },
};

enum { KINDS = VERDICT_BROKEN + 1 };

/* By NEW's verdict, where it differs from BASE's. */
static const enum change by_new[KINDS] = {
	[VERDICT_PASS] = CHANGE_FIXED, [VERDICT_FAIL] = CHANGE_FAILING,
	[VERDICT_SKIP] = CHANGE_SKIPPED, [VERDICT_KNOWN] = CHANGE_KNOWN,
	[VERDICT_XPASS] = CHANGE_XPASS, [VERDICT_BROKEN] = CHANGE_BROKEN,
};

/* By BASE's, where NEW passes. */
static const enum change passes_after[KINDS] = {
	[VERDICT_PASS] = CHANGE_NONE, [VERDICT_FAIL] = CHANGE_FIXED,
	[VERDICT_SKIP] = CHANGE_JUDGED, [VERDICT_KNOWN] = CHANGE_FIXED,
	/* The list of issues has changed, and the cell has not. */
	[VERDICT_XPASS] = CHANGE_NONE, [VERDICT_BROKEN] = CHANGE_FIXED,
};

static bool same_text(const char *a, const char *b)
{
	return !strcmp(a ? a : "", b ? b : "");
}

/*
 * Of a skip the reason counts, as what it was found out by is often of another machine; of a known
 * issue its id, as the list has all that it looks like.
 */
static bool same_evidence(const struct record *a, const struct record *b)
{
	const char *const texts[][2] = {
		{ record_why(a), record_why(b) }, { a->message, b->message },
		{ a->actor, b->actor }, { a->op, b->op }, { a->field, b->field },
		{ a->expected, b->expected }, { a->seen, b->seen },
	};

	size_t n = a->verdict == VERDICT_SKIP || a->verdict == VERDICT_KNOWN ? 1 :
		sizeof(texts) / sizeof(*texts);

	for (size_t i = 0; i < n; i++)
		if (!same_text(texts[i][0], texts[i][1]))
			return false;
	return true;
}

/* Whether an attempt of the cell has given that. */
static bool gave(const struct record *r, enum verdict_kind kind)
{
	const struct value *attempts = r->attempts;

	for (size_t i = 0; attempts && attempts->type == VALUE_LIST && i < attempts->list.n; i++) {
		const char *verdict = value_text(value_get(attempts->list.items[i], "verdict"));

		if (verdict && !strcmp(verdict, verdict_name(kind)))
			return true;
	}
	return r->verdict == (int)kind;
}

/* What the kernel logged, or died of, is no chance: no other attempt takes it back. */
static bool is_final(const struct record *r)
{
	return r->own_log.n || r->console;
}

static bool is_of_list(const struct record *r)
{
	return r->verdict == VERDICT_KNOWN || r->verdict == VERDICT_XPASS;
}

enum change change_of(const struct record *base, const struct record *new)
{
	if (!new)
		return base ? CHANGE_GONE : CHANGE_NONE;
	/* What nobody has seen before is not excused by that. */
	if (!base)
		return new->verdict == VERDICT_FAIL || new->verdict == VERDICT_BROKEN ||
		       new->verdict == VERDICT_XPASS ? by_new[new->verdict] : CHANGE_NEW;
	/* Which verdict attempts that differ have come to is chance; what passes now and then is
	 * not fixed. */
	if (new->flaky && !is_final(new) && (base->flaky || new->verdict == VERDICT_PASS))
		return CHANGE_FLAKY;
	if (base->flaky && is_of_list(new) && gave(base, (enum verdict_kind)new->verdict))
		return CHANGE_FLAKY;
	if (gave(base, VERDICT_FAIL) && new->verdict == VERDICT_KNOWN)
		return CHANGE_LISTED;
	if (base->verdict != new->verdict)
		return new->verdict == VERDICT_PASS ? passes_after[base->verdict] :
						      by_new[new->verdict];
	if (new->verdict == VERDICT_PASS)
		return new->tried_again ? CHANGE_FLAKY : CHANGE_NONE;
	return same_evidence(base, new) ? CHANGE_NONE : CHANGE_EVIDENCE;
}

bool change_is_regression(enum change change, const struct record *base, const struct record *new,
			  const struct fail_on *fail_on)
{
	if (!new || change == CHANGE_NONE || change == CHANGE_FLAKY || change == CHANGE_LISTED)
		return false;
	return (!base || base->verdict != new->verdict) &&
	       fail_on_hits(fail_on, (enum verdict_kind)new->verdict, record_why(new));
}
