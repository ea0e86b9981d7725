/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * --baseline RESULTS: the run against an earlier one, when it is over.
 */
#ifndef NSC_BASELINE_H
#define NSC_BASELINE_H

#include "report/results.h"

/* Before anything runs: false with a message when the baseline of R->options cannot be read. */
bool baseline_open(struct results *r, struct pool *pool);
/*
 * Print the comparison on stderr, if the run has begun. HAPPENED (report/exit_status.h), but where
 * it comes from verdicts of cells: those that the baseline has, too, do not count.
 */
int baseline_end(struct results *r, struct pool *pool, int happened);

#endif
