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
