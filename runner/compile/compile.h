/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where the plan of cells and what builds their boxes meet: from a cell to the script that is
 * carried out, and to the reason why it is not.
 */
#ifndef NSC_COMPILE_H
#define NSC_COMPILE_H

#include "plan/plan.h"

/* What is to be done in the cell, in POOL, on a kernel of that RELEASE; see script_make(). */
void cell_compile(struct pool *pool, const struct cell *cell, int release, struct script *script);
/* Mark the cells that this machine cannot run, and why. Probes the kernel. */
void plan_require(struct plan *plan, const struct machine *machine, bool disposable);

#endif
