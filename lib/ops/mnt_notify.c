// SPDX-License-Identifier: GPL-2.0-only
/*
 * Being told of mounts that come and go in a mount namespace (fanotify(7)).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "nsc/op.h"
#include "nsc/sys.h"
#include "uapi/fanotify.h"

struct mnt_notify_in {
	int ns;
};

static const struct field mnt_notify_in_fields[] = {
	F_FD(struct mnt_notify_in, ns, REQUIRED, "mount namespace to mark"),
	F_END
};

struct mnt_notify_out {
	int fd;
};

static const struct field mnt_notify_out_fields[] = {
	F_FD(struct mnt_notify_out, fd, REQUIRED, "the group, for mnt.notified"),
	F_END
};

static int mnt_notify_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct mnt_notify_in *in = params;
	struct mnt_notify_out *out = results;
	AUTO_FD fd = fanotify_init(FAN_REPORT_MNT | FAN_CLOEXEC | FAN_NONBLOCK, 0);

	if (fd < 0)
		return op_broken(ctx, "fanotify_init: %m");
	if (fanotify_mark(fd, FAN_MARK_ADD | FAN_MARK_MNTNS, FAN_MNT_ATTACH | FAN_MNT_DETACH,
			  in->ns, NULL) < 0)
		return -errno;
	out->fd = fd_take(&fd);
	return 0;
}

struct mnt_notified_in {
	int fd;
};

static const struct field mnt_notified_in_fields[] = {
	F_FD(struct mnt_notified_in, fd, REQUIRED, "group made by mnt.notify"),
	F_END
};

struct mnt_notified_out {
	struct ints attached, detached;
};

static const struct field mnt_notified_out_fields[] = {
	F_INTS(struct mnt_notified_out, attached, REQUIRED, 0, 0,
	       "unique IDs of mounts that came since the last look"),
	F_INTS(struct mnt_notified_out, detached, REQUIRED, 0, 0, "unique IDs of mounts that went"),
	F_END
};

enum { EVENTS_SIZE = 16384, EVENTS_MAX = EVENTS_SIZE / sizeof(struct fanotify_event_metadata) };

static int take_event(struct op_ctx *ctx, const struct fanotify_event_metadata *event,
		      struct mnt_notified_out *out)
{
	const struct fanotify_event_info_mnt *info = (const void *)(event + 1);

	if (event->mask & FAN_Q_OVERFLOW)
		return op_broken(ctx, "events were lost");
	if (event->event_len < event->metadata_len + sizeof(*info) ||
	    info->hdr.info_type != FAN_EVENT_INFO_TYPE_MNT)
		return op_broken(ctx, "an event without a mount");
	if (event->mask & FAN_MNT_ATTACH)
		out->attached.v[out->attached.n++] = (int64_t)info->mnt_id;
	if (event->mask & FAN_MNT_DETACH)
		out->detached.v[out->detached.n++] = (int64_t)info->mnt_id;
	return 0;
}

/* Events are queued before the call that causes them returns, so nothing is waited for. */
static int mnt_notified_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct mnt_notified_in *in = params;
	struct mnt_notified_out *out = results;
	char *buf = pool_alloc(ctx->pool, EVENTS_SIZE);
	ssize_t got = read(in->fd, buf, EVENTS_SIZE);

	if (got < 0 && errno != EAGAIN)
		return op_broken(ctx, "read: %m");
	out->attached.v = pool_array(ctx->pool, int64_t, EVENTS_MAX);
	out->detached.v = pool_array(ctx->pool, int64_t, EVENTS_MAX);
	for (const struct fanotify_event_metadata *event = (const void *)buf;
	     FAN_EVENT_OK(event, got);
	     event = FAN_EVENT_NEXT(event, got))
		if (take_event(ctx, event, out))
			return OP_BROKEN;
	return 0;
}

const struct op mnt_notify_ops[] = {
	{
		.name = "mnt.notify",
		.doc = "Ask to be told of mounts that come and go in a mount namespace.",
		.source = "fanotify_mark(2) FAN_MARK_MNTNS",
		.config = "FANOTIFY",
		OP_IN(mnt_notify), OP_OUT(mnt_notify),
		.touches = NSM_MNT,
		.run = mnt_notify_run,
	},
	{
		.name = "mnt.notified",
		.doc = "Take what has been told since the last look.",
		.source = "fanotify(7) FAN_MNT_ATTACH, FAN_MNT_DETACH",
		OP_IN(mnt_notified), OP_OUT(mnt_notified),
		.touches = NSM_MNT,
		.run = mnt_notified_run,
	},
	{ 0 }
};
