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

enum by { BY_TIMEOUT, BY_LINK, BY_UPDATE, BY_LINK_UPDATE };

/* user_data of requests; that of the timeout itself is 0. */
enum { OF_READ = 1, OF_UPDATE };

static const struct symbol bys[] = {
	{ "timeout", BY_TIMEOUT, "IORING_OP_TIMEOUT" },
	{ "link", BY_LINK, "IORING_OP_LINK_TIMEOUT of a read that finds nothing" },
	{ "update", BY_UPDATE, "the same as timeout, IORING_TIMEOUT_UPDATE of one that is hours away" },
	{ "link_update", BY_LINK_UPDATE, "likewise of link, with IORING_LINK_TIMEOUT_UPDATE, since 5.15" },
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
	struct __kernel_timespec when, hours;
	int silent; /* end of a pipe into which nobody writes */
	char nothing;
};

static unsigned clock_flags(const struct waiting *w)
{
	return (w->in->clock == CLOCK_BOOTTIME ? IORING_TIMEOUT_BOOTTIME : 0) |
	       (w->in->clock == CLOCK_REALTIME ? IORING_TIMEOUT_REALTIME : 0);
}

static unsigned instant_flag(const struct waiting *w)
{
	return w->in->relative ? 0 : IORING_TIMEOUT_ABS;
}

/* That of the scenario, or one that is to be updated by it. */
static struct io_uring_sqe timeout_request(const struct waiting *w, unsigned char opcode,
					   bool updated)
{
	return (struct io_uring_sqe){
		.opcode = opcode,
		.fd = -1,
		.addr = (uintptr_t)(updated ? &w->hours : &w->when),
		.len = 1,
		.timeout_flags = clock_flags(w) | (updated ? 0 : instant_flag(w)),
	};
}

static struct io_uring_sqe update_request(const struct waiting *w, unsigned link)
{
	return (struct io_uring_sqe){
		.opcode = IORING_OP_TIMEOUT_REMOVE,
		.fd = -1,
		.addr2 = (uintptr_t)&w->when,
		.timeout_flags = IORING_TIMEOUT_UPDATE | link | instant_flag(w),
		.user_data = OF_UPDATE,
	};
}

/* What waits, and then what changes it. */
static int submit(struct waiting *w)
{
	const bool link = w->in->by == BY_LINK || w->in->by == BY_LINK_UPDATE;
	const bool updated = w->in->by == BY_UPDATE || w->in->by == BY_LINK_UPDATE;
	const struct io_uring_sqe linked[] = {
		{ .opcode = IORING_OP_READ, .flags = IOSQE_IO_LINK, .fd = w->silent,
		  .addr = (uintptr_t)&w->nothing, .len = 1, .user_data = OF_READ },
		timeout_request(w, IORING_OP_LINK_TIMEOUT, updated),
	};
	const struct io_uring_sqe alone = timeout_request(w, IORING_OP_TIMEOUT, updated);
	const struct io_uring_sqe update = update_request(w, link ? IORING_LINK_TIMEOUT_UPDATE : 0);
	int rc = link ? ring_submit(&w->ring, linked, 2) : ring_submit(&w->ring, &alone, 1);

	return rc < 0 || !updated ? rc : ring_submit(&w->ring, &update, 1);
}

/*
 * Result of the timeout, or of an update that failed, or 1 when there is none by UNTIL; OP_BROKEN
 * with errno set.  A read that ends first, as the timeout cancels it, is not what is waited for.
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
			if (!completion.user_data ||
			    (completion.user_data == OF_UPDATE && completion.res < 0))
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
	struct waiting w = { .in = in, .hours = { .tv_sec = 36000 } };
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
	.source = "io_uring_enter(2) IORING_OP_TIMEOUT, IORING_OP_LINK_TIMEOUT, "
		  "IORING_OP_TIMEOUT_REMOVE",
	.config = "IO_URING",
	.asks = "start.rlimit-memlock",
	.touches = NSM_TIME);
