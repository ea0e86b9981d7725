/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Shards of one run (--shard), put together into one results directory:
 *   DIR/cells.jsonl, DIR/run.json   those of one run, with an id of its own
 *   DIR/traces/SUITE.jsonl          of all of them
 *   DIR/environment.json            the first one's
 *   DIR/shards/I-of-N/              what else each has left, its own run.json among it
 */
#ifndef NSC_MERGE_H
#define NSC_MERGE_H

#include "report/ran.h"

/* Sort the N RUNS by their numbers, and report whatever keeps them from being one run. */
void merge_check(struct pool *pool, struct ran *runs, size_t n, struct problems *problems);
/* The numbers of shards that are missing among RUNS, which are in order: "2, 5"; "" for none (from
 * POOL). */
const char *merge_missing(struct pool *pool, const struct ran *runs, size_t n);
/* Write DIR from RUNS, which merge_check() accepts. False with a message when it cannot be. */
bool merge_write(struct pool *pool, const struct ran *runs, size_t n, const char *dir);

#endif
