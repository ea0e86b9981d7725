// SPDX-License-Identifier: GPL-2.0-only
/*
 * Resource limits that are counted for each user in each user namespace.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "nsc/op.h"
#include "nsc/sys.h"
#include "nsc/syscall.h"
#include "nsc/sysctl.h"

static const struct symbol resource_symbols[] = {
	{ "nproc", RLIMIT_NPROC, "processes of the user" },
	{ "sigpending", RLIMIT_SIGPENDING, "signals queued for the user" },
	{ "memlock", RLIMIT_MEMLOCK, "bytes locked by the user" },
	{ "msgqueue", RLIMIT_MSGQUEUE, "bytes in message queues of the user" },
	{ 0 }
};

#define LIMIT_IN(F, S) \
	F(S, ENUM, resource, REQUIRED, resource_symbols, "what is limited") \
	F(S, INT, value, REQUIRED, 0, INT64_MAX, "soft and hard limit, in the resource's unit")
FIELDS(limit_in, LIMIT_IN);

static int rlimit_set_run(struct op_ctx *ctx, const struct limit_in *in, struct none *out)
{
	struct rlimit limit = { (rlim_t)in->value, (rlim_t)in->value };

	return setrlimit((int)in->resource, &limit) < 0 ? -errno : 0;
}

static int rlimit_set_check(struct op_ctx *ctx, const struct limit_in *in, const struct none *out)
{
	struct rlimit now;

	if (getrlimit((int)in->resource, &now) < 0 ||
	    (now.rlim_cur == (rlim_t)in->value && now.rlim_max == (rlim_t)in->value))
		return 0;
	return op_undone(ctx, "the limits are %llu and %llu", (unsigned long long)now.rlim_cur,
			 (unsigned long long)now.rlim_max);
}
OP_CHECK(rlimit_set, limit_in, none)
OP(rlimit_set, "rlimit.set", limit_in, none,
	.doc = "Set a resource limit of the caller, soft and hard.",
	.source = "setrlimit(2)",
	.check = rlimit_set_checked);

#define MANY_IN(F, S) \
	F(S, INT, count, REQUIRED, 1, 256, "how many to make, existing at the same time")
FIELDS(many_in, MANY_IN);

#define MANY_OUT(F, S) \
	F(S, TOTAL, made, "how many could be made") \
	F(S, ERRNO, error, "why the next one could not, 0 if all could")
FIELDS(many_out, MANY_OUT);

/* Signals queued to the caller's own thread, which blocks them; then all are taken back. */
static int rlimit_queue_run(struct op_ctx *ctx, const struct many_in *in, struct many_out *out)
{
	struct timespec now = { 0 };
	siginfo_t info;
	sigset_t set, old;
	long tid = sys_call(SYS_gettid);

	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN);
	if (pthread_sigmask(SIG_BLOCK, &set, &old))
		return op_broken(ctx, "cannot block the signal");
	while (out->made < in->count && !out->error) {
		memset(&info, 0, sizeof(info));
		info.si_code = SI_QUEUE;
		info.si_signo = SIGRTMIN;
		if (sys_call(SYS_rt_tgsigqueueinfo, getpid(), tid, SIGRTMIN, &info) < 0)
			out->error = errno;
		else
			out->made++;
	}
	while (sigtimedwait(&set, &info, &now) > 0)
		;
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return 0;
}
OP(rlimit_queue, "rlimit.queue", many_in, many_out,
	.doc = "Queue signals to the caller, until one cannot be.",
	.source = "rt_sigqueueinfo(2), RLIMIT_SIGPENDING", .asks = "start.rlimit-sigpending");

static int rlimit_inotify_run(struct op_ctx *ctx, const struct many_in *in, struct many_out *out)
{
	int *fds = pool_array(ctx->pool, int, (size_t)in->count);

	while (out->made < in->count && !out->error) {
		int fd = inotify_init1(IN_CLOEXEC);

		if (fd < 0)
			out->error = errno;
		else
			fds[out->made++] = fd;
	}
	for (int64_t i = 0; i < out->made; i++)
		close(fds[i]);
	return 0;
}
OP(rlimit_inotify, "rlimit.inotify", many_in, many_out,
	.doc = "Make inotify instances, until one cannot be made.",
	.source = "inotify(7)", .config = "INOTIFY_USER");

#define INOTIFY_MAX_IN(F, S) \
	F(S, INT, value, REQUIRED, 0, INT32_MAX, "inotify instances that a user may have")
FIELDS(inotify_max_in, INOTIFY_MAX_IN);

static const char *const prefixes[] = { "user.max_inotify_", NULL };
static const char inotify_max[] = "user.max_inotify_instances";

static int rlimit_inotify_max_run(struct op_ctx *ctx, const struct inotify_max_in *in,
				  struct none *out)
{
	return sysctl_set(ctx, prefixes, inotify_max,
			  pool_printf(ctx->pool, "%lld", (long long)in->value));
}

static void rlimit_inotify_max_before(struct op_ctx *ctx, const struct inotify_max_in *in)
{
	sysctl_note(ctx, prefixes, inotify_max);
}
OP_BEFORE(rlimit_inotify_max, inotify_max_in)

static int rlimit_inotify_max_check(struct op_ctx *ctx, const struct inotify_max_in *in,
			   const struct none *out)
{
	return sysctl_is(ctx, prefixes, inotify_max,
			 pool_printf(ctx->pool, "%lld", (long long)in->value));
}
OP_CHECK(rlimit_inotify_max, inotify_max_in, none)
OP(rlimit_inotify_max, "rlimit.inotify_max", inotify_max_in, none,
	.doc = "Set the limit of inotify instances in the caller's user namespace.",
	.source = "namespaces(7), /proc/sys/user", .config = "INOTIFY_USER",
	.asks = "sysctl.writable",
	.touches = NSM_USER, .mutates = NSM_USER,
	.check = rlimit_inotify_max_checked, .before = rlimit_inotify_max_noted);
