/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The second pass over a script, where somebody else builds the boxes.
 */
#ifndef NSC_LOWER_H
#define NSC_LOWER_H

#include "plan/script.h"

/* The cell's runtime is launched in a moat by further steps, and what it builds is looked at. */
void lower_for_runtime(struct pool *pool, struct script *script);
/* The box is there already, and this process in it: nothing is made but what its agent can do. */
void lower_for_inside(struct pool *pool, struct script *script);

#endif
