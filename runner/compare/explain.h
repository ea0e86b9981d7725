/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What explains a change: a need, a known issue with its range of releases, or what the suites say
 * of releases between the two kernels.
 */
#ifndef NSC_EXPLAIN_H
#define NSC_EXPLAIN_H

#include "compare/compare.h"

/* Fill .why of the differences of N comparisons, where there is something to say. */
void explain(struct comparison *v, size_t n);

#endif
