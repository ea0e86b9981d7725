/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Several runs side by side: kernels, runtimes, whatever a column is. Each column is a
 * directory that a run has left (output.h).
 */
#ifndef NSC_MATRIX_H
#define NSC_MATRIX_H

#include <stdio.h>
#include <uthash.h>

#include "load/problems.h"
#include "report/report.h"

struct column {
	const char *title; /* the directory's last name */
	const char *kernel; /* what the run said about its machine, or "" */
	const char *runtime; /* that built the boxes, with its version; or "" */
	const char *unended; /* why there may be more cells, or NULL */
};

/* A cell's verdict in one column. */
struct seen {
	int8_t verdict; /* enum verdict_kind, or -1: it was not in that run */
	int8_t promise; /* enum promise, of a plain cell, with its controls and twins */
	const char *why; /* what explains it: the need, the known issue, the message; or "" */
};

struct matrix_cell {
	const char *name, *scenario, *family;
	struct seen *seen; /* of each column */
	UT_hash_handle hh;
};

struct matrix {
	struct pool *pool;
	struct column *columns;
	size_t n;
	struct matrix_cell *cells; /* a hash table by name, in the order of the first column */
};

enum matrix_rows { MATRIX_FAMILIES, MATRIX_SCENARIOS };

/* Read DIRS; problems are collected. matrix_free() is for what was read. */
void matrix_load(struct matrix *m, struct pool *pool, char *const *dirs, size_t n,
		 struct problems *problems);
void matrix_free(struct matrix *m);
/* Counts by row and column. */
void matrix_print(const struct matrix *m, enum matrix_rows rows, FILE *out);
/* Each cell whose verdicts differ, and why. */
void matrix_print_differences(const struct matrix *m, FILE *out);
/* The same as one JSON object. */
void matrix_print_json(const struct matrix *m, FILE *out);

#endif
