// SPDX-License-Identifier: GPL-2.0-only
/*
 * A file system that is served by an actor, who is told who asks.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/uio.h>
#include <unistd.h>

#include "nsc/op.h"
#include "nsc/sys.h"

#define SERVE_IN(F, S) \
	F(S, STR, device, REQUIRED, "device node of fuse") \
	F(S, STR, target, REQUIRED, "mount point")
FIELDS(serve_in, SERVE_IN);

#define SERVE_OUT(F, S) \
	F(S, FD, fd, REQUIRED, "connection, for `fuse.take`")
FIELDS(serve_out, SERVE_OUT);

enum { REQUEST_MAX = 256 * 1024 };

/* The next request, which a reader that has no room for the longest one is refused. */
static const struct fuse_in_header *next_request(struct op_ctx *ctx, int fd)
{
	char *room = pool_alloc(ctx->pool, REQUEST_MAX);
	const struct fuse_in_header *head = (const void *)room;

	if (sys_wait_readable(fd, op_deadline(ctx)) != 1) {
		op_broken(ctx, "nobody has asked for anything");
		return NULL;
	}
	if (read(fd, room, REQUEST_MAX) < (ssize_t)sizeof(*head)) {
		op_broken(ctx, "read a request: %m");
		return NULL;
	}
	return head;
}

static int answer(struct op_ctx *ctx, int fd, const struct fuse_in_header *request, int error,
		  const void *data, size_t size)
{
	struct fuse_out_header head = { .len = (uint32_t)(sizeof(head) + size), .error = -error,
					.unique = request->unique };
	struct iovec iov[] = { { &head, sizeof(head) }, { (void *)data, size } };

	return writev(fd, iov, 2) == (ssize_t)head.len ? 0 : op_broken(ctx, "answer: %m");
}

/* The kernel's first request is FUSE_INIT; until it is answered all others wait. */
static int begin(struct op_ctx *ctx, int fd)
{
	const struct fuse_in_header *request = next_request(ctx, fd);
	struct fuse_init_out init = { .major = FUSE_KERNEL_VERSION,
				      .minor = FUSE_KERNEL_MINOR_VERSION,
				      .max_write = 4096 };

	if (!request)
		return OP_BROKEN;
	if (request->opcode != FUSE_INIT)
		return op_broken(ctx, "the first request is %u", request->opcode);
	return answer(ctx, fd, request, 0, &init, sizeof(init));
}

static int fuse_serve_run(struct op_ctx *ctx, const struct serve_in *in, struct serve_out *out)
{
	AUTO_FD fd = open(in->device, O_RDWR | O_CLOEXEC);

	out->fd = -1;
	if (fd < 0)
		return op_broken(ctx, "open %s: %m", in->device);
	const char *options = pool_printf(ctx->pool, "fd=%d,rootmode=40755,user_id=0,"
					  "group_id=0,allow_other", fd);

	if (mount("nsconform", in->target, "fuse", MS_NOSUID | MS_NODEV, options) < 0)
		return -errno;
	int rc = begin(ctx, fd);

	out->fd = fd_take(&fd);
	return rc;
}
OP(fuse_serve, "fuse.serve", serve_in, serve_out,
	.doc = "Mount a file system that the actor itself is to serve.",
	.source = "fuse(4)", .config = "FUSE_FS",
	.touches = NSM_MNT, .mutates = NSM_MNT);

#define TAKE_IN(F, S) \
	F(S, FD, fd, REQUIRED, "connection of `fuse.serve`")
FIELDS(take_in, TAKE_IN);

#define TAKE_OUT(F, S) \
	F(S, INT, pid, REQUIRED, 0, 0, "who asks, as the server sees it, 0 if it does not") \
	F(S, INT, uid, REQUIRED, 0, 0, "its user id in the terms of who has mounted it") \
	F(S, INT, gid, REQUIRED, 0, 0, "its group id likewise")
FIELDS(take_out, TAKE_OUT);

/* All requests are for what is not there. */
static int fuse_take_run(struct op_ctx *ctx, const struct take_in *in, struct take_out *out)
{
	const struct fuse_in_header *request = next_request(ctx, in->fd);

	if (!request)
		return OP_BROKEN;
	out->pid = request->pid;
	out->uid = request->uid;
	out->gid = request->gid;
	return answer(ctx, in->fd, request, ENOENT, NULL, 0);
}
OP(fuse_take, "fuse.take", take_in, take_out,
	.doc = "Take a request, tell who makes it, and answer that nothing is there.",
	.source = "fuse(4)", .config = "FUSE_FS",
	.touches = NSM_PID);
