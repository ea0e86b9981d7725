// SPDX-License-Identifier: GPL-2.0-only
/*
 * time.uring_until: an absolute timeout in an io_uring, by raw system calls.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <linux/time_types.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "nsc/clock.h"
#include "nsc/op.h"
#include "nsc/sys.h"
#include "nsc/syscall.h"

static const struct symbol uring_clocks[] = {
	{ "monotonic", CLOCK_MONOTONIC, NULL },
	{ "boottime", CLOCK_BOOTTIME, "since 5.15" },
	{ "realtime", CLOCK_REALTIME, "since 5.15" },
	{ 0 }
};

#define URING_UNTIL_IN(F, S) \
	F(S, ENUM_DEF, clock, CLOCK_MONOTONIC, uring_clocks, "by which clock") \
	F(S, TIME_DEF, ahead, 10000000, \
	  "how far in the future the instant lies by that clock as the actor reads it, " \
	  "in nanoseconds") \
	F(S, PATIENCE, give_up, 200000000, "how long to wait at most, in nanoseconds")
FIELDS(uring_until_in, URING_UNTIL_IN);

#define URING_UNTIL_OUT(F, S) \
	F(S, BOOL, came, "the timeout completed") \
	F(S, TIME, elapsed_ns, REQUIRED, "how long it lasted in nanoseconds")
FIELDS(uring_until_out, URING_UNTIL_OUT);

/* A ring for one request. */
struct ring {
	struct io_uring_params params;
	int fd;
	char *queues; /* both rings, IORING_FEAT_SINGLE_MMAP (5.4) */
	size_t queues_size;
	struct io_uring_sqe *request;
};

static void ring_close(struct ring *r)
{
	if (r->queues != MAP_FAILED)
		munmap(r->queues, r->queues_size);
	if (r->request != MAP_FAILED)
		munmap(r->request, sizeof(*r->request));
	fd_close(&r->fd);
}

static int ring_open(struct ring *r)
{
	*r = (struct ring){ .fd = -1, .queues = MAP_FAILED, .request = MAP_FAILED };
	r->fd = (int)sys_call(SYS_io_uring_setup, 1, &r->params);
	if (r->fd < 0)
		return -1;
	fcntl(r->fd, F_SETFD, FD_CLOEXEC);
	size_t sq = r->params.sq_off.array + r->params.sq_entries * sizeof(uint32_t);
	size_t cq = r->params.cq_off.cqes + r->params.cq_entries * sizeof(struct io_uring_cqe);

	r->queues_size = sq > cq ? sq : cq;
	r->queues = mmap(NULL, r->queues_size, PROT_READ | PROT_WRITE, MAP_SHARED, r->fd,
			 IORING_OFF_SQ_RING);
	r->request = mmap(NULL, sizeof(*r->request), PROT_READ | PROT_WRITE, MAP_SHARED, r->fd,
			  IORING_OFF_SQES);
	return r->queues == MAP_FAILED || r->request == MAP_FAILED ? -1 : 0;
}

static uint32_t *ring_word(const struct ring *r, uint32_t offset)
{
	return (uint32_t *)(r->queues + offset);
}

static int ring_submit(struct ring *r, clockid_t clock, const struct __kernel_timespec *at)
{
	*r->request = (struct io_uring_sqe){
		.opcode = IORING_OP_TIMEOUT,
		.fd = -1,
		.addr = (uintptr_t)at,
		.len = 1,
		.timeout_flags = IORING_TIMEOUT_ABS |
				 (clock == CLOCK_BOOTTIME ? IORING_TIMEOUT_BOOTTIME : 0) |
				 (clock == CLOCK_REALTIME ? IORING_TIMEOUT_REALTIME : 0),
	};
	ring_word(r, r->params.sq_off.array)[0] = 0;
	__atomic_store_n(ring_word(r, r->params.sq_off.tail), 1, __ATOMIC_RELEASE);
	return sys_call(SYS_io_uring_enter, r->fd, 1, 0, 0, NULL, 0) == 1 ? 0 : -1;
}

/* Result of the request, 1 when there is none yet; a timeout that came gives -ETIME. */
static int ring_result(const struct ring *r)
{
	if (__atomic_load_n(ring_word(r, r->params.cq_off.tail), __ATOMIC_ACQUIRE) == 0)
		return 1;
	return ((struct io_uring_cqe *)(r->queues + r->params.cq_off.cqes))[0].res;
}

static int time_uring_until_run(struct op_ctx *ctx, const struct uring_until_in *in,
				struct uring_until_out *out)
{
	__attribute__((cleanup(ring_close))) struct ring ring;

	if (ring_open(&ring) < 0)
		return op_broken(ctx, "io_uring_setup: %m");
	int64_t start = clock_now(CLOCK_MONOTONIC);
	int64_t at = clock_now((clockid_t)in->clock) + in->ahead;
	struct __kernel_timespec when = { .tv_sec = at / 1000000000, .tv_nsec = at % 1000000000 };

	if (ring_submit(&ring, (clockid_t)in->clock, &when) < 0)
		return op_broken(ctx, "io_uring_enter: %m");
	int64_t until = sys_now_ns() + in->give_up;
	int rc = sys_wait_readable(ring.fd, until < op_deadline(ctx) ? until : op_deadline(ctx));

	if (rc < 0)
		return op_broken(ctx, "poll: %s", strerror(-rc));
	out->elapsed_ns = clock_now(CLOCK_MONOTONIC) - start;
	rc = ring_result(&ring);
	out->came = rc == -ETIME;
	return rc < 0 && rc != -ETIME ? rc : 0;
}
OP(time_uring_until, "time.uring_until", uring_until_in, uring_until_out,
	.doc = "Wait for an absolute timeout of an io_uring.",
	.source = "io_uring_enter(2) IORING_OP_TIMEOUT", .config = "IO_URING",
	.asks = "start.rlimit-memlock",
	.touches = NSM_TIME);
