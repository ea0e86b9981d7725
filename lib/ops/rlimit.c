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
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "nsc/op.h"
#include "nsc/sys.h"
#include "nsc/sysctl.h"

static const struct symbol resource_symbols[] = {
	{ "nproc", RLIMIT_NPROC, "processes of the user" },
	{ "sigpending", RLIMIT_SIGPENDING, "signals queued for the user" },
	{ "memlock", RLIMIT_MEMLOCK, "bytes locked by the user" },
	{ "msgqueue", RLIMIT_MSGQUEUE, "bytes in message queues of the user" },
	{ 0 }
};

struct limit_in {
	int64_t resource, value;
};

static const struct field limit_in_fields[] = {
	F_ENUM(struct limit_in, resource, REQUIRED, resource_symbols, "what is limited"),
	F_INT(struct limit_in, value, REQUIRED, 0, INT64_MAX,
	      "soft and hard limit, in the resource's unit"),
	F_END
};

static int limit_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct limit_in *in = params;
	struct rlimit limit = { (rlim_t)in->value, (rlim_t)in->value };

	(void)ctx, (void)results;
	return setrlimit((__rlimit_resource_t)in->resource, &limit) < 0 ? -errno : 0;
}

struct many_in {
	int64_t count;
};

static const struct field many_in_fields[] = {
	F_INT(struct many_in, count, REQUIRED, 1, 256,
	      "how many to make, existing at the same time"),
	F_END
};

struct many_out {
	int64_t made, error;
};

static const struct field many_out_fields[] = {
	F_INT(struct many_out, made, REQUIRED, 0, 0, "how many could be made"),
	F_ERRNO(struct many_out, error, "why the next one could not, 0 if all could"),
	F_END
};

/* Signals queued to the caller's own thread, which blocks them; then all are taken back. */
static int queue_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct many_in *in = params;
	struct many_out *out = results;
	struct timespec now = { 0 };
	siginfo_t info;
	sigset_t set, old;

	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN);
	if (pthread_sigmask(SIG_BLOCK, &set, &old))
		return op_broken(ctx, "cannot block the signal");
	while (out->made < in->count && !out->error) {
		memset(&info, 0, sizeof(info));
		info.si_code = SI_QUEUE;
		info.si_signo = SIGRTMIN;
		if (syscall(SYS_rt_tgsigqueueinfo, getpid(), syscall(SYS_gettid), SIGRTMIN,
			    &info) < 0)
			out->error = errno;
		else
			out->made++;
	}
	while (sigtimedwait(&set, &info, &now) > 0)
		;
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return 0;
}

static int inotify_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct many_in *in = params;
	struct many_out *out = results;
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

struct inotify_max_in {
	int64_t value;
};

static const struct field inotify_max_in_fields[] = {
	F_INT(struct inotify_max_in, value, REQUIRED, 0, INT32_MAX,
	      "inotify instances that a user may have"),
	F_END
};

static int inotify_max_run(struct op_ctx *ctx, const void *params, void *results)
{
	static const char *const prefixes[] = { "user.max_inotify_", NULL };
	const struct inotify_max_in *in = params;

	(void)results;
	return sysctl_set(ctx, prefixes, "user.max_inotify_instances",
			  pool_printf(ctx->pool, "%lld", (long long)in->value));
}

const struct op rlimit_ops[] = {
	{
		.name = "rlimit.set",
		.doc = "Set a resource limit of the caller, soft and hard.",
		.source = "setrlimit(2)",
		OP_IN(limit),
		.run = limit_run,
	},
	{
		.name = "rlimit.queue",
		.doc = "Queue signals to the caller, until one cannot be.",
		.source = "rt_sigqueueinfo(2), RLIMIT_SIGPENDING",
		OP_IN(many), OP_OUT(many),
		.asks = "start.rlimit-sigpending",
		.run = queue_run,
	},
	{
		.name = "rlimit.inotify_max",
		.doc = "Set the limit of inotify instances in the caller's user namespace.",
		.source = "namespaces(7), /proc/sys/user",
		.config = "INOTIFY_USER",
		OP_IN(inotify_max),
		.touches = NSM_USER, .mutates = NSM_USER,
		.asks = "sysctl.writable",
		.run = inotify_max_run,
	},
	{
		.name = "rlimit.inotify",
		.doc = "Make inotify instances, until one cannot be made.",
		.source = "inotify(7)",
		.config = "INOTIFY_USER",
		OP_IN(many), OP_OUT(many),
		.run = inotify_run,
	},
	{ 0 }
};
