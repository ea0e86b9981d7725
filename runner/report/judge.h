/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Verdicts from expectations and traces. Pure.
 */
#ifndef NSC_JUDGE_H
#define NSC_JUDGE_H

#include "trace/trace.h"

enum verdict_kind {
	VERDICT_PASS,
	VERDICT_FAIL,
	VERDICT_SKIP,
	VERDICT_KNOWN,	/* failed, and listed as a known issue */
	VERDICT_XPASS,	/* listed as a known issue, but passed */
	VERDICT_BROKEN,
};

/* A field of a step that is not as expected; errno where there is no field. */
struct mismatch {
	int step;
	const char *what, *expected, *seen;
};

enum { ALSO_MAX = 8 };

struct verdict {
	enum verdict_kind kind;
	const char *reason;	  /* skip: constant text; known, xpass: the id */
	const char *message;	  /* one sentence */
	int step;		  /* index in the script, or -1 */
	bool clocks;		  /* time that passed between steps may be what decided */
	const char *what;	  /* field that did not match, or NULL */
	const char *expected, *seen;
	struct mismatch also[ALSO_MAX]; /* further mismatches, maybe for the same reason */
	size_t n_also;
	const char *call, *clause; /* the call that lied, and the clause that covers it, or NULL */
	const char *resolution;	  /* remedy of a skip, reference of a known issue */
	const char *link;	  /* of a known issue, or NULL */
	const char *console;	  /* of a machine that died: its file among the results, or NULL */
	/* What the kernel logged meanwhile and nobody listed as known, as in the trace. */
	struct strs log, own_log;
};

/*
 * Put the fields in which O differs from EXPECT, of step S and without references, into LIST, at
 * most ROOM; their number. Fields up to AFTER, in the expectation's order with errno first, are
 * skipped; AFTER is NULL to skip none.
 */
size_t judge_mismatches(struct pool *pool, const struct script_step *s, const struct outcome *o,
			const struct value *expect, const char *after, struct mismatch *list,
			size_t room);
void judge(struct pool *pool, const struct script *script, const struct trace *trace,
	   struct verdict *verdict);
/*
 * The same for what comes after a failure: without the steps before FROM, and without what FROM
 * expects up to the field AFTER (NULL: with all of it).
 */
void judge_from(struct pool *pool, const struct script *script, const struct trace *trace,
		size_t from, const char *after, struct verdict *verdict);
/*
 * Whether nothing but lateness may be the cause: a deadline ended the cell, or up to where it went
 * wrong something was waited for until a limit; or a control without a time namespace held, perhaps
 * by the time that passed.  Such a cell is worth another try.
 */
bool judge_may_be_late(const struct trace *trace, const struct verdict *verdict);
/* The message of a failure of which .what, .expected and .seen say all. */
#define JUDGE_NOT_MET "the expectation was not met"
extern const struct symbol verdict_symbols[];
const char *verdict_name(enum verdict_kind kind);

#endif
