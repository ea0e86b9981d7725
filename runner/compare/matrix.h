/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Several runs side by side: kernels, runtimes, whatever a column is.
 */
#ifndef NSC_MATRIX_H
#define NSC_MATRIX_H

#include <stdio.h>

#include "compare/joined.h"

enum matrix_rows { MATRIX_FAMILIES, MATRIX_SCENARIOS };

/* Counts by row and run. */
void matrix_print(const struct joined *j, enum matrix_rows rows, FILE *out);
/* Each cell whose verdicts differ, and why. */
void matrix_print_differences(const struct joined *j, FILE *out);
/* The same as one JSON object. */
void matrix_print_json(const struct joined *j, FILE *out);

#endif
