/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is said of a cell that was tried several times: trace->attempts has what each attempt gave
 * but the one that counts, as maps of attempt (the first of .times in a row), times, verdict,
 * message and took_ns.
 */
#ifndef NSC_FLAKY_H
#define NSC_FLAKY_H

#include <stdio.h>

#include "report/judge.h"

/* Whether an attempt ended otherwise than KIND, as which the cell counts. */
bool flaky(const struct trace *trace, enum verdict_kind kind);
/* The comment lines of the cell, of which there are none when it was tried once. */
void flaky_tell(FILE *out, struct pool *pool, const struct trace *trace, enum verdict_kind kind);

#endif
