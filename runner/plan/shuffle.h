/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The order of a plan by a seed, so that what depends on the order shows, and can be repeated.
 */
#ifndef NSC_SHUFFLE_H
#define NSC_SHUFFLE_H

#include "plan/plan.h"

/* What TEXT says: a number from 1 to INT_MAX, or for `random` one by chance; 0: it is neither. */
int seed_read(const char *text);
/*
 * The last steps to a plan: with QUICK plan_quick(); then order the cells by SEED, if it is not 0:
 * the same cells alike on every machine.
 */
void plan_arrange(struct plan *plan, bool quick, uint32_t seed);

#endif
