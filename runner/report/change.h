/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What can become of a cell from one run to another.
 */
#ifndef NSC_CHANGE_H
#define NSC_CHANGE_H

#include "report/fail_on.h"
#include "report/record.h"

/* In the order in which they are told: what asks for a decision first. */
enum change {
	CHANGE_FAILING,
	CHANGE_BROKEN,
	CHANGE_XPASS,
	CHANGE_KNOWN,
	CHANGE_LISTED,
	CHANGE_SKIPPED,
	CHANGE_FLAKY,
	CHANGE_EVIDENCE,
	CHANGE_FIXED,
	CHANGE_JUDGED,
	CHANGE_NEW,
	CHANGE_GONE,
	CHANGES,
	CHANGE_NONE = CHANGES,
};

struct change_kind {
	const char *name;  /* in JSON and in the line of counts */
	const char *title; /* of its section */
	const char *doc;
};

extern const struct change_kind change_kinds[CHANGES];

/* BASE and NEW are of the same cell, or NULL, as that run has no such record. */
enum change change_of(const struct record *base, const struct record *new);
/* Whether the change is one for the worse that counts: of verdicts, and not of evidence or chance.
 * FAIL_ON, or NULL, says which skips, known issues and unexpected passes count, too. */
bool change_is_regression(enum change change, const struct record *base, const struct record *new,
			  const struct fail_on *fail_on);

#endif
