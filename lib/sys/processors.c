// SPDX-License-Identifier: GPL-2.0-only
/*
 * Affinity masks as numbers of processors.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>

#include "nsc/processors.h"

/* The most that any kernel has (NR_CPUS); the call fails with a mask smaller than the kernel's. */
enum { PROCESSORS_MAX = 8192 };
#define MASK_BYTES CPU_ALLOC_SIZE(PROCESSORS_MAX)

int processors_get(struct pool *pool, struct ints *processors)
{
	cpu_set_t *mask = pool_alloc(pool, MASK_BYTES);

	if (sched_getaffinity(0, MASK_BYTES, mask) < 0)
		return -errno;
	*processors = (struct ints){
		.v = pool_array(pool, int64_t, (size_t)CPU_COUNT_S(MASK_BYTES, mask)),
	};
	for (size_t i = 0; i < PROCESSORS_MAX; i++)
		if (CPU_ISSET_S(i, MASK_BYTES, mask))
			processors->v[processors->n++] = (int64_t)i;
	return 0;
}

int processors_set(pid_t tid, const struct ints *processors)
{
	AUTO_POOL pool = { 0 };
	cpu_set_t *mask = pool_alloc(&pool, MASK_BYTES);

	for (size_t i = 0; i < processors->n; i++)
		CPU_SET_S((size_t)processors->v[i], MASK_BYTES, mask);
	return sched_setaffinity(tid, MASK_BYTES, mask) < 0 ? -errno : 0;
}
