// SPDX-License-Identifier: GPL-2.0-only
/*
 * Timer descriptors that live longer than one op: armed in one time namespace, looked at in
 * another.  What happens within one op is time.wait_until.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "nsc/clock.h"
#include "nsc/op.h"
#include "nsc/sys.h"

#define TIMERFD_IN(F, S) \
	F(S, ENUM_DEF, clock, CLOCK_MONOTONIC, clock_symbols, "by which clock")
FIELDS(timerfd_in, TIMERFD_IN);

#define TIMERFD_OUT(F, S) \
	F(S, FD, fd, REQUIRED, "a timer, not armed")
FIELDS(timerfd_out, TIMERFD_OUT);

static int time_timerfd_run(struct op_ctx *ctx, const struct timerfd_in *in,
			    struct timerfd_out *out)
{
	out->fd = timerfd_create((clockid_t)in->clock, TFD_CLOEXEC | TFD_NONBLOCK);
	return out->fd < 0 ? -errno : 0;
}
OP(time_timerfd, "time.timerfd", timerfd_in, timerfd_out,
	.doc = "Create a timer descriptor.",
	.source = "timerfd_create(2)",
	.touches = NSM_TIME);

#define TIMERFD_SET_IN(F, S) \
	F(S, FD, fd, REQUIRED, "the timer") \
	F(S, ENUM_DEF, clock, CLOCK_MONOTONIC, clock_symbols, \
	  "the timer's clock, read to find the instant") \
	F(S, TIME_DEF, ahead, 10000000, \
	  "how far in the future the instant lies by that clock as the actor reads it, " \
	  "in nanoseconds") \
	F(S, TIME, at, OPTIONAL, \
	  "the instant itself instead, in nanoseconds of that clock, from 1") \
	F(S, BOOL, relative, "pass `ahead` as a relative time")
FIELDS(timerfd_set_in, TIMERFD_SET_IN);

#define TIMERFD_SET_OUT(F, S) \
	F(S, TIME, realtime_ns, REQUIRED, \
	  "CLOCK_REALTIME just before the instant was chosen, in nanoseconds")
FIELDS(timerfd_set_out, TIMERFD_SET_OUT);

static int time_timerfd_set_run(struct op_ctx *ctx, const struct timerfd_set_in *in,
				struct timerfd_set_out *out)
{
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
OP(time_timerfd_set, "time.timerfd_set", timerfd_set_in, timerfd_set_out,
	.doc = "Arm a timer descriptor.",
	.source = "timerfd_settime(2)",
	.touches = NSM_TIME);

#define TIMERFD_GET_IN(F, S) \
	F(S, FD, fd, REQUIRED, "the timer")
FIELDS(timerfd_get_in, TIMERFD_GET_IN);

#define TIMERFD_GET_OUT(F, S) \
	F(S, TIME, left_ns, REQUIRED, "time to expiry in nanoseconds; 0 is not armed")
FIELDS(timerfd_get_out, TIMERFD_GET_OUT);

static int time_timerfd_get_run(struct op_ctx *ctx, const struct timerfd_get_in *in,
				struct timerfd_get_out *out)
{
	struct itimerspec left;

	if (timerfd_gettime(in->fd, &left) < 0)
		return -errno;
	out->left_ns = clock_ns(&left.it_value);
	return 0;
}
OP(time_timerfd_get, "time.timerfd_get", timerfd_get_in, timerfd_get_out,
	.doc = "Read how long a timer descriptor has to go.",
	.source = "timerfd_gettime(2)",
	.touches = NSM_TIME);

#define TIMERFD_WAIT_IN(F, S) \
	F(S, FD, fd, REQUIRED, "the timer") \
	F(S, PATIENCE, give_up, 2000000000, "how long to wait at most, in nanoseconds")
FIELDS(timerfd_wait_in, TIMERFD_WAIT_IN);

#define TIMERFD_WAIT_OUT(F, S) \
	F(S, BOOL, came, "it has expired") \
	F(S, TIME, realtime_ns, REQUIRED, "CLOCK_REALTIME just after the wait, in nanoseconds")
FIELDS(timerfd_wait_out, TIMERFD_WAIT_OUT);

static int time_timerfd_wait_run(struct op_ctx *ctx, const struct timerfd_wait_in *in,
				 struct timerfd_wait_out *out)
{
	uint64_t expiries;
	int64_t until = sys_now_ns() + in->give_up;
	int rc = sys_wait_readable(in->fd, until < op_deadline(ctx) ? until : op_deadline(ctx));

	out->realtime_ns = clock_now(CLOCK_REALTIME);
	if (rc < 0)
		return op_broken(ctx, "poll: %s", strerror(-rc));
	if (rc > 0 && read(in->fd, &expiries, sizeof(expiries)) != sizeof(expiries))
		return op_broken(ctx, "read: %m");
	out->came = rc > 0;
	return 0;
}
OP(time_timerfd_wait, "time.timerfd_wait", timerfd_wait_in, timerfd_wait_out,
	.doc = "Wait until a timer descriptor expires.",
	.source = "timerfd_create(2)",
	.touches = NSM_TIME);
