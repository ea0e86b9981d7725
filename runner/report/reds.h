/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What controls and twins show: by what each marked expectation of a control fails, and how a
 * twin differs from what its step expects.
 */
#ifndef NSC_REDS_H
#define NSC_REDS_H

#include <stdio.h>

#include "report/traced.h"

/*
 * A line for each marked step of a control, and for the step of a twin: the cell, the line in the
 * suite, the op, the field that differs, what the scenario itself expects of it, and what was seen,
 * with tabs between them. Nothing of steps that were not reached, and of other cells.
 */
void reds_print(FILE *out, struct pool *pool, const struct traced_cell *cell);

#endif
