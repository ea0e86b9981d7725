/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What people want to know of a run when it is over: each failure, why, and the command that
 * repeats it; and how many cells are known issues or were skipped, by reason.
 */
#ifndef NSC_DIGEST_H
#define NSC_DIGEST_H

#include "report/record.h"
#include "report/report.h"
#include "report/unjudged.h"

struct digest {
	struct pool *pool;
	struct failure {
		const char *name, *why, *again;
		enum verdict_kind kind;
	} *v;
	size_t n, room;
	struct unjudged skips, known, xpass; /* by reason, or by issue */
	struct unjudged missed;		     /* issues that a run, or a part of one, has not seen */
};

void digest_begin(struct digest *d, struct pool *pool);
/* BAD: the cell is a failure, also where that is --fail-on's doing. Its texts are copied. */
void digest_add(struct digest *d, const struct record *record, bool bad);
/* Known issues that one run, of several that are added up, has not seen. */
void digest_missed(struct digest *d, const struct strs *issues);
/* Why the cell failed, in one line (from POOL). */
const char *digest_why(struct pool *pool, const struct record *record);
/* What a cell with that verdict is called, as wide as all others. */
const char *digest_word(enum verdict_kind kind);
/* Everything but the totals. */
void digest_print(const struct digest *d, FILE *out, bool colour);

#endif
