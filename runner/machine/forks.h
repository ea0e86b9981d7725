/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a second processor is worth to a run, which does little but fork: little where forks contend
 * for memory or for the host's page tables.
 */
#ifndef NSC_FORKS_H
#define NSC_FORKS_H

#include "nsc/field.h"

/*
 * Hundredths of the forks that one processor does which the first two of PROCESSORS do, by the
 * processor time that they take when both do; 0 where that cannot be told.
 */
int forks_of_two(const struct ints *processors);

#endif
