/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An io_uring by raw system calls.  A ring that outlives an op is known by its descriptor alone:
 * its queues are mapped anew by whoever uses it.
 */
#ifndef NSC_OPS_RING_H
#define NSC_OPS_RING_H

#include <time.h>

#include "nsc/op.h"
#include "uapi/io_uring.h"

struct ring {
	struct io_uring_params params;
	int fd;
	char *queues; /* both rings, IORING_FEAT_SINGLE_MMAP (5.4) */
	size_t queues_size;
	struct io_uring_sqe *requests;
};

enum { RING_ENTRIES = 4 };

#define AUTO_RING __attribute__((cleanup(ring_unmap))) struct ring

/* Make a ring with IORING_SETUP_* FLAGS; its descriptor is the caller's. 0, or -1 with errno. */
int ring_make(struct ring *r, unsigned flags);
/* Map the queues of the ring FD, which ring_make() has made with FLAGS; likewise. */
int ring_map(struct ring *r, int fd, unsigned flags);
void ring_unmap(struct ring *r);

/* Submit N requests, at most RING_ENTRIES; 0, or -1 with errno set. */
int ring_submit(struct ring *r, const struct io_uring_sqe *requests, unsigned n);
/* Take the next completion out: 1, or 0 while there is none. */
int ring_completed(struct ring *r, struct io_uring_cqe *completion);

/*
 * Wait for a completion by io_uring_enter(2) until the instant AT of CLOCK, or for as long as it
 * says (Linux 5.11; instants, and other clocks than CLOCK_MONOTONIC, 6.12).  0 when there is one,
 * or -1 with errno set, ETIME when there was none.
 */
int ring_wait(struct ring *r, clockid_t clock, bool relative, const struct timespec *at);

/* Submit REQUEST and wait for its result: in RESULT, and 0, or OP_BROKEN. */
int ring_do(struct op_ctx *ctx, struct ring *r, const struct io_uring_sqe *request, int *result);

#endif
