/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From operands and options to the cells that are meant.
 */
#ifndef NSC_LOAD_PLAN_H
#define NSC_LOAD_PLAN_H

#include "report/results.h"

/*
 * Load what ARGS name and the runtime of O into *RUNTIME (NULL: there is none), and plan the
 * selected cells, in the pool of PLAN.  Those that MACHINE cannot run are marked and say why; it is
 * NULL where nothing runs, or another kernel decides. False when there were problems, which are
 * printed.
 */
bool load_plan(struct selection *s, struct plan *plan, struct runtime **runtime,
	       const struct run_options *o, const struct machine *machine, char **args);
/* The same for a run, with its known issues. */
bool load_run(struct results *r, struct pool *pool, const struct machine *machine, char **args);

#endif
