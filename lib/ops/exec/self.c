// SPDX-License-Identifier: GPL-2.0-only
/*
 * An actor executes its own program, which goes on as that actor: the process and its channel are
 * the same, and what execve(2) resets is reset.  The new program sends the answer.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <unistd.h>

#include "nsc/agent.h"

static int exec_self_run(struct op_ctx *ctx, const struct none *in, struct none *out)
{
	int channel = fcntl(ctx->agent->channel, F_DUPFD, STDERR_FILENO + 1);
	char *const argv[] = {
		"nsconform", "agent", "again", pool_printf(ctx->pool, "%d", channel),
		pool_printf(ctx->pool, "%u", ctx->seq),
		pool_printf(ctx->pool, "%d", ctx->agent->keep),
		ctx->agent->patient ? "patient" : NULL, NULL
	};
	char *const envp[] = { NULL };

	if (channel < 0)
		return op_broken(ctx, "duplicate the channel: %m");
	/* What it holds (struct agent) stays open, too. */
	fcntl(ctx->agent->keep, F_SETFD, 0);
	execve("/proc/self/exe", argv, envp);
	/* No answer to a question about namespaces: where this fails, /proc or the mode of the
	 * program's file is in the way. */
	op_broken(ctx, "execute /proc/self/exe: %m");
	fcntl(ctx->agent->keep, F_SETFD, FD_CLOEXEC);
	close(channel);
	return OP_BROKEN;
}
OP(exec_self, "exec.self", none, none,
	.doc = "Execute the actor's own program in its place; it goes on, but changes no namespace any more.",
	.source = "execve(2)", .touches = NSM_PID,
	.seen = "cap cred exec ns proc rlimit signal time uts");
