/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Cells that are tried again: those that may only have been late, and with --retry those that went
 * wrong.  They are held back, with what was seen of them, until nothing else can be done: at the
 * end, or when no more may wait to be printed behind them; then each is tried again alone and with
 * more patience.
 */
#ifndef NSC_AGAIN_H
#define NSC_AGAIN_H

#include "exec/exec.h"
#include "report/attempts.h"

struct again {
	struct attempts *attempts; /* that take what is not held */
	struct pool pool; /* of those that are held */
	struct held {
		size_t index;	  /* in the plan */
		const char *line; /* its trace_line(); NULL: .attempts has it */
		const char *what; /* happened to what was late, else NULL */
		bool told;
	} *held;
	size_t n, room;
	size_t next, fruitless;
	bool hopeless; /* it does not help here */
};

/* The cell was carried out: it is held if it is worth another try, and else an attempt is over. */
void again_done(struct again *a, size_t index, struct pool *pool, const struct script *script,
		const struct trace *trace);
/*
 * Try all that are held, as CONFIG says where we are, and judge them; those for which there is no
 * time, or no hope, by what was seen before. What exec_run() returned.
 */
int again_try(struct again *a, const struct exec_config *config);

#endif
