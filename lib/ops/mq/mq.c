// SPDX-License-Identifier: GPL-2.0-only
/*
 * POSIX message queues.  Descriptors are values: an open queue is passed on and used by
 * whoever gets it, in whatever namespace that is.  Only mq.receive may wait.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>

#include "nsc/op.h"
#include "nsc/sys.h"

static const struct symbol mq_access[] = {
	{ "read", O_RDONLY, "for receiving" },
	{ "write", O_WRONLY, "for sending" },
	{ "both", O_RDWR, "for both" },
	{ 0 }
};

static const struct symbol mq_flags[] = {
	{ "CREAT", O_CREAT, "make the queue if there is none of that name" },
	{ "EXCL", O_EXCL, "with CREAT: refuse a name that has one" },
	{ 0 }
};

#define MQ_OPEN_IN(F, S) \
	F(S, STR, name, REQUIRED, "name of the queue with its slash, e.g. /q") \
	F(S, ENUM_DEF, access, O_RDWR, mq_access, "what it is opened for") \
	F(S, FLAGS, flags, OPTIONAL, mq_flags, "how to look for the name") \
	F(S, INT_DEF, mode, 0600, 0, 0777, "permission bits of a new queue") \
	F(S, INT_DEF, max_messages, 4, 0, INT32_MAX, \
	  "most messages of a new queue; 0, with message_size 0, is the default") \
	F(S, INT_DEF, message_size, 128, 0, INT32_MAX, "longest message of a new queue in bytes") \
	F(S, PATIENCE, wait, 0, \
	  "how long to try again while the user's limit is reached; 0 tries once")
FIELDS(mq_open_in, MQ_OPEN_IN);

#define MQ_FD(F, S) \
	F(S, FD, fd, REQUIRED, "the open queue")
FIELDS(mq_fd, MQ_FD);

static int mq_open_run(struct op_ctx *ctx, const struct mq_open_in *in, struct mq_fd *out)
{
	struct mq_attr attr = { .mq_maxmsg = in->max_messages, .mq_msgsize = in->message_size };
	bool sized = in->max_messages || in->message_size;
	int flags = (int)in->access | (int)in->flags | O_NONBLOCK | O_CLOEXEC;
	int64_t until = sys_now_ns() + in->wait;

	/* Nothing announces that the queues of a dying namespace are no longer charged. */
	for (;;) {
		out->fd = mq_open(in->name, flags, (mode_t)in->mode, sized ? &attr : NULL);
		if (out->fd >= 0)
			return 0;
		if (errno != EMFILE || sys_now_ns() >= until)
			return -errno;
		poll(NULL, 0, 1);
	}
}
OP(mq_open, "mq.open", mq_open_in, mq_fd,
	.doc = "Open or make a POSIX message queue.",
	.source = "mq_open(3)", .config = "POSIX_MQUEUE", .asks = "start.rlimit-msgqueue",
	.touches = NSM_IPC, .mutates = NSM_IPC);

#define MQ_UNLINK_IN(F, S) \
	F(S, STR, name, REQUIRED, "name of the queue with its slash")
FIELDS(mq_unlink_in, MQ_UNLINK_IN);

static int mq_unlink_run(struct op_ctx *ctx, const struct mq_unlink_in *in, struct none *out)
{
	return mq_unlink(in->name) < 0 ? -errno : 0;
}

static int mq_unlink_check(struct op_ctx *ctx, const struct mq_unlink_in *in,
			   const struct none *out)
{
	AUTO_FD fd = mq_open(in->name, O_RDONLY | O_CLOEXEC);

	return fd < 0 ? 0 : op_undone(ctx, "%s can still be opened", in->name);
}
OP_CHECK(mq_unlink, mq_unlink_in, none)
OP(mq_unlink, "mq.unlink", mq_unlink_in, none,
	.doc = "Remove the name of a queue.",
	.source = "mq_unlink(3)", .config = "POSIX_MQUEUE",
	.touches = NSM_IPC, .mutates = NSM_IPC,
	.check = mq_unlink_checked);

#define MQ_SEND_IN(F, S) \
	F(S, FD, fd, REQUIRED, "an open queue") \
	F(S, STR, text, REQUIRED, "the message") \
	F(S, INT, priority, OPTIONAL, 0, 32767, "priority, highest first")
FIELDS(mq_send_in, MQ_SEND_IN);

static int mq_send_run(struct op_ctx *ctx, const struct mq_send_in *in, struct none *out)
{
	return mq_send(in->fd, in->text, strlen(in->text), (unsigned)in->priority) < 0 ? -errno : 0;
}
OP(mq_send, "mq.send", mq_send_in, none,
	.doc = "Send a message, without waiting for room.",
	.source = "mq_send(3)", .config = "POSIX_MQUEUE",
	.touches = NSM_IPC,
	.seen = "file mq pid signal");

#define MQ_RECEIVE_IN(F, S) \
	F(S, FD, fd, REQUIRED, "an open queue") \
	F(S, BOOL, wait, "wait for a message instead of answering EAGAIN; ETIMEDOUT at the " \
	  "step's deadline")
FIELDS(mq_receive_in, MQ_RECEIVE_IN);

#define MQ_RECEIVE_OUT(F, S) \
	F(S, STR, text, REQUIRED, "the message") \
	F(S, INT, priority, REQUIRED, 0, 0, "its priority")
FIELDS(mq_receive_out, MQ_RECEIVE_OUT);

static int mq_receive_run(struct op_ctx *ctx, const struct mq_receive_in *in,
			  struct mq_receive_out *out)
{
	struct mq_attr attr;
	unsigned priority;

	if (mq_getattr(in->fd, &attr) < 0)
		return op_broken(ctx, "mq_getattr: %m");
	if (in->wait && sys_wait_readable(in->fd, op_deadline(ctx)) <= 0)
		return op_timed_out(ctx, "no message came");
	size_t room = (size_t)attr.mq_msgsize;
	char *text = pool_alloc(ctx->pool, room + 1);
	ssize_t len = mq_receive(in->fd, text, room, &priority);

	if (len < 0)
		return -errno;
	out->text = text;
	out->priority = priority;
	return 0;
}
OP(mq_receive, "mq.receive", mq_receive_in, mq_receive_out,
	.doc = "Take the first message of the highest priority out.",
	.source = "mq_receive(3)", .config = "POSIX_MQUEUE",
	.touches = NSM_IPC);

#define MQ_ATTRIBUTES_OUT(F, S) \
	F(S, INT, max_messages, REQUIRED, 0, 0, "most messages it may hold") \
	F(S, INT, message_size, REQUIRED, 0, 0, "longest message in bytes") \
	F(S, TOTAL, messages, "messages in it")
FIELDS(mq_attributes_out, MQ_ATTRIBUTES_OUT);

static int mq_attributes_run(struct op_ctx *ctx, const struct mq_fd *in,
			     struct mq_attributes_out *out)
{
	struct mq_attr attr;

	if (mq_getattr(in->fd, &attr) < 0)
		return -errno;
	out->max_messages = attr.mq_maxmsg;
	out->message_size = attr.mq_msgsize;
	out->messages = attr.mq_curmsgs;
	return 0;
}
OP(mq_attributes, "mq.attributes", mq_fd, mq_attributes_out,
	.doc = "Read size and state of a queue.",
	.source = "mq_getattr(3)", .config = "POSIX_MQUEUE",
	.touches = NSM_IPC);

#define MQ_ORPHANED_IN(F, S) \
	F(S, STR, path, REQUIRED, "where an mqueue file system is mounted") \
	F(S, PATIENCE, wait, 0, "how long to wait for it; 0 asks once")
FIELDS(mq_orphaned_in, MQ_ORPHANED_IN);

#define MQ_ORPHANED_OUT(F, S) \
	F(S, BOOL, orphaned, "whether new queues are refused with EACCES")
FIELDS(mq_orphaned_out, MQ_ORPHANED_OUT);

/* 0 when a queue can be made at PATH, else -errno; it is unlinked again. */
static int mq_try_create(struct op_ctx *ctx, const char *path)
{
	AUTO_FD fd = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);

	if (fd < 0)
		return -errno;
	return unlink(path) < 0 ? op_broken(ctx, "unlink %s: %m", path) : 0;
}

/*
 * A namespace that dies announces it to nobody, and the last reference may be dropped
 * later than the last process is seen to be gone; so it is asked again until the time is up.
 */
static int mq_orphaned_run(struct op_ctx *ctx, const struct mq_orphaned_in *in,
			   struct mq_orphaned_out *out)
{
	const char *path = pool_printf(ctx->pool, "%s/orphaned", in->path);
	int64_t until = sys_now_ns() + in->wait;

	for (;;) {
		int rc = mq_try_create(ctx, path);

		if (rc && rc != -EACCES)
			return rc;
		out->orphaned = rc == -EACCES;
		if (out->orphaned || sys_now_ns() >= until)
			return 0;
		poll(NULL, 0, 1);
	}
}
OP(mq_orphaned, "mq.orphaned", mq_orphaned_in, mq_orphaned_out,
	.doc = "Ask, or wait a while to see, whether a mount lost its IPC namespace.",
	.source = "open(2), ipc/mqueue.c", .config = "POSIX_MQUEUE",
	.asks = "start.rlimit-msgqueue",
	.touches = NSM_IPC | NSM_MNT, .mutates = NSM_MNT);
