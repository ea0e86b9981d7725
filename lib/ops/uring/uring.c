// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an io_uring does for its owner: by itself, a worker, or the thread that polls the ring.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../ring.h"
#include "nsc/sys.h"
#include "nsc/syscall.h"

/* The thread that polls sleeps after a while, and is woken by each submission. */
#define POLLED(F, S) \
	F(S, BOOL, polled, "a kernel thread polls the ring (IORING_SETUP_SQPOLL)")

#define OPEN_IN(F, S) \
	POLLED(F, S)
FIELDS(open_in, OPEN_IN);

#define OPEN_OUT(F, S) \
	F(S, INT, ring, REQUIRED, 0, 0, \
	  "its descriptor in the actor, where it stays open: it cannot be passed on (Linux 6.7)")
FIELDS(open_out, OPEN_OUT);

static unsigned setup_flags(bool polled)
{
	return polled ? IORING_SETUP_SQPOLL : 0;
}

/*
 * One worker of each kind, so that a request finds the one that an earlier request has made.  Where
 * there may be more, and that one has not yet gone back to sleep, the kernel makes another, which
 * has the namespaces of now.
 */
static void want_one_worker(const struct ring *r)
{
	uint32_t bounded_and_not[] = { 1, 1 };

	sys_call(SYS_io_uring_register, r->fd, IORING_REGISTER_IOWQ_MAX_WORKERS, bounded_and_not,
		 2);
}

static int uring_open_run(struct op_ctx *ctx, const struct open_in *in, struct open_out *out)
{
	AUTO_RING ring;
	int rc = ring_make(&ring, setup_flags(in->polled));

	AUTO_FD fd = ring.fd;

	if (rc < 0)
		return -errno;
	want_one_worker(&ring);
	out->ring = fd_take(&fd);
	return 0;
}
OP(uring_open, "uring.open", open_in, open_out,
	.doc = "Make an io_uring of the actor's own, with one worker at most (Linux 5.15).",
	.source = "io_uring_setup(2)", .config = "IO_URING",
	.asks = "start.rlimit-memlock");

#define READ_IN(F, S) \
	F(S, INT, ring, REQUIRED, 0, INT_MAX, "the ring that the actor made by `uring.open`") \
	POLLED(F, S) \
	F(S, STR, path, REQUIRED, "file") \
	F(S, BOOL, async, "by a worker from the start (IOSQE_ASYNC)")
FIELDS(read_in, READ_IN);

#define READ_OUT(F, S) \
	F(S, STR, text, REQUIRED, "contents, up to a NUL byte")
FIELDS(read_out, READ_OUT);

enum { TEXT_MAX = 4096 };

static uint8_t request_flags(bool async)
{
	return async ? IOSQE_ASYNC : 0;
}

/* The file is opened and read by the ring, so that both happen in the namespaces it works in. */
static int uring_read_run(struct op_ctx *ctx, const struct read_in *in, struct read_out *out)
{
	AUTO_RING ring;
	char *text = pool_alloc(ctx->pool, TEXT_MAX + 1);
	struct io_uring_sqe open = {
		.opcode = IORING_OP_OPENAT, .flags = request_flags(in->async), .fd = AT_FDCWD,
		.addr = (uintptr_t)in->path, .open_flags = O_RDONLY | O_CLOEXEC,
	};
	int result = 0;

	if (ring_map(&ring, (int)in->ring, setup_flags(in->polled)) < 0)
		return op_broken(ctx, "map the ring: %m");
	if (ring_do(ctx, &ring, &open, &result))
		return OP_BROKEN;
	if (result < 0)
		return result;
	AUTO_FD file = result;
	struct io_uring_sqe read = {
		.opcode = IORING_OP_READ, .flags = request_flags(in->async), .fd = file,
		.addr = (uintptr_t)text, .len = TEXT_MAX,
	};

	if (ring_do(ctx, &ring, &read, &result))
		return OP_BROKEN;
	out->text = text;
	return result < 0 ? result : 0;
}
OP(uring_read, "uring.read", read_in, read_out,
	.doc = "Have an io_uring open and read a file.",
	.source = "io_uring_enter(2) IORING_OP_OPENAT, IORING_OP_READ", .config = "IO_URING",
	.asks = "start.rlimit-memlock",
	.touches = NSM_MNT, .flags = OP_PROCESSORS);

#define SOCKET_IN(F, S) \
	F(S, INT, ring, REQUIRED, 0, INT_MAX, "the ring that the actor made by `uring.open`") \
	POLLED(F, S) \
	F(S, BOOL, async, "by a worker from the start (IOSQE_ASYNC)")
FIELDS(socket_in, SOCKET_IN);

#define SOCKET_OUT(F, S) \
	F(S, FD, fd, REQUIRED, "a UDP socket")
FIELDS(socket_out, SOCKET_OUT);

static int uring_socket_run(struct op_ctx *ctx, const struct socket_in *in, struct socket_out *out)
{
	AUTO_RING ring;
	struct io_uring_sqe request = {
		.opcode = UAPI_IORING_OP_SOCKET, .flags = request_flags(in->async), .fd = AF_INET,
		.off = SOCK_DGRAM | SOCK_CLOEXEC,
	};
	int result = 0;

	if (ring_map(&ring, (int)in->ring, setup_flags(in->polled)) < 0)
		return op_broken(ctx, "map the ring: %m");
	if (ring_do(ctx, &ring, &request, &result))
		return OP_BROKEN;
	out->fd = result;
	return result < 0 ? result : 0;
}
OP(uring_socket, "uring.socket", socket_in, socket_out,
	.doc = "Have an io_uring make a socket (Linux 5.19).",
	.source = "io_uring_enter(2) IORING_OP_SOCKET", .config = "IO_URING",
	.asks = "start.rlimit-memlock",
	.touches = NSM_NET);
