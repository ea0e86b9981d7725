// SPDX-License-Identifier: GPL-2.0-only
/*
 * setns(2) by the pidfd of a process that is about to end.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../ns.h"
#include "nsc/sys.h"
#include "nsc/syscall.h"
#include "uapi/sched.h"

#define RACE_IN(F, S) \
	F(S, FLAGS, types, REQUIRED, ns_symbols, "namespaces that the process is born in") \
	F(S, INT_DEF, rounds, 100, 2, 10000, "how many processes, one after the other")
FIELDS(race_in, RACE_IN);

#define RACE_OUT(F, S) \
	F(S, INT, joined, REQUIRED, 0, 0, "how many the caller was in time for") \
	F(S, INT, late, REQUIRED, 0, 0, "how many were gone: ESRCH") \
	F(S, INT, other, REQUIRED, 0, 0, "how many ended in another error") \
	F(S, ERRNO, last, "the last other error")
FIELDS(race_out, RACE_OUT);

/* The first process waits to be killed, and the second has ended: both answers are sure to come. */
enum { ROUND_ALIVE, ROUND_DEAD };

/* What the process does: others live for some rounds of a loop, for another number each time. */
static void live(int i)
{
	while (i == ROUND_ALIVE)
		pause();
	for (volatile int n = i == ROUND_DEAD ? 0 : (i % 20) * 200; n > 0; n--)
		;
	sys_call(SYS_exit_group, 0);
}

static int round_of(struct op_ctx *ctx, uint64_t flags, int i, struct race_out *out)
{
	int pidfd = -1;
	struct clone_args args = { .flags = flags | CLONE_PIDFD, .pidfd = (uintptr_t)&pidfd,
				   .exit_signal = SIGCHLD };
	long pid = sys_call(SYS_clone3, &args, sizeof(args));

	if (pid < 0)
		return -errno;
	if (!pid)
		live(i);
	siginfo_t info;

	if (i == ROUND_DEAD && waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT) < 0)
		return op_broken(ctx, "waitid: %m");
	int rc = setns(pidfd, (int)flags) < 0 ? errno : 0;

	fd_close(&pidfd);
	out->joined += !rc;
	out->late += rc == ESRCH;
	if (rc && rc != ESRCH) {
		out->other++;
		out->last = rc;
	}
	if (i == ROUND_ALIVE)
		kill((pid_t)pid, SIGKILL);
	if (waitpid((pid_t)pid, NULL, 0) < 0)
		return op_broken(ctx, "waitpid: %m");
	return 0;
}

static int ns_race_run(struct op_ctx *ctx, const struct race_in *in, struct race_out *out)
{
	int i = 0;

	for (; i < in->rounds && op_left_ms(ctx); i++) {
		int rc = round_of(ctx, ns_request(in->types, 0), i, out);

		if (rc)
			return rc;
	}
	/* On a slow machine fewer rounds will do, but without both an answer is missing. */
	return i > ROUND_DEAD ? 0 : op_broken(ctx, "timed out in round %d", i);
}
OP(ns_race, "ns.race", race_in, race_out,
	.doc = "Make processes that end at once, and join their namespaces by their pidfds.",
	.source = "setns(2), kernel/nsproxy.c validate_nsset()", .asks = "release.5.8",
	.flags = OP_SINGLE);
