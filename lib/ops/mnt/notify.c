// SPDX-License-Identifier: GPL-2.0-only
/*
 * Being told of mounts that come and go in a mount namespace (fanotify(7)).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "nsc/op.h"
#include "nsc/sys.h"
#include "uapi/fanotify.h"

#define MNT_NOTIFY_IN(F, S) \
	F(S, FD, ns, REQUIRED, "mount namespace to mark")
FIELDS(mnt_notify_in, MNT_NOTIFY_IN);

#define MNT_NOTIFY_OUT(F, S) \
	F(S, FD, fd, REQUIRED, "the group, for mnt.notified")
FIELDS(mnt_notify_out, MNT_NOTIFY_OUT);

static int mnt_notify_run(struct op_ctx *ctx, const struct mnt_notify_in *in,
			  struct mnt_notify_out *out)
{
	AUTO_FD fd = fanotify_init(FAN_REPORT_MNT | FAN_CLOEXEC | FAN_NONBLOCK, 0);

	if (fd < 0)
		return op_broken(ctx, "fanotify_init: %m");
	if (fanotify_mark(fd, FAN_MARK_ADD | FAN_MARK_MNTNS, FAN_MNT_ATTACH | FAN_MNT_DETACH,
			  in->ns, NULL) < 0)
		return -errno;
	out->fd = fd_take(&fd);
	return 0;
}
OP(mnt_notify, "mnt.notify", mnt_notify_in, mnt_notify_out,
	.doc = "Ask to be told of mounts that come and go in a mount namespace.",
	.source = "fanotify_mark(2) FAN_MARK_MNTNS", .config = "FANOTIFY",
	.touches = NSM_MNT);

#define MNT_NOTIFIED_IN(F, S) \
	F(S, FD, fd, REQUIRED, "group made by mnt.notify")
FIELDS(mnt_notified_in, MNT_NOTIFIED_IN);

#define MNT_NOTIFIED_OUT(F, S) \
	F(S, INTS, attached, REQUIRED, 0, 0, "unique IDs of mounts that came since the last look") \
	F(S, INTS, detached, REQUIRED, 0, 0, "unique IDs of mounts that went")
FIELDS(mnt_notified_out, MNT_NOTIFIED_OUT);

enum { EVENTS_SIZE = 16384, EVENTS_MAX = EVENTS_SIZE / sizeof(struct fanotify_event_metadata) };

static int take_event(struct op_ctx *ctx, const struct fanotify_event_metadata *event,
		      struct mnt_notified_out *out)
{
	const struct fanotify_event_info_mnt *info = (const void *)(event + 1);
	uint64_t id;

	if (event->mask & FAN_Q_OVERFLOW)
		return op_broken(ctx, "events were lost");
	if (event->event_len < event->metadata_len + sizeof(info->hdr) + sizeof(id) ||
	    event->event_len < event->metadata_len + info->hdr.len ||
	    info->hdr.len < sizeof(info->hdr) + sizeof(id) ||
	    info->hdr.info_type != FAN_EVENT_INFO_TYPE_MNT)
		return op_broken(ctx, "an event without a mount");
	/* At the end: a 64-bit kernel leaves a gap before it, also for a 32-bit program. */
	memcpy(&id, (const char *)info + info->hdr.len - sizeof(id), sizeof(id));
	if (event->mask & FAN_MNT_ATTACH)
		out->attached.v[out->attached.n++] = (int64_t)id;
	if (event->mask & FAN_MNT_DETACH)
		out->detached.v[out->detached.n++] = (int64_t)id;
	return 0;
}

/* Events are queued before the call that causes them returns, so nothing is waited for. */
static int mnt_notified_run(struct op_ctx *ctx, const struct mnt_notified_in *in,
			    struct mnt_notified_out *out)
{
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
OP(mnt_notified, "mnt.notified", mnt_notified_in, mnt_notified_out,
	.doc = "Take what has been told since the last look.",
	.source = "fanotify(7) FAN_MNT_ATTACH, FAN_MNT_DETACH",
	.touches = NSM_MNT);
