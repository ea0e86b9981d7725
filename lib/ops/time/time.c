// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading clocks: clock_gettime(2) by system call and vDSO, and the older interfaces
 * that a time namespace must leave alone.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sys/time.h>
#include <sys/times.h>
#include <unistd.h>

#include "nsc/clock.h"
#include "nsc/op.h"
#include "nsc/time32.h"

enum how { HOW_VDSO, HOW_SYSCALL, HOW_TIME32 };

static const struct symbol hows[] = {
	{ "vdso", HOW_VDSO, "the vDSO's function, called without libc" },
	{ "syscall", HOW_SYSCALL, "the system call" },
	{ "time32", HOW_TIME32, "the call of 32-bit x86 with a time of 32 bits" },
	{ 0 }
};

#define GET_IN(F, S) \
	F(S, ENUM_DEF, clock, CLOCK_MONOTONIC, clock_symbols, "which clock") \
	F(S, ENUM_DEF, how, HOW_SYSCALL, hows, "how it is read")
FIELDS(get_in, GET_IN);

#define GET_OUT(F, S) \
	F(S, TIME, ns, REQUIRED, "reading in nanoseconds")
FIELDS(get_out, GET_OUT);

static int time_get_run(struct op_ctx *ctx, const struct get_in *in, struct get_out *out)
{
	clock_fn read_clock = in->how == HOW_VDSO ? clock_vdso() :
			      in->how == HOW_TIME32 ? time32_gettime : clock_syscall;
	struct timespec ts;

	if (!read_clock)
		return op_broken(ctx, "this kernel maps no vDSO with clock_gettime");
	/* The vDSO returns a negative errno, the system call -1. */
	int err = read_clock((clockid_t)in->clock, &ts);

	if (err)
		return in->how == HOW_VDSO ? err : -errno;
	out->ns = clock_ns(&ts);
	return 0;
}
OP(time_get, "time.get", get_in, get_out,
	.doc = "Read a clock of the actor's time namespace.",
	.source = "clock_gettime(2), vdso(7)",
	.touches = NSM_TIME);

#define BOTH_IN(F, S) \
	F(S, ENUM_DEF, clock, CLOCK_MONOTONIC, clock_symbols, "which clock")
FIELDS(both_in, BOTH_IN);

#define BOTH_OUT(F, S) \
	F(S, TIME, syscall_ns, REQUIRED, "reading by system call, in nanoseconds") \
	F(S, TIME, vdso_ns, REQUIRED, "reading by vDSO, in nanoseconds") \
	F(S, TIME, apart_ns, REQUIRED, \
	  "how far the vDSO's reading lies outside of two readings by system call " \
	  "around it, in nanoseconds; 0 is between them")
FIELDS(both_out, BOTH_OUT);

static int time_both_run(struct op_ctx *ctx, const struct both_in *in, struct both_out *out)
{
	clockid_t clock = (clockid_t)in->clock;
	clock_fn vdso = clock_vdso();
	struct timespec before, inside, after;

	if (!vdso)
		return op_broken(ctx, "this kernel maps no vDSO with clock_gettime");
	if (clock_syscall(clock, &before) < 0)
		return -errno;
	int err = vdso(clock, &inside);

	if (err)
		return err;
	if (clock_syscall(clock, &after) < 0)
		return -errno;
	out->syscall_ns = clock_ns(&before);
	out->vdso_ns = clock_ns(&inside);
	if (out->vdso_ns < out->syscall_ns)
		out->apart_ns = out->syscall_ns - out->vdso_ns;
	else if (out->vdso_ns > clock_ns(&after))
		out->apart_ns = out->vdso_ns - clock_ns(&after);
	return 0;
}
OP(time_both, "time.both", both_in, both_out,
	.doc = "Read a clock by system call, by vDSO and by system call again.",
	.source = "clock_gettime(2), vdso(7)",
	.touches = NSM_TIME);

static int time_gettimeofday_run(struct op_ctx *ctx, const struct none *in, struct get_out *out)
{
	struct timeval tv;

	if (gettimeofday(&tv, NULL) < 0)
		return -errno;
	out->ns = tv.tv_sec * 1000000000LL + tv.tv_usec * 1000LL;
	return 0;
}
OP(time_gettimeofday, "time.gettimeofday", none, get_out,
	.doc = "Read the wall clock as libc does.",
	.source = "gettimeofday(2)",
	.touches = NSM_TIME);

static int time_times_run(struct op_ctx *ctx, const struct none *in, struct get_out *out)
{
	struct tms tms;

	errno = 0;
	clock_t ticks = times(&tms);

	if (ticks == (clock_t)-1 && errno)
		return -errno;
	out->ns = ticks * (1000000000LL / sysconf(_SC_CLK_TCK));
	return 0;
}
OP(time_times, "time.times", none, get_out,
	.doc = "Read the return value of times(2), the ticks since a point in the past.",
	.source = "times(2)",
	.touches = NSM_TIME);
