// SPDX-License-Identifier: GPL-2.0-only
/*
 * What execve(2) does to the PID namespace for children.  The child joins, asks to be traced and
 * executes the agent's own file; it stops at the exec, before the first instruction of the new
 * program, is looked at, and killed.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../proc.h"
#include "nsc/sys.h"

#define EXEC_IN(F, S) \
	F(S, ACTOR, join, REQUIRED, "whose PID namespace the child joins first")
FIELDS(exec_in, EXEC_IN);

#define EXEC_OUT(F, S) \
	F(S, STR, own, REQUIRED, "PID namespace of the child after execve, as ns.id tells it") \
	F(S, STR, children, REQUIRED, "the one for its children")
FIELDS(exec_out, EXEC_OUT);

static void exec_child(int pidfd) __attribute__((noreturn));
static void exec_child(int pidfd)
{
	char *const argv[] = { "nsconform", NULL };
	char *const envp[] = { NULL };

	if (setns(pidfd, CLONE_NEWPID) == 0 && ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0)
		execve("/proc/self/exe", argv, envp);
	_exit(1);
}

static const char *identity(struct op_ctx *ctx, pid_t pid, const char *link)
{
	AUTO_FD dir = number_dir(ctx, pid);
	struct stat st;

	if (dir < 0 || fstatat(dir, link, &st, 0) < 0)
		return NULL;
	return pool_printf(ctx->pool, "%u:%u:%llu", major(st.st_dev), minor(st.st_dev),
			   (unsigned long long)st.st_ino);
}

static int wait_for(pid_t pid)
{
	int status = 0;

	while (waitpid(pid, &status, __WALL) < 0 && errno == EINTR)
		;
	return status;
}

static int pid_exec_run(struct op_ctx *ctx, const struct exec_in *in, struct exec_out *out)
{
	struct clone_request req = { .exit_signal = 0 };
	pid_t pid = sys_clone3(&req);

	if (pid == 0)
		exec_child(in->join.pidfd);
	if (pid < 0)
		return op_broken(ctx, "clone3: %s", strerror(-pid));
	if (!WIFSTOPPED(wait_for(pid)))
		return op_broken(ctx, "the child could not join, be traced or execute");
	out->own = identity(ctx, pid, "ns/pid");
	out->children = identity(ctx, pid, "ns/pid_for_children");
	kill(pid, SIGKILL);
	wait_for(pid);
	return out->own && out->children ? 0 : op_broken(ctx, "the child cannot be looked at");
}
OP(pid_exec, "pid.exec", exec_in, exec_out,
	.doc = "Have a child join a PID namespace, execute a program, and be looked at.",
	.source = "execve(2), pid_namespaces(7)",
	.touches = NSM_PID, .flags = OP_PROC);
