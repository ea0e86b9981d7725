/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What became of a cell between two runs.
 */
#ifndef NSC_HTML_CHANGE_H
#define NSC_HTML_CHANGE_H

#include "report/record.h"

/* In the order in which they are worth looking at. */
enum change {
	CHANGE_FAILING,
	CHANGE_BROKEN,
	CHANGE_XPASS,
	CHANGE_KNOWN,
	CHANGE_EVIDENCE,
	CHANGE_SKIPPED,
	CHANGE_FIXED,
	CHANGE_JUDGED,
	CHANGE_GONE,
	CHANGE_NEW,
	CHANGES,
	CHANGE_NONE = CHANGES,
};

struct change_row {
	const char *name, *doc;
};
extern const struct change_row change_rows[CHANGES];

/* BASE or NOW is NULL where the run does not have the cell. */
enum change change_of(const struct record *base, const struct record *now);

#endif
