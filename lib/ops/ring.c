// SPDX-License-Identifier: GPL-2.0-only
/*
 * An io_uring by raw system calls.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/time_types.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "nsc/sys.h"
#include "nsc/syscall.h"
#include "ring.h"

static int map_queues(struct ring *r)
{
	size_t sq = r->params.sq_off.array + r->params.sq_entries * sizeof(uint32_t);
	size_t cq = r->params.cq_off.cqes + r->params.cq_entries * sizeof(struct io_uring_cqe);

	r->queues_size = sq > cq ? sq : cq;
	r->queues = mmap(NULL, r->queues_size, PROT_READ | PROT_WRITE, MAP_SHARED, r->fd,
			 IORING_OFF_SQ_RING);
	r->requests = mmap(NULL, RING_ENTRIES * sizeof(*r->requests), PROT_READ | PROT_WRITE,
			   MAP_SHARED, r->fd, IORING_OFF_SQES);
	return r->queues == MAP_FAILED || r->requests == MAP_FAILED ? -1 : 0;
}

int ring_make(struct ring *r, unsigned flags)
{
	*r = (struct ring){ .params.flags = flags,
			    .queues = MAP_FAILED, .requests = MAP_FAILED };
	r->fd = (int)sys_call(SYS_io_uring_setup, RING_ENTRIES, &r->params);
	if (r->fd < 0)
		return -1;
	fcntl(r->fd, F_SETFD, FD_CLOEXEC);
	return map_queues(r);
}

/* The offsets in a ring are the same for all rings with the same flags and sizes. */
int ring_map(struct ring *r, int fd, unsigned flags)
{
	int rc = ring_make(r, flags & ~(unsigned)IORING_SETUP_SQPOLL);

	if (rc < 0) {
		fd_close(&r->fd);
		return rc;
	}
	ring_unmap(r);
	fd_close(&r->fd);
	r->fd = fd;
	r->params.flags = flags;
	return map_queues(r);
}

void ring_unmap(struct ring *r)
{
	if (r->queues != MAP_FAILED)
		munmap(r->queues, r->queues_size);
	if (r->requests != MAP_FAILED)
		munmap(r->requests, RING_ENTRIES * sizeof(*r->requests));
	r->queues = MAP_FAILED;
	r->requests = MAP_FAILED;
}

static uint32_t *word(const struct ring *r, uint32_t offset)
{
	return (uint32_t *)(r->queues + offset);
}

int ring_submit(struct ring *r, const struct io_uring_sqe *requests, unsigned n)
{
	const struct io_sqring_offsets *sq = &r->params.sq_off;
	bool polled = r->params.flags & IORING_SETUP_SQPOLL;
	uint32_t mask = *word(r, sq->ring_mask);
	uint32_t tail = *word(r, sq->tail);

	for (unsigned i = 0; i < n; i++, tail++) {
		r->requests[tail & mask] = requests[i];
		word(r, sq->array)[tail & mask] = tail & mask;
	}
	__atomic_store_n(word(r, sq->tail), tail, __ATOMIC_RELEASE);
	/* With a thread that polls, this only wakes it. */
	long rc = sys_call(SYS_io_uring_enter, r->fd, n, 0,
			   polled ? IORING_ENTER_SQ_WAKEUP : 0, NULL, 0);

	if (rc < 0)
		return -1;
	errno = EIO;
	return rc == (long)n ? 0 : -1;
}

int ring_completed(struct ring *r, struct io_uring_cqe *completion)
{
	const struct io_cqring_offsets *cq = &r->params.cq_off;
	uint32_t head = *word(r, cq->head);
	const struct io_uring_cqe *all = (const void *)(r->queues + cq->cqes);

	if (__atomic_load_n(word(r, cq->tail), __ATOMIC_ACQUIRE) == head)
		return 0;
	*completion = all[head & *word(r, cq->ring_mask)];
	__atomic_store_n(word(r, cq->head), head + 1, __ATOMIC_RELEASE);
	return 1;
}

int ring_wait(struct ring *r, clockid_t clock, bool relative, const struct timespec *at)
{
	const struct __kernel_timespec when = { .tv_sec = at->tv_sec, .tv_nsec = at->tv_nsec };
	const struct io_uring_getevents_arg arg = { .ts = (uintptr_t)&when };
	const struct uapi_io_uring_clock by = { .clockid = (uint32_t)clock };
	unsigned flags = IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG |
			 (relative ? 0 : UAPI_IORING_ENTER_ABS_TIMER);

	if (clock != CLOCK_MONOTONIC &&
	    sys_call(SYS_io_uring_register, r->fd, UAPI_IORING_REGISTER_CLOCK, &by, 0) < 0)
		return -1;
	return sys_call(SYS_io_uring_enter, r->fd, 0, 1, flags, &arg, sizeof(arg)) < 0 ? -1 : 0;
}

int ring_do(struct op_ctx *ctx, struct ring *r, const struct io_uring_sqe *request, int *result)
{
	struct io_uring_cqe completion;

	if (ring_submit(r, request, 1) < 0)
		return op_broken(ctx, "io_uring_enter: %m");
	while (!ring_completed(r, &completion))
		if (sys_wait_readable(r->fd, op_deadline(ctx)) != 1)
			return op_broken(ctx, "the request did not complete");
	*result = completion.res;
	return 0;
}
