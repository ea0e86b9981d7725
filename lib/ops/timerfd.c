// SPDX-License-Identifier: GPL-2.0-only
/*
 * Timer descriptors that live longer than one op: armed in one time namespace, looked at in
 * another.  What happens within one op is time.wait_until.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "nsc/clock.h"
#include "nsc/op.h"
#include "nsc/sys.h"

struct timerfd_in {
	int64_t clock;
};

static const struct field timerfd_in_fields[] = {
	F_ENUM_DEF(struct timerfd_in, clock, CLOCK_MONOTONIC, clock_symbols, "by which clock"),
	F_END
};

struct timerfd_out {
	int fd;
};

static const struct field timerfd_out_fields[] = {
	F_FD(struct timerfd_out, fd, REQUIRED, "a timer, not armed"),
	F_END
};

static int timerfd_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct timerfd_in *in = params;
	struct timerfd_out *out = results;

	(void)ctx;
	out->fd = timerfd_create((clockid_t)in->clock, TFD_CLOEXEC | TFD_NONBLOCK);
	return out->fd < 0 ? -errno : 0;
}

struct timerfd_set_in {
	int fd;
	int64_t clock, ahead, at;
	bool relative;
};

static const struct field timerfd_set_in_fields[] = {
	F_FD(struct timerfd_set_in, fd, REQUIRED, "the timer"),
	F_ENUM_DEF(struct timerfd_set_in, clock, CLOCK_MONOTONIC, clock_symbols,
		   "the timer's clock, read to find the instant"),
	F_TIME_DEF(struct timerfd_set_in, ahead, 10000000,
		   "how far in the future the instant lies by that clock as the actor reads it, "
		   "in nanoseconds"),
	F_TIME(struct timerfd_set_in, at, OPTIONAL,
	       "the instant itself instead, in nanoseconds of that clock, from 1"),
	F_BOOL(struct timerfd_set_in, relative, "pass `ahead` as a relative time"),
	F_END
};

struct timerfd_set_out {
	int64_t realtime_ns;
};

static const struct field timerfd_set_out_fields[] = {
	F_TIME(struct timerfd_set_out, realtime_ns, REQUIRED,
	       "CLOCK_REALTIME just before the instant was chosen, in nanoseconds"),
	F_END
};

static int timerfd_set_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct timerfd_set_in *in = params;
	struct timerfd_set_out *out = results;
	struct timespec now = { 0 };

	out->realtime_ns = clock_now(CLOCK_REALTIME);
	if (!in->relative && !in->at && clock_syscall((clockid_t)in->clock, &now) < 0)
		return op_broken(ctx, "clock_gettime: %m");
	struct itimerspec when = {
		.it_value = clock_timespec(in->at ? in->at : clock_ns(&now) + in->ahead),
	};

	return timerfd_settime(in->fd, in->relative ? 0 : TFD_TIMER_ABSTIME, &when, NULL) < 0 ?
		       -errno : 0;
}

struct timerfd_get_in {
	int fd;
};

static const struct field timerfd_get_in_fields[] = {
	F_FD(struct timerfd_get_in, fd, REQUIRED, "the timer"),
	F_END
};

struct timerfd_get_out {
	int64_t left_ns;
};

static const struct field timerfd_get_out_fields[] = {
	F_TIME(struct timerfd_get_out, left_ns, REQUIRED,
	       "time to expiry in nanoseconds; 0 is not armed"),
	F_END
};

static int timerfd_get_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct timerfd_get_in *in = params;
	struct timerfd_get_out *out = results;
	struct itimerspec left;

	(void)ctx;
	if (timerfd_gettime(in->fd, &left) < 0)
		return -errno;
	out->left_ns = clock_ns(&left.it_value);
	return 0;
}

struct timerfd_wait_in {
	int fd;
	int64_t give_up;
};

static const struct field timerfd_wait_in_fields[] = {
	F_FD(struct timerfd_wait_in, fd, REQUIRED, "the timer"),
	F_PATIENCE(struct timerfd_wait_in, give_up, 2000000000,
		   "how long to wait at most, in nanoseconds"),
	F_END
};

struct timerfd_wait_out {
	bool came;
	int64_t realtime_ns;
};

static const struct field timerfd_wait_out_fields[] = {
	F_BOOL(struct timerfd_wait_out, came, "it has expired"),
	F_TIME(struct timerfd_wait_out, realtime_ns, REQUIRED,
	       "CLOCK_REALTIME just after the wait, in nanoseconds"),
	F_END
};

static int timerfd_wait_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct timerfd_wait_in *in = params;
	struct timerfd_wait_out *out = results;
	uint64_t expiries;
	int64_t until = sys_now_ns() + in->give_up;
	int rc = sys_wait_readable(in->fd, until < ctx->deadline_ns ? until : ctx->deadline_ns);

	out->realtime_ns = clock_now(CLOCK_REALTIME);
	if (rc < 0)
		return op_broken(ctx, "poll: %m");
	out->came = rc > 0 && read(in->fd, &expiries, sizeof(expiries)) == sizeof(expiries);
	return 0;
}

const struct op timerfd_ops[] = {
	{
		.name = "time.timerfd",
		.doc = "Create a timer descriptor.",
		.source = "timerfd_create(2)",
		OP_IN(timerfd), OP_OUT(timerfd),
		.touches = NSM_TIME,
		.run = timerfd_run,
	},
	{
		.name = "time.timerfd_set",
		.doc = "Arm a timer descriptor.",
		.source = "timerfd_settime(2)",
		OP_IN(timerfd_set), OP_OUT(timerfd_set),
		.touches = NSM_TIME,
		.run = timerfd_set_run,
	},
	{
		.name = "time.timerfd_get",
		.doc = "Read how long a timer descriptor has to go.",
		.source = "timerfd_gettime(2)",
		OP_IN(timerfd_get), OP_OUT(timerfd_get),
		.touches = NSM_TIME,
		.run = timerfd_get_run,
	},
	{
		.name = "time.timerfd_wait",
		.doc = "Wait until a timer descriptor expires.",
		.source = "timerfd_create(2)",
		OP_IN(timerfd_wait), OP_OUT(timerfd_wait),
		.touches = NSM_TIME,
		.run = timerfd_wait_run,
	},
	{ 0 }
};
