// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading clocks: clock_gettime(2) by system call and vDSO, and the older interfaces
 * that a time namespace must leave alone.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/times.h>
#include <unistd.h>

#include "nsc/clock.h"
#include "nsc/op.h"

enum how { HOW_VDSO, HOW_SYSCALL };

static const struct symbol hows[] = {
	{ "vdso", HOW_VDSO, "the vDSO's function, called without libc" },
	{ "syscall", HOW_SYSCALL, "the system call" },
	{ 0 }
};

struct get_in {
	int64_t clock, how;
};

static const struct field get_in_fields[] = {
	F_ENUM_DEF(struct get_in, clock, CLOCK_MONOTONIC, clock_symbols, "which clock"),
	F_ENUM_DEF(struct get_in, how, HOW_SYSCALL, hows, "how it is read"),
	F_END
};

struct get_out {
	int64_t ns;
};

static const struct field get_out_fields[] = {
	F_TIME(struct get_out, ns, REQUIRED, "reading in nanoseconds"),
	F_END
};

static int get_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct get_in *in = params;
	struct get_out *out = results;
	clock_fn read_clock = in->how == HOW_VDSO ? clock_vdso() : clock_syscall;
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

struct both_in {
	int64_t clock;
};

static const struct field both_in_fields[] = {
	F_ENUM_DEF(struct both_in, clock, CLOCK_MONOTONIC, clock_symbols, "which clock"),
	F_END
};

struct both_out {
	int64_t syscall_ns, vdso_ns, apart_ns;
};

static const struct field both_out_fields[] = {
	F_TIME(struct both_out, syscall_ns, REQUIRED, "reading by system call, in nanoseconds"),
	F_TIME(struct both_out, vdso_ns, REQUIRED, "reading by vDSO, in nanoseconds"),
	F_TIME(struct both_out, apart_ns, REQUIRED,
	       "how far the vDSO's reading lies outside of two readings by system call "
	       "around it, in nanoseconds; 0 is between them"),
	F_END
};

static int both_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct both_in *in = params;
	struct both_out *out = results;
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

static int gettimeofday_run(struct op_ctx *ctx, const void *params, void *results)
{
	struct get_out *out = results;
	struct timeval tv;

	(void)ctx, (void)params;
	if (gettimeofday(&tv, NULL) < 0)
		return -errno;
	out->ns = tv.tv_sec * 1000000000LL + tv.tv_usec * 1000LL;
	return 0;
}

static int times_run(struct op_ctx *ctx, const void *params, void *results)
{
	struct get_out *out = results;
	struct tms tms;

	(void)ctx, (void)params;
	errno = 0;
	clock_t ticks = times(&tms);

	if (ticks == (clock_t)-1 && errno)
		return -errno;
	out->ns = ticks * (1000000000LL / sysconf(_SC_CLK_TCK));
	return 0;
}

const struct op time_ops[] = {
	{
		.name = "time.get",
		.doc = "Read a clock of the actor's time namespace.",
		.source = "clock_gettime(2), vdso(7)",
		OP_IN(get), OP_OUT(get),
		.touches = NSM_TIME,
		.run = get_run,
	},
	{
		.name = "time.both",
		.doc = "Read a clock by system call, by vDSO and by system call again.",
		.source = "clock_gettime(2), vdso(7)",
		OP_IN(both), OP_OUT(both),
		.touches = NSM_TIME,
		.run = both_run,
	},
	{
		.name = "time.gettimeofday",
		.doc = "Read the wall clock as libc does.",
		.source = "gettimeofday(2)",
		OP_OUT(get),
		.touches = NSM_TIME,
		.run = gettimeofday_run,
	},
	{
		.name = "time.times",
		.doc = "Read the return value of times(2), the ticks since a point in the past.",
		.source = "times(2)",
		OP_OUT(get),
		.touches = NSM_TIME,
		.run = times_run,
	},
	{ 0 }
};
