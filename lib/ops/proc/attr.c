// SPDX-License-Identifier: GPL-2.0-only
/*
 * Calls that take the number of a process, and attributes that processes have by number:
 * session, group, parent-death signal, tracer.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/capability.h>
#include <linux/perf_event.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../proc.h"
#include "../seen.h"
#include "nsc/signals.h"
#include "nsc/sys.h"
#include "nsc/syscall.h"

static int proc_setsid_run(struct op_ctx *ctx, const struct none *in, struct none *out)
{
	return setsid() < 0 ? -errno : 0;
}

static int proc_setsid_check(struct op_ctx *ctx, const struct none *in, const struct none *out)
{
	return getsid(0) == getpid() ? 0 : op_undone(ctx, "the session is another one's");
}
OP_CHECK(proc_setsid, none, none)
OP(proc_setsid, "proc.setsid", none, none,
	.doc = "Start a session and a process group of the caller's own.",
	.source = "setsid(2)",
	.touches = NSM_PID,
	.check = proc_setsid_checked);

#define SETPGID_IN(F, S) \
	F(S, INT_DEF, pid, 0, 0, INT_MAX, "process to move, 0 for the caller") \
	F(S, INT_DEF, pgid, 0, 0, INT_MAX, "group to move it to, 0 for its own number")
FIELDS(setpgid_in, SETPGID_IN);

static int proc_setpgid_run(struct op_ctx *ctx, const struct setpgid_in *in, struct none *out)
{
	return setpgid((pid_t)in->pid, (pid_t)in->pgid) < 0 ? -errno : 0;
}

static int proc_setpgid_check(struct op_ctx *ctx, const struct setpgid_in *in,
			   const struct none *out)
{
	pid_t asked = (pid_t)(in->pgid ? in->pgid : in->pid ? in->pid : getpid());
	pid_t now = getpgid((pid_t)in->pid);

	return now < 0 || now == asked ? 0 : op_undone(ctx, "its group is %d", now);
}
OP_CHECK(proc_setpgid, setpgid_in, none)
OP(proc_setpgid, "proc.setpgid", setpgid_in, none,
	.doc = "Move a process to a process group.",
	.source = "setpgid(2)",
	.touches = NSM_PID,
	.check = proc_setpgid_checked);

#define PDEATHSIG_IN(F, S) \
	F(S, ENUM, signal, REQUIRED, signal_numbers, \
	  "what the caller wants to get when its parent dies")
FIELDS(pdeathsig_in, PDEATHSIG_IN);

static int proc_pdeathsig_run(struct op_ctx *ctx, const struct pdeathsig_in *in, struct none *out)
{
	return prctl(PR_SET_PDEATHSIG, (unsigned long)in->signal, 0, 0, 0) < 0 ? -errno : 0;
}

static int proc_pdeathsig_check(struct op_ctx *ctx, const struct pdeathsig_in *in,
			   const struct none *out)
{
	int now;

	return prctl(PR_GET_PDEATHSIG, &now) < 0 || now == in->signal ? 0 :
		op_undone(ctx, "it is signal %d", now);
}
OP_CHECK(proc_pdeathsig, pdeathsig_in, none)
OP(proc_pdeathsig, "proc.pdeathsig", pdeathsig_in, none,
	.doc = "Ask for a signal at the parent's death.",
	.source = "prctl(2) PR_SET_PDEATHSIG",
	.touches = NSM_PID,
	.check = proc_pdeathsig_checked);

#define SUBREAPER_IN(F, S) \
	F(S, BOOL_DEF, adopt, true, "adopt the orphans of the caller's descendants")
FIELDS(subreaper_in, SUBREAPER_IN);

static int proc_subreaper_run(struct op_ctx *ctx, const struct subreaper_in *in, struct none *out)
{
	return prctl(PR_SET_CHILD_SUBREAPER, (unsigned long)in->adopt, 0, 0, 0) < 0 ? -errno : 0;
}

static int proc_subreaper_check(struct op_ctx *ctx, const struct subreaper_in *in,
			   const struct none *out)
{
	int now;

	return prctl(PR_GET_CHILD_SUBREAPER, &now) < 0 || !now == !in->adopt ? 0 :
		op_undone(ctx, "PR_GET_CHILD_SUBREAPER gives %d", now);
}
OP_CHECK(proc_subreaper, subreaper_in, none)
OP(proc_subreaper, "proc.subreaper", subreaper_in, none,
	.doc = "Become the parent of orphaned descendants.",
	.source = "prctl(2) PR_SET_CHILD_SUBREAPER",
	.touches = NSM_PID,
	.check = proc_subreaper_checked);

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
	return sys_call(SYS_getpriority, PRIO_PROCESS, pid);
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
	return sys_call(SYS_tkill, pid, 0);
}

static long call_tgkill(pid_t pid)
{
	return sys_call(SYS_tgkill, pid, pid, 0);
}

static long call_sigqueue(pid_t pid)
{
	siginfo_t info = { .si_signo = SIGUSR1, .si_code = SI_QUEUE };

	return sys_call(SYS_rt_sigqueueinfo, pid, 0, &info);
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
	return sys_call(SYS_sched_getscheduler, pid);
}

static long call_sched_getparam(pid_t pid)
{
	struct sched_param param;

	return sys_call(SYS_sched_getparam, pid, &param);
}

static long call_sched_getattr(pid_t pid)
{
	char attr[64] = { 0 }; /* struct sched_attr, 48 bytes in its first version */

	return sys_call(SYS_sched_getattr, pid, attr, sizeof(attr), 0);
}

static long call_sched_getaffinity(pid_t pid)
{
	unsigned long mask[128];

	return sys_call(SYS_sched_getaffinity, pid, sizeof(mask), mask);
}

static long call_sched_rr_get_interval(pid_t pid)
{
	struct timespec interval;

	return sys_call(TIME_CALL(sched_rr_get_interval), pid, &interval);
}

static long call_ioprio_get(pid_t pid)
{
	return sys_call(SYS_ioprio_get, 1 /* IOPRIO_WHO_PROCESS */, pid);
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
	long got = sys_call(SYS_process_vm_readv, pid, &local, 1UL, &remote, 1UL, 0UL);

	return got < 0 && errno == EFAULT ? 0 : got;
}

static long call_get_robust_list(pid_t pid)
{
	void *head;
	size_t len;

	return sys_call(SYS_get_robust_list, pid, &head, &len);
}

static long call_move_pages(pid_t pid)
{
	return sys_call(SYS_move_pages, pid, 0UL, NULL, NULL, NULL, 0);
}

static long call_kcmp(pid_t pid)
{
	long own = sys_call(SYS_getpid);

	return sys_call(SYS_kcmp, own, pid, 1 /* KCMP_VM */, 0UL, 0UL);
}

static long call_sched_setaffinity(pid_t pid)
{
	/* No processor at all is refused, but only once the process is found. */
	unsigned long none = 0;
	long rc = sys_call(SYS_sched_setaffinity, pid, sizeof(none), &none);

	return rc < 0 && errno == EINVAL ? 0 : rc;
}

static long call_tgsigqueue(pid_t pid)
{
	siginfo_t info = { .si_code = SI_QUEUE };

	return sys_call(SYS_rt_tgsigqueueinfo, pid, pid, 0, &info);
}

static long call_capget(pid_t pid)
{
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3, pid };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];

	return sys_call(SYS_capget, &head, data);
}

static long call_process_vm_writev(pid_t pid)
{
	char byte = 0;
	struct iovec local = { &byte, 1 }, remote = { NULL, 1 };
	long rc = sys_call(SYS_process_vm_writev, pid, &local, 1UL, &remote, 1UL, 0UL);

	return rc < 0 && errno == EFAULT ? 0 : rc;
}

static long call_migrate_pages(pid_t pid)
{
	unsigned long none = 0;
	long rc = sys_call(SYS_migrate_pages, pid, 8 * sizeof(none), &none, &none);

	return rc < 0 && errno == EINVAL ? 0 : rc;
}

static long call_perf_event_open(pid_t pid)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE, .size = sizeof(attr),
		.config = PERF_COUNT_SW_TASK_CLOCK, .disabled = 1,
		.exclude_kernel = 1, .exclude_hv = 1,
	};
	AUTO_FD fd = (int)sys_call(SYS_perf_event_open, &attr, pid, -1, -1, PERF_FLAG_FD_CLOEXEC);

	return fd < 0 ? -1 : 0;
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
	X(ptrace, "ptrace(2), PTRACE_SEIZE") \
	X(sched_setaffinity, "sched_setaffinity(2) to no processor; that it is refused is success") \
	X(tgsigqueue, "rt_tgsigqueueinfo(2) with the null signal") \
	X(capget, "capget(2)") \
	X(process_vm_writev, "process_vm_writev(2) to no address; that it is refused is success") \
	X(migrate_pages, "migrate_pages(2) to no node; that it is refused is success") \
	X(perf_event_open, "perf_event_open(2) of a software clock")

#define CALL_INDEX(name, doc) CALL_##name,
#define CALL_FUNCTION(name, doc) [CALL_##name] = call_##name,
#define CALL_SYMBOL(name, doc) { #name, CALL_##name, doc },

enum { NAMING_CALLS(CALL_INDEX) };

static long (*const naming_calls[])(pid_t pid) = { NAMING_CALLS(CALL_FUNCTION) };

static const struct symbol call_symbols[] = { NAMING_CALLS(CALL_SYMBOL) { 0 } };

#define CALL_IN(F, S) \
	F(S, ENUM, call, REQUIRED, call_symbols, "system call") \
	F(S, ACTOR, actor, OPTIONAL, "process to name, by the number that the caller sees") \
	F(S, PID, pid, "process to name by number")
FIELDS(call_in, CALL_IN);

#define CALL_OUT(F, S) \
	F(S, INT, value, REQUIRED, 0, 0, "what the call returned")
FIELDS(call_out, CALL_OUT);

static int proc_call_run(struct op_ctx *ctx, const struct call_in *in, struct call_out *out)
{
	pid_t pid = 0;
	int rc = target_pid(ctx, &in->actor, in->pid, &pid);

	if (rc)
		return rc;
	out->value = naming_calls[in->call](pid);
	return out->value < 0 ? -errno : 0;
}
OP(proc_call, "proc.call", call_in, call_out,
	.doc = "Name a process by number in one of the system calls that take one.",
	.source = "pid_namespaces(7) Nesting PID namespaces",
	.touches = NSM_PID);

#define TRACE_IN(F, S) \
	F(S, ACTOR, actor, REQUIRED, "process to trace, by the number that the caller sees")
FIELDS(trace_in, TRACE_IN);

/* Seized, not stopped: the tracee runs on, and is let go when the tracer dies. */
static int proc_trace_run(struct op_ctx *ctx, const struct trace_in *in, struct none *out)
{
	pid_t pid = 0;
	int rc = target_pid(ctx, &in->actor, PID_NOT_GIVEN, &pid);

	if (rc)
		return rc;
	return ptrace(PTRACE_SEIZE, pid, 0, 0) < 0 ? -errno : 0;
}
OP(proc_trace, "proc.trace", trace_in, none,
	.doc = "Become the tracer of a process for the rest of the actor's life.",
	.source = "ptrace(2) PTRACE_SEIZE",
	.touches = NSM_PID,
	.seen = "cred proc");

#define SIGQUEUE_IN(F, S) \
	F(S, ACTOR, actor, OPTIONAL, "target, by the number that the caller sees") \
	F(S, PID, pid, "target by number") \
	F(S, ENUM, signal, REQUIRED, signal_numbers, "signal") \
	F(S, INT_DEF, claimed_pid, 0, 0, INT_MAX, "si_pid as the caller makes it up") \
	F(S, INT_DEF, value, 0, INT_MIN, INT_MAX, "integer that comes with the signal")
FIELDS(sigqueue_in, SIGQUEUE_IN);

static int proc_sigqueue_run(struct op_ctx *ctx, const struct sigqueue_in *in, struct none *out)
{
	siginfo_t info = { .si_signo = (int)in->signal, .si_code = SI_QUEUE };
	pid_t pid = 0;
	int rc = target_pid(ctx, &in->actor, in->pid, &pid);

	if (rc)
		return rc;
	info.si_pid = (pid_t)in->claimed_pid;
	info.si_uid = getuid();
	info.si_value.sival_int = (int)in->value;
	return sys_call(SYS_rt_sigqueueinfo, pid, (int)in->signal, &info) < 0 ? -errno : 0;
}
OP(proc_sigqueue, "proc.sigqueue", sigqueue_in, none,
	.doc = "Send a signal with a sender of the caller's own making.",
	.source = "rt_sigqueueinfo(2)", .asks = "start.rlimit-sigpending",
	.touches = NSM_PID, .mutates = NSM_PID,
	.seen = SEEN_PROC);
