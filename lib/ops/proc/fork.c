// SPDX-License-Identifier: GPL-2.0-only
/*
 * Children that only report and exit: what number they get, who adopts them.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../report.h"
#include "nsc/patience.h"
#include "nsc/sys.h"
#include "nsc/syscall.h"

enum { LEVELS = 32 };
#define ORPHANED_WITHIN_NS 5000000000ll

#define FORK_IN(F, S) \
	F(S, INTS, set_tid, OPTIONAL, 0, 0, \
	  "numbers to ask for, the innermost PID namespace's first (clone3 set_tid)") \
	F(S, INT_DEF, count, 1, 1, 100000, "how many children, one after another")
FIELDS(fork_in, FORK_IN);

#define FORK_OUT(F, S) \
	F(S, INT, pid, REQUIRED, 0, 0, "what clone3 returned to the caller") \
	F(S, INT, parent_tid, REQUIRED, 0, 0, "what CLONE_PARENT_SETTID stored") \
	F(S, INT, cred_pid, REQUIRED, 0, 0, \
	  "number that the child's credentials carry to the caller") \
	F(S, INT, seen_pid, REQUIRED, 0, 0, "getpid() in the child") \
	F(S, INT, seen_ppid, REQUIRED, 0, 0, "getppid() in the child, 0 if not visible") \
	F(S, INT, child_tid, REQUIRED, 0, 0, "what CLONE_CHILD_SETTID stored") \
	F(S, INTS, pids, REQUIRED, 0, 0, "getpid() in each child, at most the first 64") \
	F(S, INT, highest, REQUIRED, 0, 0, "the largest of all of them")
FIELDS(fork_out, FORK_OUT);

static void fork_child(int fd, const pid_t *tid) __attribute__((noreturn));
static void fork_child(int fd, const pid_t *tid)
{
	struct report report = { { sys_call(SYS_getpid), getppid(), *tid } };

	_exit(send(fd, &report, sizeof(report), MSG_NOSIGNAL) < 0);
}

static int fork_once(struct op_ctx *ctx, const pid_t *set_tid, size_t levels, struct fork_out *out)
{
	pid_t parent_tid = 0, child_tid = 0;
	struct clone_request req = {
		.flags = CLONE_PARENT_SETTID | CLONE_CHILD_SETTID, .exit_signal = SIGCHLD,
		.parent_tid = &parent_tid, .child_tid = &child_tid,
		.set_tid = levels ? set_tid : NULL, .set_tid_size = levels,
	};
	struct report report;
	struct ucred creds;
	int ends[2] = { -1, -1 };

	if (report_pair(ctx, ends))
		return OP_BROKEN;
	AUTO_FD mine = ends[0];
	AUTO_FD yours = ends[1];
	pid_t pid = sys_clone3(&req);

	if (pid == 0)
		fork_child(yours, &child_tid);
	if (pid < 0)
		return pid;
	fd_close(&yours);
	if (report_read(ctx, mine, &report, &creds) || report_reap(ctx, pid))
		return OP_BROKEN;
	out->pid = pid;
	out->parent_tid = parent_tid;
	out->cred_pid = creds.pid;
	out->seen_pid = report.v[0];
	out->seen_ppid = report.v[1];
	out->child_tid = report.v[2];
	return 0;
}

static int proc_fork_run(struct op_ctx *ctx, const struct fork_in *in, struct fork_out *out)
{
	pid_t set_tid[LEVELS + 1];

	if (in->set_tid.n > LEVELS + 1)
		return op_broken(ctx, "more than %d numbers", LEVELS + 1);
	for (size_t i = 0; i < in->set_tid.n; i++)
		set_tid[i] = (pid_t)in->set_tid.v[i];
	out->pids.v = pool_array(ctx->pool, int64_t, 64);
	for (int64_t i = 0; i < in->count; i++) {
		int rc = fork_once(ctx, set_tid, in->set_tid.n, out);

		if (rc)
			return rc;
		if (i < 64)
			out->pids.v[out->pids.n++] = out->seen_pid;
		if (out->seen_pid > out->highest)
			out->highest = out->seen_pid;
	}
	return 0;
}
OP(proc_fork, "proc.fork", fork_in, fork_out,
	.doc = "Make children that report their numbers and exit.",
	.source = "clone3(2)",
	.touches = NSM_PID);

#define ORPHAN_IN(F, S) \
	F(S, ACTOR, join, OPTIONAL, \
	  "the parent-to-die first joins this actor's PID namespace for its child")
FIELDS(orphan_in, ORPHAN_IN);

#define ORPHAN_OUT(F, S) \
	F(S, INT, pid, REQUIRED, 0, 0, "the orphan's number as the caller sees it") \
	F(S, INT, seen_pid, REQUIRED, 0, 0, "its number as it sees it itself") \
	F(S, INT, first_ppid, REQUIRED, 0, 0, "getppid() before its parent died") \
	F(S, INT, ppid, REQUIRED, 0, 0, "getppid() afterwards, 0 if not visible")
FIELDS(orphan_out, ORPHAN_OUT);

/*
 * The orphan-to-be watches its parent by a pidfd, which turns readable only after the
 * parent's children have been handed over (exit_notify() in kernel/exit.c).
 */
static void orphan_child(int report_fd, int parent_pidfd, int go) __attribute__((noreturn));
static void orphan_child(int report_fd, int parent_pidfd, int go)
{
	struct report report = { { sys_call(SYS_getpid), getppid() } };

	if (write(go, "", 1) != 1 ||
	    sys_wait_readable(parent_pidfd, sys_now_ns() + patience(ORPHANED_WITHIN_NS)) != 1)
		_exit(1);
	report.v[2] = getppid();
	_exit(send(report_fd, &report, sizeof(report), MSG_NOSIGNAL) < 0);
}

static void orphan_parent(int report_fd, const void *params) __attribute__((noreturn));
static void orphan_parent(int report_fd, const void *params)
{
	const struct orphan_in *in = params;
	struct clone_request req = { .exit_signal = SIGCHLD };
	int self = sys_pidfd_open((pid_t)sys_call(SYS_getpid), 0), go[2];
	char byte;

	if (self < 0 || pipe2(go, O_CLOEXEC) < 0 ||
	    (in->join.pidfd >= 0 && setns(in->join.pidfd, CLONE_NEWPID) < 0))
		_exit(1);
	pid_t pid = sys_clone3(&req);

	if (pid == 0)
		orphan_child(report_fd, self, go[1]);
	close(go[1]);
	_exit(pid < 0 || read(go[0], &byte, 1) != 1);
}

static int proc_orphan_run(struct op_ctx *ctx, const struct orphan_in *in, struct orphan_out *out)
{
	struct report report;
	struct ucred creds;

	if (report_of(ctx, orphan_parent, in, &report, &creds))
		return OP_BROKEN;
	out->pid = creds.pid;
	out->seen_pid = report.v[0];
	out->first_ppid = report.v[1];
	out->ppid = report.v[2];
	return 0;
}
OP(proc_orphan, "proc.orphan", orphan_in, orphan_out,
	.doc = "Leave an orphan that reports who adopted it and exits.",
	.source = "pid_namespaces(7) Adoption of orphaned children",
	.touches = NSM_PID);

static int thread_main(void *none)
{
	return 0;
}

#define THREAD_OUT(F, S) \
	F(S, INT, tid, REQUIRED, 0, 0, "number of the thread")
FIELDS(thread_out, THREAD_OUT);

static int proc_thread_run(struct op_ctx *ctx, const struct none *in, struct thread_out *out)
{
	_Alignas(64) char stack[16 * 1024];
	pid_t made, ends = -1;
	/* Not pthread_create(3): that of musl says EAGAIN, whatever the kernel says. */
	int flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD |
		    CLONE_SYSVSEM | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID;

	if (clone(thread_main, stack + sizeof(stack), flags, NULL, &made, NULL, &ends) < 0)
		return -errno;
	out->tid = made;
	/* The kernel sets it to 0, and wakes who waits for that, when the stack is free. */
	while (*(volatile pid_t *)&ends)
		sys_call(TIME_CALL(futex), &ends, FUTEX_WAIT, -1, NULL, NULL, 0);
	return 0;
}
OP(proc_thread, "proc.thread", none, thread_out,
	.doc = "Make a thread that ends at once.",
	.source = "clone(2) CLONE_THREAD",
	.touches = NSM_PID);
