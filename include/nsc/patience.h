/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How slow the machine is: one whole number, the run's time factor, by which every limit on waiting
 * is longer than on an idle one.  It is a property of the machine and not of a call, so a process
 * has one; the controller tells its agents with each call, and children inherit it.
 */
#ifndef NSC_PATIENCE_H
#define NSC_PATIENCE_H

#include <stdint.h>

/* The greatest factor that --time-factor takes. */
enum { TIME_FACTOR_MAX = 1000 };

/* Set the factor; less than 1 counts as 1. */
void patience_set(int factor);
int patience_factor(void);
/* NS on a machine as slow as this one. */
int64_t patience(int64_t ns);

#endif
