/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * --report FORMAT:FILE: the run in the formats of others, written when it is over.
 */
#ifndef NSC_REPORTS_H
#define NSC_REPORTS_H

#include "report/ran.h"
#include "report/results.h"

/* Before anything runs: false with a message when a report of R->options cannot be written. */
bool reports_open(struct results *r, struct pool *pool);
/* The run as it ended, once R->output.run.record has .ended; false with a message. */
bool reports_take(struct results *r, struct pool *pool, struct ran *ran);
/* Write them, if the run has begun, however it ended: HAPPENED, or HAPPENED_HARNESS with a
 * message. */
int reports_write(struct results *r, struct pool *pool, int happened);

#endif
