/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Of a plan, the cells that an earlier run has recorded: --rerun and --last-failed.
 */
#ifndef NSC_RERUN_H
#define NSC_RERUN_H

#include "report/results.h"

/* False, with one line on stderr, when there is no such record or nothing of it in the plan. */
bool rerun_keep(struct plan *plan, const struct run_options *o);

#endif
