/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Several runs side by side: kernels, runtimes, whatever a column is.
 */
#ifndef NSC_MATRIX_H
#define NSC_MATRIX_H

#include <stdio.h>

#include "compare/compare.h"

enum matrix_rows { MATRIX_FAMILIES, MATRIX_SCENARIOS };

/* Counts by row and run. */
void matrix_print(const struct joined *j, enum matrix_rows rows, FILE *out);
/* What compare says of each of the N comparisons of these runs, which compare_all() has made. */
void matrix_print_comparisons(const struct joined *j, const struct comparison *v, size_t n,
			      FILE *out);
/* Each cell that differs, all runs in one line, what has become of it, and why. */
void matrix_print_differences(const struct joined *j, const struct comparison *v, size_t n,
			      FILE *out);
/* The same as one JSON object. */
void matrix_print_json(const struct joined *j, const struct comparison *v, size_t n, FILE *out);

#endif
