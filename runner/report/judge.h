/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From what was to be seen and what was seen to a verdict.  Pure.
 */
#ifndef NSC_JUDGE_H
#define NSC_JUDGE_H

#include "report/trace.h"

enum verdict_kind {
	VERDICT_PASS,
	VERDICT_FAIL,
	VERDICT_SKIP,
	VERDICT_KNOWN,	/* failed, and listed as a known issue */
	VERDICT_XPASS,	/* listed as a known issue, but passed */
	VERDICT_BROKEN,
};

struct verdict {
	enum verdict_kind kind;
	const char *reason;	  /* skip: constant text; known, xpass: the id */
	const char *message;	  /* one sentence */
	int step;		  /* index in the script, or -1 */
	const char *what;	  /* field that did not match, or NULL */
	const char *expected, *seen;
	const char *resolution;	  /* remedy of a skip, reference of a known issue */
	struct strs log;	  /* what the kernel logged meanwhile and nobody listed as known */
};

void judge(struct pool *pool, const struct script *script, const struct trace *trace,
	   struct verdict *verdict);
const char *verdict_name(enum verdict_kind kind);

#endif
