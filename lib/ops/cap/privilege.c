// SPDX-License-Identifier: GPL-2.0-only
/*
 * Calls that need a capability in the initial user namespace, or in the owner of some
 * namespace, each with arguments that change nothing of the machine even if it is allowed:
 * a value set to what it is, or an argument that the kernel looks at only after the
 * permission check and then finds invalid.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/resource.h>
#include <sys/swap.h>
#include <sys/time.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

#include "nsc/op.h"
#include "nsc/sys.h"
#include "nsc/syscall.h"

#define NOT_A_NAME "nsconform: no such thing"

/* The clock tick, set to what it is. */
static int try_adjtimex(struct op_ctx *ctx)
{
	struct timex now = { .modes = 0 };

	if (adjtimex(&now) < 0)
		return op_broken(ctx, "adjtimex: %m");
	struct timex same = { .modes = ADJ_TICK, .tick = now.tick };

	return adjtimex(&same) < 0 ? -errno : 0;
}

/* The kernel's time zone, set to what it is; one other than UTC may warp the clock. */
static int try_settimeofday(struct op_ctx *ctx)
{
	struct timezone zone;

	if (sys_call(SYS_gettimeofday, NULL, &zone) < 0)
		return op_broken(ctx, "gettimeofday: %m");
	if (zone.tz_minuteswest)
		return op_broken(ctx,
				 "the time zone is not UTC: setting it might warp the clock");
	return sys_call(SYS_settimeofday, NULL, &zone) < 0 ? -errno : 0;
}

/* To what it is; of a clock that runs this is a change, so only where it has to be refused. */
static int try_clock_settime(struct op_ctx *ctx)
{
	struct timespec now;
	struct ns_id id;

	if (ns_self(NS_USER, &id) < 0 || ns_initial(NS_USER, &id) != 0)
		return op_broken(ctx, "refused: this might set the machine's clock");
	if (clock_gettime(CLOCK_REALTIME, &now) < 0)
		return op_broken(ctx, "clock_gettime: %m");
	return clock_settime(CLOCK_REALTIME, &now) < 0 ? -errno : 0;
}

static int try_delete_module(struct op_ctx *ctx)
{
	return sys_call(SYS_delete_module, NOT_A_NAME, O_NONBLOCK) < 0 ? -errno : 0;
}

static int try_init_module(struct op_ctx *ctx)
{
	return sys_call(SYS_init_module, "", 0, "") < 0 ? -errno : 0;
}

static int try_finit_module(struct op_ctx *ctx)
{
	return sys_call(SYS_finit_module, -1, "", 0) < 0 ? -errno : 0;
}

static int try_reboot(struct op_ctx *ctx)
{
	return sys_call(SYS_reboot, 0, 0, 0, NULL) < 0 ? -errno : 0;
}

/* More segments than the kernel takes (KEXEC_SEGMENT_MAX is 16). */
static int try_kexec_load(struct op_ctx *ctx)
{
	return sys_call(SYS_kexec_load, 0, 1000, NULL, 0) < 0 ? -errno : 0;
}

/* Console level 0 does not exist. */
static int try_syslog(struct op_ctx *ctx)
{
	return klogctl(8, NULL, 0) < 0 ? -errno : 0;
}

static int try_swapoff(struct op_ctx *ctx)
{
	return swapoff(NOT_A_NAME) < 0 ? -errno : 0;
}

static int try_swapon(struct op_ctx *ctx)
{
	return swapon(NOT_A_NAME, 0) < 0 ? -errno : 0;
}

static int set_core_limit(rlim_t limit)
{
	struct rlimit r = { .rlim_cur = limit, .rlim_max = limit };

	return setrlimit(RLIMIT_CORE, &r);
}

static int try_limit_lower(struct op_ctx *ctx)
{
	return set_core_limit(0) < 0 ? -errno : 0;
}

static int try_limit_raise(struct op_ctx *ctx)
{
	if (set_core_limit(0) < 0)
		return op_broken(ctx, "lower RLIMIT_CORE: %m");
	return set_core_limit(1) < 0 ? -errno : 0;
}

static int change_nice(struct op_ctx *ctx, int by)
{
	struct rlimit none = { 0 };

	errno = 0;
	int now = getpriority(PRIO_PROCESS, 0);

	/* Above 19 is 19 to setpriority(2), and as allowed; below -20 would be no change. */
	if (errno || now + by < -20)
		return op_broken(ctx, "nice value %d has no room", now);
	if (setrlimit(RLIMIT_NICE, &none) < 0)
		return op_broken(ctx, "lower RLIMIT_NICE: %m");
	return setpriority(PRIO_PROCESS, 0, now + by) < 0 ? -errno : 0;
}

static int try_nice_lower(struct op_ctx *ctx)
{
	return change_nice(ctx, -1);
}

static int try_nice_raise(struct op_ctx *ctx)
{
	return change_nice(ctx, 1);
}

static int set_policy(struct op_ctx *ctx, int policy, int priority)
{
	struct sched_param param = { .sched_priority = priority };
	struct rlimit none = { 0 };

	if (setrlimit(RLIMIT_RTPRIO, &none) < 0)
		return op_broken(ctx, "lower RLIMIT_RTPRIO: %m");
	return sys_call(SYS_sched_setscheduler, 0, policy, &param) < 0 ? -errno : 0;
}

static int try_policy_realtime(struct op_ctx *ctx)
{
	return set_policy(ctx, SCHED_RR, 1);
}

static int try_policy_batch(struct op_ctx *ctx)
{
	return set_policy(ctx, SCHED_BATCH, 0);
}

static int write_oom_score(struct op_ctx *ctx, const char *text)
{
	int rc = sys_write_file("/proc/self/oom_score_adj", text);

	return rc == -ENOENT ? op_broken(ctx, "/proc/self/oom_score_adj is not there") : rc;
}

static int try_oom_lower(struct op_ctx *ctx)
{
	return write_oom_score(ctx, "-1000");
}

static int try_oom_raise(struct op_ctx *ctx)
{
	return write_oom_score(ctx, "1000");
}

static int try_iopl(struct op_ctx *ctx)
{
#ifdef SYS_iopl
	return sys_call(SYS_iopl, 3) < 0 ? -errno : 0;
#else
	return op_broken(ctx, "this architecture has no iopl");
#endif
}

static int try_chroot(struct op_ctx *ctx)
{
	return chroot("/") < 0 ? -errno : 0;
}

typedef int try_fn(struct op_ctx *ctx);

enum {
	TRY_ADJTIMEX, TRY_SETTIMEOFDAY, TRY_CLOCK_SETTIME, TRY_DELETE_MODULE, TRY_INIT_MODULE,
	TRY_FINIT_MODULE, TRY_REBOOT, TRY_KEXEC_LOAD, TRY_SYSLOG, TRY_SWAPOFF, TRY_LIMIT_LOWER,
	TRY_LIMIT_RAISE, TRY_NICE_LOWER, TRY_NICE_RAISE, TRY_POLICY_REALTIME, TRY_POLICY_BATCH,
	TRY_OOM_LOWER, TRY_OOM_RAISE, TRY_IOPL, TRY_CHROOT, TRY_SWAPON
};

static try_fn *const tries[] = {
	[TRY_ADJTIMEX] = try_adjtimex,
	[TRY_SETTIMEOFDAY] = try_settimeofday,
	[TRY_CLOCK_SETTIME] = try_clock_settime,
	[TRY_DELETE_MODULE] = try_delete_module,
	[TRY_INIT_MODULE] = try_init_module,
	[TRY_FINIT_MODULE] = try_finit_module,
	[TRY_REBOOT] = try_reboot,
	[TRY_KEXEC_LOAD] = try_kexec_load,
	[TRY_SYSLOG] = try_syslog,
	[TRY_SWAPOFF] = try_swapoff,
	[TRY_LIMIT_LOWER] = try_limit_lower,
	[TRY_LIMIT_RAISE] = try_limit_raise,
	[TRY_NICE_LOWER] = try_nice_lower,
	[TRY_NICE_RAISE] = try_nice_raise,
	[TRY_POLICY_REALTIME] = try_policy_realtime,
	[TRY_POLICY_BATCH] = try_policy_batch,
	[TRY_OOM_LOWER] = try_oom_lower,
	[TRY_OOM_RAISE] = try_oom_raise,
	[TRY_IOPL] = try_iopl,
	[TRY_CHROOT] = try_chroot,
	[TRY_SWAPON] = try_swapon,
};

static const struct symbol try_symbols[] = {
	{ "adjtimex", TRY_ADJTIMEX, "CAP_SYS_TIME: the clock tick as it is" },
	{ "settimeofday", TRY_SETTIMEOFDAY, "CAP_SYS_TIME: the kernel's time zone as it is" },
	{ "clock_settime", TRY_CLOCK_SETTIME,
	  "CAP_SYS_TIME: the time of day as it is; not from the initial user namespace" },
	{ "delete_module", TRY_DELETE_MODULE, "CAP_SYS_MODULE: ENOENT when allowed" },
	{ "init_module", TRY_INIT_MODULE, "CAP_SYS_MODULE: ENOEXEC when allowed" },
	{ "finit_module", TRY_FINIT_MODULE, "CAP_SYS_MODULE: EBADF when allowed" },
	{ "reboot", TRY_REBOOT, "CAP_SYS_BOOT over the PID namespace: EINVAL when allowed" },
	{ "kexec_load", TRY_KEXEC_LOAD, "CAP_SYS_BOOT: EINVAL when allowed" },
	{ "syslog", TRY_SYSLOG, "CAP_SYSLOG: EINVAL when allowed" },
	{ "swapoff", TRY_SWAPOFF, "CAP_SYS_ADMIN: ENOENT when allowed" },
	{ "limit-lower", TRY_LIMIT_LOWER, "a hard limit of the caller, lowered: needs nothing" },
	{ "limit-raise", TRY_LIMIT_RAISE, "CAP_SYS_RESOURCE: a hard limit of the caller, raised" },
	{ "nice-lower", TRY_NICE_LOWER, "CAP_SYS_NICE: the caller's nice value, one less" },
	{ "nice-raise", TRY_NICE_RAISE, "the caller's nice value, one more: needs nothing" },
	{ "policy-realtime", TRY_POLICY_REALTIME, "CAP_SYS_NICE: the caller becomes SCHED_RR" },
	{ "policy-batch", TRY_POLICY_BATCH, "the caller becomes SCHED_BATCH: needs nothing" },
	{ "oom-lower", TRY_OOM_LOWER, "CAP_SYS_RESOURCE: the caller's oom_score_adj, -1000" },
	{ "oom-raise", TRY_OOM_RAISE, "the caller's oom_score_adj, 1000: needs nothing" },
	{ "iopl", TRY_IOPL, "CAP_SYS_RAWIO: the caller's I/O privilege level" },
	{ "chroot", TRY_CHROOT, "CAP_SYS_CHROOT: the caller's root as it is" },
	{ "swapon", TRY_SWAPON, "CAP_SYS_ADMIN: ENOENT when allowed" },
	{ 0 }
};

#define TRY_IN(F, S) \
	F(S, ENUM, call, REQUIRED, try_symbols, "which call")
FIELDS(try_in, TRY_IN);

static int cap_try_run(struct op_ctx *ctx, const struct try_in *in, struct none *out)
{
	return tries[in->call](ctx);
}
OP(cap_try, "cap.try", try_in, none,
	.doc = "Try a privileged call in a way that is harmless even if it is allowed.",
	.source = "capabilities(7)", .chosen = { "call", "reboot", NSM_PID },
	.unseen = "that it is allowed is all that it asks: it changes nothing");
