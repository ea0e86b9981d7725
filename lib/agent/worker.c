// SPDX-License-Identifier: GPL-2.0-only
/*
 * actor.worker: one more worker.  What a program that is executed has to do first, its text and
 * constants on huge pages above all, its copy has done, and shares.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "nsc/agent.h"
#include "nsc/place.h"
#include "nsc/sys.h"
#include "nsc/wire.h"

static void serve(struct op_ctx *ctx, int channel) __attribute__((noreturn));
static void serve(struct op_ctx *ctx, int channel)
{
	struct agent agent = *ctx->agent;

	close(agent.channel);
	agent.channel = channel;
	agent.leads = setsid() == getpid();
	/* It is not inherited (PR_SET_CHILD_SUBREAPER(2const)). */
	if (prctl(PR_SET_CHILD_SUBREAPER, 1) < 0 ||
	    wire_send(channel, 0, value_int(ctx->pool, getpid())) < 0)
		_exit(1);
	agent_serve(&agent, ctx->pool);
}

static int actor_worker_run(struct op_ctx *ctx, const struct worker_in *in, struct none *out)
{
	struct clone_request req = { .flags = CLONE_PARENT };
	pid_t pid = sys_clone3(&req);

	(void)out;
	if (pid == 0)
		serve(ctx, in->channel);
	return pid < 0 ? op_broken(ctx, "clone3: %s", strerror(-pid)) : OP_ANSWERED;
}
OP(actor_worker, "actor.worker", worker_in, none,
	.doc = "Make another worker, the runner's child, which says its number on its channel.",
	.source = "clone(2) CLONE_PARENT",
	.flags = OP_INTERNAL);
