/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * On which processors threads may run: sched_setaffinity(2), for any number of processors.
 */
#ifndef NSC_PROCESSORS_H
#define NSC_PROCESSORS_H

#include <sys/types.h>

#include "nsc/field.h"
#include "nsc/pool.h"

/* The numbers of those that the calling thread may run on, from POOL: 0, or -errno. */
int processors_get(struct pool *pool, struct ints *processors);
/* Let thread TID (0: the caller) run on these and no others: 0, or -errno. */
int processors_set(pid_t tid, const struct ints *processors);

#endif
