/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How busy the machine is, in words, for whoever has to tell lateness from a hang.
 */
#ifndef NSC_BUSY_H
#define NSC_BUSY_H

#include "nsc/pool.h"

/* The load average, the share of time that processes waited for a processor, the time factor. */
const char *busy_text(struct pool *pool);

#endif
