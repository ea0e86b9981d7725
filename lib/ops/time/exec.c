// SPDX-License-Identifier: GPL-2.0-only
/*
 * What execve(2) does to the time namespace of a child that vfork(2) has made; of other processes
 * exec.self shows it.
 *
 * The child asks to be traced, executes the agent's own file, stops at the exec before its first
 * instruction, and is looked at from outside; then it goes on, and says what its clock is.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../proc.h"
#include "nsc/clock.h"
#include "nsc/op.h"
#include "nsc/sys.h"

#define EXEC_OUT(F, S) \
	F(S, INT, born, REQUIRED, 0, 0, "inode of the child's time namespace before execve(2)") \
	F(S, INT, pending, REQUIRED, 0, 0, \
	  "inode of its time namespace for children before execve(2)") \
	F(S, INT, executed, REQUIRED, 0, 0, "inode of its time namespace after execve(2)") \
	F(S, TIME, child_ns, REQUIRED, \
	  "CLOCK_MONOTONIC of the child before execve(2), in nanoseconds") \
	F(S, TIME, executed_ns, REQUIRED, "CLOCK_MONOTONIC of the program that it has executed")
FIELDS(exec_out, EXEC_OUT);

struct child_report {
	int err; /* of PTRACE_TRACEME, or 0 */
	struct exec_out out;
};

static int64_t inode(int dir, const char *path)
{
	struct stat st;

	return fstatat(dir, path, &st, 0) < 0 ? 0 : (int64_t)st.st_ino;
}

/* After vfork(2) the memory is the parent's: only R and the pipe are written. */
static void execute(int to, struct child_report *r) __attribute__((noreturn));
static void execute(int to, struct child_report *r)
{
	char *const argv[] = { "nsconform", "agent", "clock", NULL };
	char *const envp[] = { NULL };

	r->out.born = inode(AT_FDCWD, "/proc/self/ns/time");
	r->out.pending = inode(AT_FDCWD, "/proc/self/ns/time_for_children");
	r->out.child_ns = clock_now(CLOCK_MONOTONIC);
	r->err = ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0 ? errno : 0;
	/* The descriptors of the child are its own: 3 is where that program writes to. */
	if (write(to, r, sizeof(*r)) == sizeof(*r) && !r->err && (to == 3 || dup2(to, 3) == 3) &&
	    fcntl(3, F_SETFD, 0) == 0)
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
		if (ptrace(PTRACE_DETACH, pid, NULL, NULL) < 0)
			kill(pid, SIGKILL);
		while (waitpid(pid, &status, __WALL) < 0 && errno == EINTR)
			;
	}
	return seen;
}

static int time_vfork_exec_run(struct op_ctx *ctx, const struct none *in, struct exec_out *out)
{
	struct child_report report = { 0 };
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return op_broken(ctx, "pipe2: %m");
	AUTO_FD from = ends[0], to = ends[1];
	pid_t pid = vfork();

	if (pid == 0)
		execute(to, &report);
	if (pid < 0)
		return -errno;
	int64_t executed = inode_at_exec(ctx, pid);

	fd_close(&to);
	if (read(from, &report, sizeof(report)) != sizeof(report))
		return op_broken(ctx, "the child said nothing");
	if (report.err)
		return op_broken(ctx, "PTRACE_TRACEME: %s", strerror(report.err));
	if (!executed)
		return op_broken(ctx, "the child did not get through execve, or cannot be seen");
	if (read(from, &report.out.executed_ns, sizeof(int64_t)) != sizeof(int64_t))
		return op_broken(ctx, "the program that was executed said nothing");
	*out = report.out;
	out->executed = executed;
	return 0;
}
OP(time_vfork_exec, "time.vfork_exec", none, exec_out,
	.doc = "Have a child of vfork(2) execute; tell its time namespaces before and after.",
	.source = "time_namespaces(7), execve(2), vfork(2)", .config = "TIME_NS",
	.touches = NSM_TIME, .flags = OP_PROC);
