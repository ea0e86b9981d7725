// SPDX-License-Identifier: GPL-2.0-only
/*
 * pid.trace_fork: which number a fork event tells the tracer about a child that is born in
 * another PID namespace.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "nsc/op.h"
#include "nsc/sys.h"

#define TRACE_OUT(F, S) \
	F(S, INT, tracee, REQUIRED, 0, 0, "number of the traced PID 1 as the caller sees it") \
	F(S, INT, message, REQUIRED, 0, 0, "PTRACE_GETEVENTMSG of its fork") \
	F(S, BOOL, known, "the caller can wait for a child of that number")
FIELDS(trace_out, TRACE_OUT);

static void trace_child(int go) __attribute__((noreturn));
static void trace_child(int go)
{
	struct clone_request req = { .exit_signal = SIGCHLD };
	char byte;

	if (read(go, &byte, 1) == 1 && sys_clone3(&req) == 0)
		_exit(0);
	for (;;)
		pause();
}

static pid_t wait_any_state(pid_t pid, int *status)
{
	pid_t got;

	do
		got = waitpid(pid, status, __WALL);
	while (got < 0 && errno == EINTR);
	return got;
}

/*
 * The child stops as soon as it is there. Whoever does so is waited for, not the number that is
 * told.
 */
static int trace(struct op_ctx *ctx, pid_t pid, int go, pid_t *child, struct trace_out *out)
{
	unsigned long message = 0;
	int status = 0;

	if (ptrace(PTRACE_SEIZE, pid, 0, PTRACE_O_TRACEFORK | PTRACE_O_EXITKILL) < 0)
		return -errno;
	if (write(go, "", 1) != 1 || wait_any_state(pid, &status) != pid ||
	    status >> 8 != (SIGTRAP | PTRACE_EVENT_FORK << 8))
		return op_broken(ctx, "no fork event came");
	if (ptrace(PTRACE_GETEVENTMSG, pid, 0, &message) < 0)
		return -errno;
	out->tracee = pid;
	out->message = (int64_t)message;
	*child = wait_any_state(-1, &status);
	out->known = *child == (pid_t)message;
	return 0;
}

static int pid_trace_fork_run(struct op_ctx *ctx, const struct none *in, struct trace_out *out)
{
	struct clone_request req = { .flags = CLONE_NEWPID };
	int go[2], status;

	if (pipe2(go, O_CLOEXEC) < 0)
		return op_broken(ctx, "pipe2: %m");
	AUTO_FD go_read = go[0];
	AUTO_FD go_write = go[1];
	pid_t child = 0, pid = sys_clone3(&req);

	if (pid == 0)
		trace_child(go_read);
	if (pid < 0)
		return op_broken(ctx, "clone3: %s", strerror(-pid));
	int rc = trace(ctx, pid, go_write, &child, out);

	/* Its death takes the grandchild along, which the tracer has to release first. */
	kill(pid, SIGKILL);
	if (child > 0)
		wait_any_state(child, &status);
	wait_any_state(pid, &status);
	return rc;
}
OP(pid_trace_fork, "pid.trace_fork", none, trace_out,
	.doc = "Trace PID 1 of a new PID namespace while it forks.",
	.source = "ptrace(2) PTRACE_O_TRACEFORK",
	.touches = NSM_PID);
