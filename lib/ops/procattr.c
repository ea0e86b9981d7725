// SPDX-License-Identifier: GPL-2.0-only
/*
 * Calls that take the number of a process, and attributes that processes have by number:
 * session, group, parent-death signal, tracer.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "nsc/signals.h"
#include "nsc/sys.h"
#include "proc.h"

static int setsid_run(struct op_ctx *ctx, const void *params, void *results)
{
	(void)ctx, (void)params, (void)results;
	return setsid() < 0 ? -errno : 0;
}

struct setpgid_in {
	int64_t pid, pgid;
};

static const struct field setpgid_in_fields[] = {
	F_INT_DEF(struct setpgid_in, pid, 0, 0, INT_MAX, "process to move, 0 for the caller"),
	F_INT_DEF(struct setpgid_in, pgid, 0, 0, INT_MAX,
		  "group to move it to, 0 for its own number"),
	F_END
};

static int setpgid_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct setpgid_in *in = params;

	(void)ctx, (void)results;
	return setpgid((pid_t)in->pid, (pid_t)in->pgid) < 0 ? -errno : 0;
}

struct pdeathsig_in {
	int64_t signal;
};

static const struct field pdeathsig_in_fields[] = {
	F_ENUM(struct pdeathsig_in, signal, REQUIRED, signal_numbers,
	       "what the caller wants to get when its parent dies"),
	F_END
};

static int pdeathsig_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct pdeathsig_in *in = params;

	(void)ctx, (void)results;
	return prctl(PR_SET_PDEATHSIG, (unsigned long)in->signal, 0, 0, 0) < 0 ? -errno : 0;
}

struct subreaper_in {
	bool adopt;
};

static const struct field subreaper_in_fields[] = {
	F_BOOL_DEF(struct subreaper_in, adopt, true,
		   "adopt the orphans of the caller's descendants"),
	F_END
};

static int subreaper_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct subreaper_in *in = params;

	(void)ctx, (void)results;
	return prctl(PR_SET_CHILD_SUBREAPER, (unsigned long)in->adopt, 0, 0, 0) < 0 ? -errno : 0;
}

/*
 * System calls that name a process by number, each with arguments that a visible process of
 * the caller's own rights accepts.
 */
static long call_getpgid(pid_t pid)
{
	return getpgid(pid);
}

static long call_getsid(pid_t pid)
{
	return getsid(pid);
}

static long call_getpriority(pid_t pid)
{
	return syscall(SYS_getpriority, PRIO_PROCESS, pid);
}

static long call_kill(pid_t pid)
{
	return kill(pid, 0);
}

static long call_killpg(pid_t pid)
{
	return kill(-pid, 0);
}

static long call_tkill(pid_t pid)
{
	return syscall(SYS_tkill, pid, 0);
}

static long call_tgkill(pid_t pid)
{
	return syscall(SYS_tgkill, pid, pid, 0);
}

static long call_sigqueue(pid_t pid)
{
	siginfo_t info = { .si_signo = SIGUSR1, .si_code = SI_QUEUE };

	return syscall(SYS_rt_sigqueueinfo, pid, 0, &info);
}

static long call_pidfd_open(pid_t pid)
{
	int fd = sys_pidfd_open(pid, 0);

	if (fd >= 0)
		close(fd);
	else
		errno = -fd;
	return fd;
}

static long call_sched_getscheduler(pid_t pid)
{
	return sched_getscheduler(pid);
}

static long call_sched_getparam(pid_t pid)
{
	struct sched_param param;

	return sched_getparam(pid, &param);
}

static long call_sched_getattr(pid_t pid)
{
	char attr[64] = { 0 }; /* struct sched_attr, 48 bytes in its first version */

	return syscall(SYS_sched_getattr, pid, attr, sizeof(attr), 0);
}

static long call_sched_getaffinity(pid_t pid)
{
	unsigned long mask[128];

	return syscall(SYS_sched_getaffinity, pid, sizeof(mask), mask);
}

static long call_sched_rr_get_interval(pid_t pid)
{
	struct timespec interval;

	return syscall(SYS_sched_rr_get_interval, pid, &interval);
}

static long call_ioprio_get(pid_t pid)
{
	return syscall(SYS_ioprio_get, 1 /* IOPRIO_WHO_PROCESS */, pid);
}

static long call_prlimit(pid_t pid)
{
	struct rlimit limit;

	return prlimit(pid, RLIMIT_NOFILE, NULL, &limit);
}

static long call_process_vm_readv(pid_t pid)
{
	/* No memory is asked for; the process is looked up and its access checked first. */
	char byte;
	struct iovec local = { &byte, 1 }, remote = { &byte, 1 };
	long got = syscall(SYS_process_vm_readv, pid, &local, 1UL, &remote, 1UL, 0UL);

	return got < 0 && errno == EFAULT ? 0 : got;
}

static long call_get_robust_list(pid_t pid)
{
	void *head;
	size_t len;

	return syscall(SYS_get_robust_list, pid, &head, &len);
}

static long call_move_pages(pid_t pid)
{
	return syscall(SYS_move_pages, pid, 0UL, NULL, NULL, NULL, 0);
}

static long call_kcmp(pid_t pid)
{
	return syscall(SYS_kcmp, (pid_t)syscall(SYS_getpid), pid, 1 /* KCMP_VM */, 0UL, 0UL);
}

/* In a child: when the tracer exits, the kernel detaches its tracee. */
static long call_ptrace(pid_t pid)
{
	struct clone_request req = { .exit_signal = 0 };
	pid_t tracer = sys_clone3(&req);
	int status = 0;

	if (tracer == 0)
		_exit(ptrace(PTRACE_SEIZE, pid, 0, 0) < 0 ? errno : 0);
	if (tracer < 0 || waitpid(tracer, &status, __WALL) < 0)
		return -1;
	errno = WEXITSTATUS(status);
	return errno ? -1 : 0;
}

#define NAMING_CALLS(X) \
	X(getpgid, "getpgid(2)") \
	X(getsid, "getsid(2)") \
	X(getpriority, "getpriority(2), PRIO_PROCESS") \
	X(kill, "kill(2) with the null signal") \
	X(killpg, "kill(2) of the group of that number with the null signal") \
	X(tkill, "tkill(2) with the null signal") \
	X(tgkill, "tgkill(2) with the null signal") \
	X(sigqueue, "rt_sigqueueinfo(2) with the null signal") \
	X(pidfd_open, "pidfd_open(2)") \
	X(sched_getscheduler, "sched_getscheduler(2)") \
	X(sched_getparam, "sched_getparam(2)") \
	X(sched_getattr, "sched_getattr(2)") \
	X(sched_getaffinity, "sched_getaffinity(2)") \
	X(sched_rr_get_interval, "sched_rr_get_interval(2)") \
	X(ioprio_get, "ioprio_get(2), IOPRIO_WHO_PROCESS") \
	X(prlimit, "prlimit(2), reading") \
	X(process_vm_readv, "process_vm_readv(2); a bad remote address counts as success") \
	X(get_robust_list, "get_robust_list(2)") \
	X(move_pages, "move_pages(2) of no page") \
	X(kcmp, "kcmp(2), KCMP_VM") \
	X(ptrace, "ptrace(2), PTRACE_SEIZE")

#define CALL_INDEX(name, doc) CALL_##name,
#define CALL_FUNCTION(name, doc) [CALL_##name] = call_##name,
#define CALL_SYMBOL(name, doc) { #name, CALL_##name, doc },

enum { NAMING_CALLS(CALL_INDEX) };

static long (*const naming_calls[])(pid_t pid) = { NAMING_CALLS(CALL_FUNCTION) };

static const struct symbol call_symbols[] = { NAMING_CALLS(CALL_SYMBOL) { 0 } };

struct call_in {
	int64_t call, pid;
	struct actor_ref actor;
};

static const struct field call_in_fields[] = {
	F_ENUM(struct call_in, call, REQUIRED, call_symbols, "system call"),
	F_ACTOR(struct call_in, actor, OPTIONAL,
		"process to name, by the number that the caller sees"),
	F_PID(struct call_in, pid, "process to name by number"),
	F_END
};

struct call_out {
	int64_t value;
};

static const struct field call_out_fields[] = {
	F_INT(struct call_out, value, REQUIRED, 0, 0, "what the call returned"),
	F_END
};

static int call_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct call_in *in = params;
	struct call_out *out = results;
	pid_t pid = 0;
	int rc = target_pid(ctx, &in->actor, in->pid, &pid);

	if (rc)
		return rc;
	out->value = naming_calls[in->call](pid);
	return out->value < 0 ? -errno : 0;
}

struct trace_in {
	struct actor_ref actor;
};

static const struct field trace_in_fields[] = {
	F_ACTOR(struct trace_in, actor, REQUIRED,
		"process to trace, by the number that the caller sees"),
	F_END
};

/* Seized, not stopped: the tracee runs on, and is let go when the tracer dies. */
static int trace_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct trace_in *in = params;
	pid_t pid = 0;
	int rc = target_pid(ctx, &in->actor, PID_NOT_GIVEN, &pid);

	(void)results;
	if (rc)
		return rc;
	return ptrace(PTRACE_SEIZE, pid, 0, 0) < 0 ? -errno : 0;
}

struct sigqueue_in {
	struct actor_ref actor;
	int64_t pid, signal, claimed_pid, value;
};

static const struct field sigqueue_in_fields[] = {
	F_ACTOR(struct sigqueue_in, actor, OPTIONAL, "target, by the number that the caller sees"),
	F_PID(struct sigqueue_in, pid, "target by number"),
	F_ENUM(struct sigqueue_in, signal, REQUIRED, signal_numbers, "signal"),
	F_INT_DEF(struct sigqueue_in, claimed_pid, 0, 0, INT_MAX,
		  "si_pid as the caller makes it up"),
	F_INT_DEF(struct sigqueue_in, value, 0, INT_MIN, INT_MAX,
		  "integer that comes with the signal"),
	F_END
};

static int sigqueue_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct sigqueue_in *in = params;
	siginfo_t info = { .si_signo = (int)in->signal, .si_code = SI_QUEUE };
	pid_t pid = 0;
	int rc = target_pid(ctx, &in->actor, in->pid, &pid);

	(void)results;
	if (rc)
		return rc;
	info.si_pid = (pid_t)in->claimed_pid;
	info.si_uid = getuid();
	info.si_value.sival_int = (int)in->value;
	return syscall(SYS_rt_sigqueueinfo, pid, (int)in->signal, &info) < 0 ? -errno : 0;
}

const struct op procattr_ops[] = {
	{
		.name = "proc.setsid",
		.doc = "Start a session and a process group of the caller's own.",
		.source = "setsid(2)",
		.touches = NSM_PID,
		.run = setsid_run,
	},
	{
		.name = "proc.setpgid",
		.doc = "Move a process to a process group.",
		.source = "setpgid(2)",
		OP_IN(setpgid),
		.touches = NSM_PID,
		.run = setpgid_run,
	},
	{
		.name = "proc.pdeathsig",
		.doc = "Ask for a signal at the parent's death.",
		.source = "prctl(2) PR_SET_PDEATHSIG",
		OP_IN(pdeathsig),
		.touches = NSM_PID,
		.run = pdeathsig_run,
	},
	{
		.name = "proc.subreaper",
		.doc = "Become the parent of orphaned descendants.",
		.source = "prctl(2) PR_SET_CHILD_SUBREAPER",
		OP_IN(subreaper),
		.touches = NSM_PID,
		.run = subreaper_run,
	},
	{
		.name = "proc.call",
		.doc = "Name a process by number in one of the system calls that take one.",
		.source = "pid_namespaces(7) Nesting PID namespaces",
		OP_IN(call), OP_OUT(call),
		.touches = NSM_PID,
		.run = call_run,
	},
	{
		.name = "proc.sigqueue",
		.doc = "Send a signal with a sender of the caller's own making.",
		.source = "rt_sigqueueinfo(2)",
		OP_IN(sigqueue),
		.touches = NSM_PID, .mutates = NSM_PID,
		.asks = "start.rlimit-sigpending",
		.run = sigqueue_run,
	},
	{
		.name = "proc.trace",
		.doc = "Become the tracer of a process for the rest of the actor's life.",
		.source = "ptrace(2) PTRACE_SEIZE",
		OP_IN(trace),
		.touches = NSM_PID,
		.run = trace_run,
	},
	{ 0 }
};
