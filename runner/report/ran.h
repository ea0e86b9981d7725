/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A run that is over, in memory: what its results directory has (docs/results-format.md), or the
 * file of a baseline. Whoever compares or shows runs starts from here.
 */
#ifndef NSC_RAN_H
#define NSC_RAN_H

#include "report/known.h"
#include "report/records.h"
#include "report/report.h"

struct ran {
	const char *dir; /* as given */
	bool baseline;	 /* it is what the others are compared with */
	struct run_record *runs; /* one; of parts that share the directory, each */
	size_t n_runs;
	struct record *cells; /* in the order in which they ended */
	size_t n;
	struct strs missed; /* cells of plans that did not end, without a record; by name */
	struct totals totals; /* of these cells */
};

/* Read DIR, a directory, file or name as of records.h, into RAN, which lives in POOL. What cannot
 * be read is a problem. */
void ran_load(struct pool *pool, const char *dir, struct ran *ran, struct problems *problems);
/*
 * The same of the run that has just ended, which need not have a directory: DIR is what it is
 * called. From the lines of CELLS, the run's record and the names of its PLAN, which RAN keeps.
 */
void ran_take(struct pool *pool, const char *dir, FILE *cells, const struct run_record *run,
	      const struct strs *plan, struct ran *ran, struct problems *problems);
/* How many cells fail the run by its --fail-on alone. */
size_t ran_failed_on(const struct ran *ran);
/* Add to LIST, which lives in POOL, the known issues that the run knew (known_load_record()). */
void ran_known(struct pool *pool, const struct ran *ran, struct known_list *list);
/* The exit status, in the default profile, that its cells come to. */
int ran_status(const struct ran *ran);
/* Why there may be cells that are not there, or NULL: a run that was killed or interrupted. */
const char *ran_unended(const struct ran *ran);
/* Whether there is no record of the run, as in results of before there was one, and in what is left
 * of a directory: neither what it ran on nor whether it has its end is known then. */
bool ran_unrecorded(const struct ran *ran);
/* The cells by name (from POOL), in which the variants of a scenario and the scenarios of a suite
 * stand together: records are in the order in which cells ended, which differs from run to run. */
const struct record **ran_by_name(struct pool *pool, const struct ran *ran);
/* The record of the cell NAME among N of these, or NULL. */
const struct record *ran_find(const struct record *const *by_name, size_t n, const char *name);

#endif
