/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Verdicts as text, one result line a cell, the plan first. docs/formats.md says who reads which
 * format, and how.
 */
#ifndef NSC_REPORT_H
#define NSC_REPORT_H

#include <stdio.h>

#include "load/clauses.h"
#include "report/exit_status.h"
#include "report/fail_on.h"
#include "report/judge.h"

enum report_format { REPORT_TAP, REPORT_KTAP, REPORT_KSELFTEST };

struct totals {
	size_t pass, fail, skip, known, xpass, broken;
	size_t tried_again, passed_again; /* cells that may only have been late, run alone */
	size_t flaky; /* cells of which attempts differ: report/flaky.h */
	size_t bad; /* cells printed as `not ok` */
};

void report_begin(FILE *out, enum report_format format, size_t n);
/* Whether the format's readers take a plan without cells; and one, because all of them skip. */
bool report_skips_all(enum report_format format);
void report_none(FILE *out, enum report_format format, const char *reason);
/* One cell: NUMBER counts from 1, BAD makes it `not ok`. */
void report_cell(FILE *out, enum report_format format, size_t number, const char *name,
		 const struct script *script, const struct trace *trace,
			 const struct verdict *verdict,
		 struct catalogue *catalogue, bool bad);
void report_skip(FILE *out, enum report_format format, size_t number, const char *name,
		 const struct cell *cell, bool bad);
/*
 * TEXT, or "" for NULL, as one line: what a kernel, a runtime or a trace says must not begin a
 * line of TAP. Controls are escaped, tabs kept.
 */
const char *report_one_line(struct pool *pool, const char *text);
/* How long all of it took (from POOL), where the time of a cell is a comment, too; else NULL. */
const char *report_time(struct pool *pool, enum report_format format, int64_t ns);
void report_end(FILE *out, const struct totals *totals);

void totals_add(struct totals *t, enum verdict_kind kind, bool bad);
/* The number of cells with that verdict. */
size_t totals_of(const struct totals *t, enum verdict_kind kind);
/* Count what another try gave; TRIED_AGAIN is NULL when there was none. */
void totals_add_again(struct totals *t, const char *tried_again, enum verdict_kind kind);
/* What has happened in a run with these totals: a row of exit_rows. */
int totals_happened(const struct totals *t);
/* The profile that the format's readers follow, where the command line has none. */
enum exit_profile report_profile(enum report_format format, enum exit_profile profile);

#endif
