// SPDX-License-Identifier: GPL-2.0-only
/*
 * The time factor of this process.
 */
#include <stdatomic.h>

#include "nsc/patience.h"

/* The variable is atomic because actors that are threads of one process all set it, to the same
 * value. */
static atomic_int times = 1;

void patience_set(int factor)
{
	int wanted = factor < 1 ? 1 : factor;

	/* Each call to an agent sets it, and a page that is written is copied in each process. */
	if (times != wanted)
		times = wanted;
}

int patience_factor(void)
{
	return times;
}

int64_t patience(int64_t ns)
{
	return ns * patience_factor();
}
