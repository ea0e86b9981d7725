/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What several formats say about cells.
 */
#ifndef NSC_EXPORT_CELLS_H
#define NSC_EXPORT_CELLS_H

#include "report/ran.h"

/* The suite of a cell: its scenario's id without the last part. */
const char *cell_suite(struct pool *pool, const struct record *cell);
/* The run of a cell, or the first where that is unknown; NULL when there is none. */
const struct run_record *cell_run(const struct ran *ran, const struct record *cell);
/* Whether it counts as a failure of the kernel, or of the harness. */
bool cell_failed(const struct record *cell);
/* The id of the known issue that it shows, or does not. */
const char *cell_issue(const struct record *cell);
/* Why the cell ended as it did, in one line; "" where there is nothing to say. */
const char *cell_why(struct pool *pool, const struct record *cell);
/* All that there is to say, a line `name: text` for each field; the kernel log is not in it. */
const char *cell_story(struct pool *pool, const struct record *cell);
/* Of a cell that was tried a million times reports have so many of the following. */
enum { ATTEMPTS_SHOWN = 10 };
/* Attempts in a row that gave the same. */
struct cell_attempt {
	int64_t attempt, times; /* the first of them, from 1 */
	enum verdict_kind verdict;
	const char *message; /* or NULL */
	int64_t took_ns;     /* 0: not known */
};
/* The attempts beside the one that counts, as the record has them (attempts). */
const struct cell_attempt *cell_attempts(struct pool *pool, const struct record *cell, size_t *n);
/* "attempt 1, fail: x was to be 3, and was 4", "attempts 2 to 4, pass". */
const char *cell_attempt_text(struct pool *pool, const struct cell_attempt *a);
/* "and 12 more attempts": those that are not among the first ATTEMPTS_SHOWN of N; NULL: none. */
const char *cell_attempts_more(struct pool *pool, const struct cell_attempt *v, size_t n);
/* "flaky: " and the first attempt that ended otherwise than the one that counts; NULL: none has. */
const char *cell_flaky(struct pool *pool, const struct record *cell);
/* The first of them in lines, after one that says which attempt counts; "" where there was but
 * one. */
const char *cell_attempts_text(struct pool *pool, const struct record *cell);
/* Lines of the kernel log, each with an end. */
const char *cell_log(struct pool *pool, const struct record *cell);
/* A member of a record's map, or NULL where the record says nothing. */
const struct value *said(const struct value *map, const char *key);
/* Nanoseconds as seconds, with that many decimals. */
const char *cell_seconds(struct pool *pool, int64_t ns, int decimals);

/* "it was interrupted: 12 cells were not reached" of a run that did not do all of its plan, else
 * NULL. */
const char *run_incomplete(struct pool *pool, const struct ran *ran);

#endif
