// SPDX-License-Identifier: GPL-2.0-only
/*
 * The time factor of this process.
 */
#include <stdatomic.h>

#include "nsc/patience.h"

/* Actors that are threads of one process set it at once, to the same. */
static atomic_int times = 1;

void patience_set(int factor)
{
	times = factor < 1 ? 1 : factor;
}

int patience_factor(void)
{
	return times;
}

int64_t patience(int64_t ns)
{
	return ns * patience_factor();
}
