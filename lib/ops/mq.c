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

struct mq_open_in {
	const char *name;
	int64_t access, mode, max_messages, message_size, wait;
	uint64_t flags;
};

static const struct field mq_open_in_fields[] = {
	F_STR(struct mq_open_in, name, REQUIRED, "name of the queue with its slash, e.g. /q"),
	F_ENUM_DEF(struct mq_open_in, access, O_RDWR, mq_access, "what it is opened for"),
	F_FLAGS(struct mq_open_in, flags, OPTIONAL, mq_flags, "how to look for the name"),
	F_INT_DEF(struct mq_open_in, mode, 0600, 0, 0777, "permission bits of a new queue"),
	F_INT_DEF(struct mq_open_in, max_messages, 4, 0, INT32_MAX,
		  "most messages of a new queue; 0, with message_size 0, is the default"),
	F_INT_DEF(struct mq_open_in, message_size, 128, 0, INT32_MAX,
		  "longest message of a new queue in bytes"),
	F_PATIENCE(struct mq_open_in, wait, 0,
		   "how long to try again while the user's limit is reached; 0 tries once"),
	F_END
};

struct mq_fd {
	int fd;
};

static const struct field mq_fd_fields[] = {
	F_FD(struct mq_fd, fd, REQUIRED, "the open queue"),
	F_END
};

static int mq_open_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct mq_open_in *in = params;
	struct mq_fd *out = results;
	struct mq_attr attr = { .mq_maxmsg = in->max_messages, .mq_msgsize = in->message_size };
	bool sized = in->max_messages || in->message_size;
	int flags = (int)in->access | (int)in->flags | O_NONBLOCK | O_CLOEXEC;
	int64_t until = sys_now_ns() + in->wait;

	(void)ctx;
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

struct mq_unlink_in {
	const char *name;
};

static const struct field mq_unlink_in_fields[] = {
	F_STR(struct mq_unlink_in, name, REQUIRED, "name of the queue with its slash"),
	F_END
};

static int mq_unlink_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct mq_unlink_in *in = params;

	(void)ctx, (void)results;
	return mq_unlink(in->name) < 0 ? -errno : 0;
}

struct mq_send_in {
	int fd;
	const char *text;
	int64_t priority;
};

static const struct field mq_send_in_fields[] = {
	F_FD(struct mq_send_in, fd, REQUIRED, "an open queue"),
	F_STR(struct mq_send_in, text, REQUIRED, "the message"),
	F_INT(struct mq_send_in, priority, OPTIONAL, 0, 32767, "priority, highest first"),
	F_END
};

static int mq_send_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct mq_send_in *in = params;

	(void)ctx, (void)results;
	return mq_send(in->fd, in->text, strlen(in->text), (unsigned)in->priority) < 0 ? -errno : 0;
}

struct mq_receive_in {
	int fd;
	bool wait;
};

static const struct field mq_receive_in_fields[] = {
	F_FD(struct mq_receive_in, fd, REQUIRED, "an open queue"),
	F_BOOL(struct mq_receive_in, wait, "wait for a message instead of answering EAGAIN"),
	F_END
};

struct mq_receive_out {
	const char *text;
	int64_t priority;
};

static const struct field mq_receive_out_fields[] = {
	F_STR(struct mq_receive_out, text, REQUIRED, "the message"),
	F_INT(struct mq_receive_out, priority, REQUIRED, 0, 0, "its priority"),
	F_END
};

static int mq_receive_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct mq_receive_in *in = params;
	struct mq_receive_out *out = results;
	struct mq_attr attr;
	unsigned priority;

	if (mq_getattr(in->fd, &attr) < 0)
		return op_broken(ctx, "mq_getattr: %m");
	if (in->wait && sys_wait_readable(in->fd, ctx->deadline_ns) <= 0)
		return op_broken(ctx, "timed out waiting for a message");
	size_t room = (size_t)attr.mq_msgsize;
	char *text = pool_alloc(ctx->pool, room + 1);
	ssize_t len = mq_receive(in->fd, text, room, &priority);

	if (len < 0)
		return -errno;
	out->text = text;
	out->priority = priority;
	return 0;
}

struct mq_attributes_out {
	int64_t max_messages, message_size, messages;
};

static const struct field mq_attributes_out_fields[] = {
	F_INT(struct mq_attributes_out, max_messages, REQUIRED, 0, 0, "most messages it may hold"),
	F_INT(struct mq_attributes_out, message_size, REQUIRED, 0, 0, "longest message in bytes"),
	F_INT(struct mq_attributes_out, messages, REQUIRED, 0, 0, "messages in it"),
	F_END
};

static int mq_attributes_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct mq_fd *in = params;
	struct mq_attributes_out *out = results;
	struct mq_attr attr;

	(void)ctx;
	if (mq_getattr(in->fd, &attr) < 0)
		return -errno;
	out->max_messages = attr.mq_maxmsg;
	out->message_size = attr.mq_msgsize;
	out->messages = attr.mq_curmsgs;
	return 0;
}

struct mq_orphaned_in {
	const char *path;
	int64_t wait;
};

static const struct field mq_orphaned_in_fields[] = {
	F_STR(struct mq_orphaned_in, path, REQUIRED, "where an mqueue file system is mounted"),
	F_PATIENCE(struct mq_orphaned_in, wait, 0, "how long to wait for it; 0 asks once"),
	F_END
};

struct mq_orphaned_out {
	bool orphaned;
};

static const struct field mq_orphaned_out_fields[] = {
	F_BOOL(struct mq_orphaned_out, orphaned, "whether new queues are refused with EACCES"),
	F_END
};

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
static int mq_orphaned_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct mq_orphaned_in *in = params;
	struct mq_orphaned_out *out = results;
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

const struct op mq_ops[] = {
	{
		.name = "mq.open",
		.doc = "Open or make a POSIX message queue.",
		.source = "mq_open(3)",
		.config = "POSIX_MQUEUE",
		OP_IN(mq_open), .out = mq_fd_fields, .out_size = sizeof(struct mq_fd),
		.touches = NSM_IPC, .mutates = NSM_IPC,
		.asks = "start.rlimit-msgqueue",
		.run = mq_open_run,
	},
	{
		.name = "mq.unlink",
		.doc = "Remove the name of a queue.",
		.source = "mq_unlink(3)",
		.config = "POSIX_MQUEUE",
		OP_IN(mq_unlink),
		.touches = NSM_IPC, .mutates = NSM_IPC,
		.run = mq_unlink_run,
	},
	{
		.name = "mq.send",
		.doc = "Send a message, without waiting for room.",
		.source = "mq_send(3)",
		.config = "POSIX_MQUEUE",
		OP_IN(mq_send),
		.touches = NSM_IPC,
		.run = mq_send_run,
	},
	{
		.name = "mq.receive",
		.doc = "Take the first message of the highest priority out.",
		.source = "mq_receive(3)",
		.config = "POSIX_MQUEUE",
		OP_IN(mq_receive), OP_OUT(mq_receive),
		.touches = NSM_IPC,
		.run = mq_receive_run,
	},
	{
		.name = "mq.attributes",
		.doc = "Read size and state of a queue.",
		.source = "mq_getattr(3)",
		.config = "POSIX_MQUEUE",
		.in = mq_fd_fields, .in_size = sizeof(struct mq_fd), OP_OUT(mq_attributes),
		.touches = NSM_IPC,
		.run = mq_attributes_run,
	},
	{
		.name = "mq.orphaned",
		.doc = "Ask, or wait a while to see, whether a mount lost its IPC namespace.",
		.source = "open(2), ipc/mqueue.c",
		.config = "POSIX_MQUEUE",
		OP_IN(mq_orphaned), OP_OUT(mq_orphaned),
		.touches = NSM_IPC | NSM_MNT, .mutates = NSM_MNT,
		.asks = "start.rlimit-msgqueue",
		.run = mq_orphaned_run,
	},
	{ 0 }
};
