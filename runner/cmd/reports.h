/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * --report FORMAT:FILE: the run in the formats of others, written when it is over.
 */
#ifndef NSC_REPORTS_H
#define NSC_REPORTS_H

#include "report/results.h"

/* Before anything runs: false with a message when a report of R->options cannot be written. */
bool reports_open(struct results *r, struct pool *pool);
/* Write them, if the run has begun, however it ended: STATUS, or EXIT_BROKEN with a message. */
int reports_write(struct results *r, struct pool *pool, int status);

#endif
