// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who does something to a file, by the number that fanotify(7) tells.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sys/fanotify.h>
#include <unistd.h>

#include "nsc/op.h"
#include "nsc/sys.h"

#define WATCH_IN(F, S) \
	F(S, STR, path, REQUIRED, "file")
FIELDS(watch_in, WATCH_IN);

#define WATCH_OUT(F, S) \
	F(S, FD, fd, REQUIRED, "the group, for pid.watched")
FIELDS(watch_out, WATCH_OUT);

static int pid_watch_run(struct op_ctx *ctx, const struct watch_in *in, struct watch_out *out)
{
	AUTO_FD fd = fanotify_init(FAN_CLASS_NOTIF | FAN_CLOEXEC | FAN_NONBLOCK,
				   O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fanotify_mark(fd, FAN_MARK_ADD, FAN_MODIFY, AT_FDCWD, in->path) < 0)
		return -errno;
	out->fd = fd_take(&fd);
	return 0;
}
OP(pid_watch, "pid.watch", watch_in, watch_out,
	.doc = "Ask to be told who writes to a file. It takes the initial user namespace.",
	.source = "fanotify_init(2), fanotify_mark(2) FAN_MODIFY", .config = "FANOTIFY",
	.touches = NSM_MNT | NSM_PID);

#define WATCHED_IN(F, S) \
	F(S, FD, fd, REQUIRED, "group made by pid.watch")
FIELDS(watched_in, WATCHED_IN);

#define WATCHED_OUT(F, S) \
	F(S, INTS, pids, REQUIRED, 0, 0, \
	  "who has written since the last look, 0 where that is not visible")
FIELDS(watched_out, WATCHED_OUT);

enum { EVENTS_SIZE = 4096, EVENTS_MAX = EVENTS_SIZE / sizeof(struct fanotify_event_metadata) };

/* Events are queued before the write that causes them returns, so nothing is waited for. */
static int pid_watched_run(struct op_ctx *ctx, const struct watched_in *in, struct watched_out *out)
{
	char *buf = pool_alloc(ctx->pool, EVENTS_SIZE);
	ssize_t got = read(in->fd, buf, EVENTS_SIZE);

	if (got < 0 && errno != EAGAIN)
		return op_broken(ctx, "read: %m");
	out->pids.v = pool_array(ctx->pool, int64_t, EVENTS_MAX);
	for (const struct fanotify_event_metadata *event = (const void *)buf;
	     FAN_EVENT_OK(event, got);
	     event = FAN_EVENT_NEXT(event, got)) {
		if (event->fd >= 0)
			close(event->fd);
		if (event->mask & FAN_Q_OVERFLOW)
			return op_broken(ctx, "events were lost");
		out->pids.v[out->pids.n++] = event->pid;
	}
	return 0;
}
OP(pid_watched, "pid.watched", watched_in, watched_out,
	.doc = "Tell who has written to a file that is watched.",
	.source = "fanotify(7)",
	.touches = NSM_PID);
