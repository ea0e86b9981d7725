// SPDX-License-Identifier: GPL-2.0-only
/*
 * What execve(2) does to the PID namespace for children, and to PID 1.
 *
 * For the first, the child joins, asks to be traced and executes the agent's own file; it
 * stops at the exec, before the first instruction of the new program, is looked at, and killed.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
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

#define INIT_IN(F, S) \
	F(S, BOOL, ordinary, "not PID 1 of a new namespace, but an ordinary child") \
	F(S, PATIENCE, within, 0, "time in which the signals may kill it")
FIELDS(init_in, INIT_IN);

#define INIT_OUT(F, S) \
	F(S, BOOL, alive, "it has survived SIGTERM and SIGKILL from inside")
FIELDS(init_out, INIT_OUT);

/* The program is the agent again: it blocks on its channel, with no handler for SIGTERM. */
static void init_child(int channel, int executed) __attribute__((noreturn));
static void init_child(int channel, int executed)
{
	char *const argv[] = { "nsconform", "agent", NULL };
	char *const envp[] = { NULL };
	int status = fcntl(executed, F_DUPFD_CLOEXEC, 10); /* out of the way of 3 */

	if (status >= 0 && dup2(channel, 3) == 3 && fcntl(3, F_SETFD, 0) == 0)
		execve("/proc/self/exe", argv, envp);
	_exit(write(status, "", 1) != 1);
}

/* A member of its namespace (the caller, if it has none of its own) sends the signals. */
static int signal_from_inside(struct op_ctx *ctx, pid_t pid, int pidfd, bool ordinary)
{
	struct clone_request req = { .exit_signal = 0 };
	AUTO_FD own = open("/proc/thread-self/ns/pid", O_RDONLY | O_CLOEXEC);

	if (own < 0 || (!ordinary && setns(pidfd, CLONE_NEWPID) < 0))
		return op_broken(ctx, "join the new namespace: %m");
	pid_t member = sys_clone3(&req);

	if (member == 0) {
		pid_t target = ordinary ? pid : 1;

		_exit(kill(target, SIGTERM) < 0 || kill(target, SIGKILL) < 0);
	}
	if (setns(own, CLONE_NEWPID) < 0)
		return op_broken(ctx, "come back to the own namespace: %m");
	if (member < 0 || wait_for(member) != 0)
		return op_broken(ctx, "the signals could not be sent");
	return 0;
}

static int init_look(struct op_ctx *ctx, const struct init_in *in, pid_t pid, int executed,
		     struct init_out *out)
{
	AUTO_FD pidfd = sys_pidfd_open(pid, 0);
	char byte;

	if (pidfd < 0 || sys_wait_readable(executed, ctx->deadline_ns) != 1 ||
	    read(executed, &byte, 1) != 0)
		return op_broken(ctx, "the child could not execute");
	if (sys_wait_readable(pidfd, 0))
		return op_broken(ctx, "the program did not run");
	if (signal_from_inside(ctx, pid, pidfd, in->ordinary))
		return OP_BROKEN;
	out->alive = !sys_wait_readable(pidfd, sys_now_ns() + in->within);
	return 0;
}

static int pid_exec_init_run(struct op_ctx *ctx, const struct init_in *in, struct init_out *out)
{
	struct clone_request req = { .flags = in->ordinary ? 0 : CLONE_NEWPID };
	int pair[2], status[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return op_broken(ctx, "socket pair: %m");
	AUTO_FD mine = pair[0]; /* open, so that the program goes on waiting */
	AUTO_FD channel = pair[1];

	if (pipe2(status, O_CLOEXEC) < 0)
		return op_broken(ctx, "pipe2: %m");
	AUTO_FD executed = status[0];
	AUTO_FD executing = status[1];
	pid_t pid = sys_clone3(&req);

	if (pid == 0)
		init_child(channel, executing);
	if (pid < 0)
		return op_broken(ctx, "clone3: %s", strerror(-pid));
	fd_close(&executing);
	int rc = init_look(ctx, in, pid, executed, out);

	(void)mine;
	kill(pid, SIGKILL);
	wait_for(pid);
	return rc;
}
OP(pid_exec_init, "pid.exec_init", init_in, init_out,
	.doc = "Have a new PID 1 execute a program, and signal it from inside.",
	.source = "execve(2), pid_namespaces(7) The namespace init process",
	.touches = NSM_PID);
