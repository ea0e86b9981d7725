// SPDX-License-Identifier: GPL-2.0-only
/*
 * On which processor the actor and its future children run: some kernels number namespaces
 * by processor.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>

#include "nsc/op.h"

#define SCHED_PIN_IN(F, S) \
	F(S, INT, nth, REQUIRED, 0, CPU_SETSIZE - 1, \
	  "which of the processors that the caller may use, from 0")
FIELDS(sched_pin_in, SCHED_PIN_IN);

static int sched_pin_run(struct op_ctx *ctx, const struct sched_pin_in *in, struct none *out)
{
	cpu_set_t allowed, one;
	int64_t seen = 0;

	if (sched_getaffinity(0, sizeof(allowed), &allowed) < 0)
		return op_broken(ctx, "sched_getaffinity: %m");
	CPU_ZERO(&one);
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, &allowed) && seen++ == in->nth)
			CPU_SET(cpu, &one);
	if (!CPU_COUNT(&one))
		return op_broken(ctx, "only %d processors are allowed", CPU_COUNT(&allowed));
	return sched_setaffinity(0, sizeof(one), &one) < 0 ? -errno : 0;
}
OP(sched_pin, "sched.pin", sched_pin_in, none,
	.doc = "Run on one processor from now on.",
	.source = "sched_setaffinity(2)", .flags = OP_PROCESSORS);
