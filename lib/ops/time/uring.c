// SPDX-License-Identifier: GPL-2.0-only
/*
 * time.uring_until: timeouts of an io_uring, by raw system calls.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/time_types.h>
#include <unistd.h>

#include "../ring.h"
#include "nsc/clock.h"
#include "nsc/sys.h"

static const struct symbol uring_clocks[] = {
	{ "monotonic", CLOCK_MONOTONIC, NULL },
	{ "boottime", CLOCK_BOOTTIME, "since 5.15" },
	{ "realtime", CLOCK_REALTIME, "since 5.15" },
	{ 0 }
};

enum by { BY_TIMEOUT, BY_LINK };

static const struct symbol bys[] = {
	{ "timeout", BY_TIMEOUT, "IORING_OP_TIMEOUT" },
	{ "link", BY_LINK, "IORING_OP_LINK_TIMEOUT of a read that finds nothing" },
	{ 0 }
};

#define URING_UNTIL_IN(F, S) \
	F(S, ENUM_DEF, by, BY_TIMEOUT, bys, "what waits") \
	F(S, ENUM_DEF, clock, CLOCK_MONOTONIC, uring_clocks, "by which clock") \
	F(S, TIME_DEF, ahead, 10000000, \
	  "how far in the future the instant lies by that clock as the actor reads it, " \
	  "in nanoseconds; below 0 it has passed") \
	F(S, BOOL, relative, "pass `ahead` as a relative time") \
	F(S, PATIENCE, give_up, 200000000, "how long to wait at most, in nanoseconds")
FIELDS(uring_until_in, URING_UNTIL_IN);

#define URING_UNTIL_OUT(F, S) \
	F(S, BOOL, came, "the timeout completed") \
	F(S, TIME, elapsed_ns, REQUIRED, "how long it lasted in nanoseconds")
FIELDS(uring_until_out, URING_UNTIL_OUT);

struct waiting {
	struct ring ring;
	const struct uring_until_in *in;
	struct __kernel_timespec when;
	int silent; /* end of a pipe into which nobody writes */
	char nothing;
};

static struct io_uring_sqe timeout_request(const struct waiting *w, unsigned char opcode)
{
	const struct uring_until_in *in = w->in;

	return (struct io_uring_sqe){
		.opcode = opcode,
		.fd = -1,
		.addr = (uintptr_t)&w->when,
		.len = 1,
		.timeout_flags = (in->relative ? 0 : IORING_TIMEOUT_ABS) |
				 (in->clock == CLOCK_BOOTTIME ? IORING_TIMEOUT_BOOTTIME : 0) |
				 (in->clock == CLOCK_REALTIME ? IORING_TIMEOUT_REALTIME : 0),
	};
}

static int submit(struct waiting *w)
{
	const struct io_uring_sqe requests[] = {
		{ .opcode = IORING_OP_READ, .flags = IOSQE_IO_LINK, .fd = w->silent,
		  .addr = (uintptr_t)&w->nothing, .len = 1, .user_data = 1 },
		timeout_request(w, IORING_OP_LINK_TIMEOUT),
	};
	const struct io_uring_sqe alone = timeout_request(w, IORING_OP_TIMEOUT);

	return w->in->by == BY_LINK ? ring_submit(&w->ring, requests, 2) :
				      ring_submit(&w->ring, &alone, 1);
}

/*
 * Result of the timeout, whose user_data is 0, or 1 when it has none by UNTIL; OP_BROKEN with errno
 * set.  A read that ends first, as the timeout cancels it, is not what is waited for.
 */
static int await(struct waiting *w, int64_t until)
{
	struct io_uring_cqe completion;
	int ready;

	do {
		ready = sys_wait_readable(w->ring.fd, until);
		if (ready < 0) {
			errno = -ready;
			return OP_BROKEN;
		}
		while (ring_completed(&w->ring, &completion))
			if (!completion.user_data)
				return completion.res;
	} while (ready);
	return 1;
}

static int64_t until_given_up(struct op_ctx *ctx, const struct uring_until_in *in)
{
	int64_t until = sys_now_ns() + in->give_up;

	return until < op_deadline(ctx) ? until : op_deadline(ctx);
}

static int time_uring_until_run(struct op_ctx *ctx, const struct uring_until_in *in,
				struct uring_until_out *out)
{
	struct waiting w = { .in = in };
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return op_broken(ctx, "pipe2: %m");
	AUTO_FD silent = ends[0], other = ends[1];
	int rc = ring_make(&w.ring, 0);
	AUTO_FD fd = w.ring.fd;

	(void)fd;
	(void)other;
	if (rc < 0)
		return op_broken(ctx, "io_uring_setup: %m");
	w.silent = silent;
	int64_t start = clock_now(CLOCK_MONOTONIC);
	int64_t now = in->relative ? 0 : clock_now((clockid_t)in->clock);

	w.when.tv_sec = (now + in->ahead) / 1000000000;
	w.when.tv_nsec = (now + in->ahead) % 1000000000;
	if (submit(&w) < 0)
		return op_broken(ctx, "io_uring_enter: %m");
	rc = await(&w, until_given_up(ctx, in));
	if (rc == OP_BROKEN)
		return op_broken(ctx, "poll: %m");
	out->elapsed_ns = clock_now(CLOCK_MONOTONIC) - start;
	out->came = rc == -ETIME;
	ring_unmap(&w.ring);
	return rc < 0 && rc != -ETIME ? rc : 0;
}
OP(time_uring_until, "time.uring_until", uring_until_in, uring_until_out,
	.doc = "Wait for a timeout of an io_uring.",
	.source = "io_uring_enter(2) IORING_OP_TIMEOUT, IORING_OP_LINK_TIMEOUT",
	.config = "IO_URING",
	.asks = "start.rlimit-memlock",
	.touches = NSM_TIME);
