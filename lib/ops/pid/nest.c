// SPDX-License-Identifier: GPL-2.0-only
/*
 * PID namespaces inside each other, until the kernel refuses one.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../report.h"
#include "nsc/sys.h"
#include "nsc/syscall.h"

static const struct symbol nest_symbols[] = {
	{ "clone3", 0, "clone3(CLONE_NEWPID)" },
	{ "unshare", 1, "unshare(CLONE_NEWPID), then fork" },
	{ 0 }
};

#define NEST_IN(F, S) \
	F(S, ENUM, by, REQUIRED, nest_symbols, "how each level is made") \
	F(S, INT_DEF, levels, 40, 1, 64, "how many levels to try for")
FIELDS(nest_in, NEST_IN);

#define NEST_OUT(F, S) \
	F(S, INT, levels, REQUIRED, 0, 0, "how many PID namespaces were made, each in the last") \
	F(S, ERRNO, error, "why the next one could not, 0 if all could")
FIELDS(nest_out, NEST_OUT);

/* One level: 0 in the child, which is PID 1 of the new namespace. */
static pid_t nest_level(int64_t by)
{
	struct clone_request req = { .exit_signal = SIGCHLD };

	if (by == 0)
		req.flags = CLONE_NEWPID;
	else if (unshare(CLONE_NEWPID) < 0)
		return -errno;
	return sys_clone3(&req);
}

/* Each level waits for the one below, so that all of them exist at the same time. */
static void nest_down(int fd, const void *params) __attribute__((noreturn));
static void nest_down(int fd, const void *params)
{
	const struct nest_in *in = params;
	struct report report = { 0 };
	pid_t pid = 0;

	for (; report.v[0] < in->levels; report.v[0]++) {
		pid = nest_level(in->by);
		if (pid)
			break;
		if (sys_call(SYS_getpid) != 1)
			_exit(1);
	}
	if (pid > 0) {
		while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
			;
		_exit(0);
	}
	report.v[1] = -pid;
	_exit(send(fd, &report, sizeof(report), MSG_NOSIGNAL) < 0);
}

static int pid_nest_run(struct op_ctx *ctx, const struct nest_in *in, struct nest_out *out)
{
	struct report report = { 0 };
	struct ucred creds;

	if (report_of(ctx, nest_down, in, &report, &creds))
		return OP_BROKEN;
	out->levels = report.v[0];
	out->error = report.v[1];
	return 0;
}
OP(pid_nest, "pid.nest", nest_in, nest_out,
	.doc = "Make PID namespaces, each inside the last, until one is refused.",
	.source = "pid_namespaces(7) Nesting PID namespaces",
	.touches = NSM_PID);
