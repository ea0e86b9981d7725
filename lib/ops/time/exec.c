// SPDX-License-Identifier: GPL-2.0-only
/*
 * time.exec: what execve(2) does to the time namespace of a process whose time_for_children
 * is another one.
 *
 * No program has to cooperate: the child asks to be traced, executes the agent's own file,
 * stops at the exec before its first instruction, is looked at from outside, and killed.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../proc.h"
#include "nsc/clock.h"
#include "nsc/op.h"
#include "nsc/sys.h"

#define EXEC_IN(F, S) \
	F(S, BOOL, vfork, "the child is made by vfork(2), else by fork") \
	F(S, BOOL, unshare, "the child unshares its time namespace first")
FIELDS(exec_in, EXEC_IN);

#define EXEC_OUT(F, S) \
	F(S, INT, born, REQUIRED, 0, 0, "inode of the child's time namespace before execve(2)") \
	F(S, INT, pending, REQUIRED, 0, 0, \
	  "inode of its time namespace for children before execve(2)") \
	F(S, INT, executed, REQUIRED, 0, 0, "inode of its time namespace after execve(2)") \
	F(S, BOOL, entered, "that is the one that was pending") \
	F(S, TIME, child_ns, REQUIRED, \
	  "CLOCK_MONOTONIC of the child before execve(2), in nanoseconds")
FIELDS(exec_out, EXEC_OUT);

struct child_report {
	int err;	  /* of the step that failed */
	char step[24];	  /* that step, empty when none did */
	struct exec_out out;
};

static int64_t inode(int dir, const char *path)
{
	struct stat st;

	return fstatat(dir, path, &st, 0) < 0 ? 0 : (int64_t)st.st_ino;
}

static void say_and_exit(int to, struct child_report *r, const char *step)
	__attribute__((noreturn));
static void say_and_exit(int to, struct child_report *r, const char *step)
{
	r->err = errno;
	snprintf(r->step, sizeof(r->step), "%s", step);
	_exit(write(to, r, sizeof(*r)) == sizeof(*r) ? 1 : 2);
}

/* After vfork(2) the memory is the parent's: only R and the pipe are written. */
static void execute(const struct exec_in *in, int to, struct child_report *r)
	__attribute__((noreturn));
static void execute(const struct exec_in *in, int to, struct child_report *r)
{
	char *const argv[] = { "nsconform", NULL };
	char *const envp[] = { NULL };

	if (in->unshare && unshare(CLONE_NEWTIME) < 0)
		say_and_exit(to, r, "unshare");
	r->out.born = inode(AT_FDCWD, "/proc/self/ns/time");
	r->out.pending = inode(AT_FDCWD, "/proc/self/ns/time_for_children");
	r->out.child_ns = clock_now(CLOCK_MONOTONIC);
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0)
		say_and_exit(to, r, "PTRACE_TRACEME");
	if (write(to, r, sizeof(*r)) == sizeof(*r))
		execve("/proc/self/exe", argv, envp);
	_exit(2);
}

/* Stopped by the SIGTRAP of its execve, it has run nothing of the new program. */
static int64_t inode_at_exec(struct op_ctx *ctx, pid_t pid)
{
	int64_t seen = 0;
	int status = 0;

	while (waitpid(pid, &status, __WALL) < 0 && errno == EINTR)
		;
	if (WIFSTOPPED(status)) {
		AUTO_FD dir = number_dir(ctx, pid);

		seen = inode(dir, "ns/time");
		kill(pid, SIGKILL);
		while (waitpid(pid, &status, __WALL) < 0 && errno == EINTR)
			;
	}
	return seen;
}

static int time_exec_run(struct op_ctx *ctx, const struct exec_in *in, struct exec_out *out)
{
	struct child_report report = { 0 };
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return op_broken(ctx, "pipe2: %m");
	AUTO_FD from = ends[0], to = ends[1];
	/* No exit signal: nobody else reaps it, and an ignored SIGCHLD does not either. */
	pid_t pid = in->vfork ? vfork() : (pid_t)syscall(SYS_clone, 0, 0, 0, 0, 0);

	if (pid == 0)
		execute(in, to, &report);
	if (pid < 0)
		return -errno;
	int64_t executed = inode_at_exec(ctx, pid);

	fd_close(&to);
	if (read(from, &report, sizeof(report)) != sizeof(report))
		return op_broken(ctx, "the child said nothing");
	if (report.step[0] && strcmp(report.step, "unshare"))
		return op_broken(ctx, "%s: %s", report.step, strerror(report.err));
	if (report.step[0])
		return -report.err;
	if (!executed)
		return op_broken(ctx, "the child did not get through execve, or cannot be seen");
	*out = report.out;
	out->executed = executed;
	out->entered = executed == out->pending;
	return 0;
}
OP(time_exec, "time.exec", exec_in, exec_out,
	.doc = "Have a child execute a program; tell its time namespaces before and after.",
	.source = "time_namespaces(7), execve(2), vfork(2)", .config = "TIME_NS",
	.touches = NSM_TIME, .flags = OP_PROC);
