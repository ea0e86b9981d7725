// SPDX-License-Identifier: GPL-2.0-only
/*
 * On which processor the actor and its future children run: some kernels number namespaces
 * by processor.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <string.h>

#include "nsc/op.h"
#include "nsc/processors.h"

#define SCHED_PIN_IN(F, S) \
	F(S, INT, nth, REQUIRED, 0, CPU_SETSIZE - 1, \
	  "which of the processors that the caller may use, from 0")
FIELDS(sched_pin_in, SCHED_PIN_IN);

static int sched_pin_run(struct op_ctx *ctx, const struct sched_pin_in *in, struct none *out)
{
	struct ints allowed;
	int rc = processors_get(ctx->pool, &allowed);

	if (rc < 0)
		return op_broken(ctx, "sched_getaffinity: %s", strerror(-rc));
	if ((size_t)in->nth >= allowed.n)
		return op_broken(ctx, "only %zu processors are allowed", allowed.n);
	return processors_set(0, &(struct ints){ .v = &allowed.v[in->nth], .n = 1 });
}

static int sched_pin_check(struct op_ctx *ctx, const struct sched_pin_in *in,
			   const struct none *out)
{
	struct ints now;

	return processors_get(ctx->pool, &now) < 0 || now.n == 1 ? 0 :
		op_undone(ctx, "%zu processors are allowed", now.n);
}
OP_CHECK(sched_pin, sched_pin_in, none)
OP(sched_pin, "sched.pin", sched_pin_in, none,
	.doc = "Run on one processor from now on.",
	.source = "sched_setaffinity(2)", .flags = OP_PROCESSORS,
	.check = sched_pin_checked);
