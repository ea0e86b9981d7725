/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Verdicts as text.  The default is the form that every TAP consumer reads alike: version
 * 13, the plan first, steps of a failing cell as a subtest indented by four, YAML blocks
 * only on failures and of one-line double-quoted scalars.  KTAP is the other.
 */
#ifndef NSC_REPORT_H
#define NSC_REPORT_H

#include <stdio.h>

#include "load/clauses.h"
#include "report/judge.h"

enum report_format { REPORT_TAP, REPORT_KTAP };

struct totals {
	size_t pass, fail, skip, known, xpass, broken;
	size_t tried_again, passed_again; /* alone, as they may only have been late */
};

void report_begin(FILE *out, enum report_format format, size_t n);
/* One cell: NUMBER counts from 1. */
void report_cell(FILE *out, enum report_format format, size_t number, const char *name,
		 const struct script *script, const struct trace *trace,
			 const struct verdict *verdict,
		 struct catalogue *catalogue, bool strict);
void report_skip(FILE *out, size_t number, const char *name, const struct cell *cell, bool strict);
void report_end(FILE *out, const struct totals *totals);

/* Whether the verdict makes a `not ok`. */
bool verdict_is_bad(enum verdict_kind kind, bool strict);
void totals_add(struct totals *t, enum verdict_kind kind);
/* Count what another try gave, if there was one. */
void totals_add_again(struct totals *t, const struct trace *trace, enum verdict_kind kind);

#endif
