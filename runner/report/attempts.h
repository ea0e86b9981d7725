/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Cells that are tried several times: --retry, --repeat and --until-fail.
 *
 * Attempts may differ, and the cell is flaky then: a mark of its record beside the verdict, which
 * is that of the attempt that counts. With --flaky pass, the default of --retry, that is the best
 * one, with --flaky fail, the default of the others, the worst one. What crashed, lied, or made the
 * kernel complain counts in any case, and is not tried again.
 */
#ifndef NSC_ATTEMPTS_H
#define NSC_ATTEMPTS_H

#include "report/results.h"

struct tried;

struct attempts {
	struct results *results;
	struct tried **tried; /* of each cell of the plan that has begun and is not concluded */
	bool *over;	      /* whether it is concluded */
	bool failed;	      /* --until-fail: there is what it waits for */
	int64_t over_ns;      /* when the run's time is over, in sys_now_ns() terms; 0: never */
};

/* Whether the options ask for more than one attempt. */
bool attempts_wanted(const struct run_options *o);
/* Begin, once there is the plan of RESULTS; attempts_end() in the end. */
void attempts_begin(struct attempts *a, struct results *results);
/*
 * An attempt of the cell is over. True when another one is wanted; else the cell is, and
 * results_done() has it. LINE is as of results_done(). What comes of a cell that is concluded
 * already is of no account.
 */
bool attempts_done(struct attempts *a, size_t index, struct pool *pool, const struct script *script,
		   const struct trace *trace, const char *line);
/* The same with a verdict that counts, whatever the other attempts gave: a machine that died. */
void attempts_verdict(struct attempts *a, size_t index, struct pool *pool,
		      const struct script *script, const struct trace *trace,
		      struct verdict *verdict);
/* Whether another attempt of any cell is wanted. */
bool attempts_any_open(const struct attempts *a);
/* Whether another attempt of the cell is wanted, as some are over and none has concluded it. */
bool attempts_open(const struct attempts *a, size_t index);
/* Conclude the cell by the attempts that there are, when it is open. */
void attempts_conclude(struct attempts *a, size_t index);
/* The same for all cells; free what is kept. */
void attempts_end(struct attempts *a);

#endif
