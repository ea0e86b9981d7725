// SPDX-License-Identifier: GPL-2.0-only
/*
 * Kernel uevents over netlink: texts, not netlink messages.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/netlink.h>
#include <string.h>
#include <sys/socket.h>

#include "../sys/netlink.h"
#include "nsc/sys.h"

enum { GROUP_KERNEL = 1 };

struct listen_out {
	int fd;
};

static const struct field listen_out_fields[] = {
	F_FD(struct listen_out, fd, REQUIRED, "socket for `uevent.events`"),
	F_END
};

static int listen_run(struct op_ctx *ctx, const void *params, void *results)
{
	const int group = GROUP_KERNEL;
	struct listen_out *out = results;

	(void)params;
	out->fd = -1;
	return netlink_open(ctx, NETLINK_KOBJECT_UEVENT, &group, 1, &out->fd);
}

struct events_in {
	int fd;
};

static const struct field events_in_fields[] = {
	F_FD(struct events_in, fd, REQUIRED, "socket from `uevent.listen`"),
	F_END
};

struct events_out {
	struct strs events;
	int64_t count;
};

static const struct field events_out_fields[] = {
	F_STRS(struct events_out, events, REQUIRED,
	       "`ACTION@PATH`; a device's path ends in its name; without those of queues"),
	F_INT(struct events_out, count, REQUIRED, 0, 0, "how many"),
	F_END
};

static int events_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct events_in *in = params;
	struct events_out *out = results;
	char text[4096];
	ssize_t len;

	while ((len = recv(in->fd, text, sizeof(text) - 1, MSG_DONTWAIT)) >= 0) {
		text[len] = '\0'; /* the first of its texts is what happened to what */
		if (!strstr(text, "/queues/"))
			netlink_push_text(ctx->pool, &out->events, pool_strdup(ctx->pool, text));
	}
	if (errno != EAGAIN)
		return op_broken(ctx, "receive uevents: %m");
	out->count = out->events.n;
	return 0;
}

struct send_in {
	const char *text;
};

static const struct field send_in_fields[] = {
	F_STR(struct send_in, text, REQUIRED, "ACTION@PATH"),
	F_END
};

static int send_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct send_in *in = params;
	AUTO_MSG *msg = netlink_msg(NLMSG_MIN_TYPE, 0, in->text, strlen(in->text) + 1);

	(void)results;
	return netlink_ask(ctx, NETLINK_KOBJECT_UEVENT, msg, NULL);
}

const struct op uevent_ops[] = {
	{
		.name = "uevent.listen",
		.doc = "Open a socket that gets the uevents of the caller's network namespace.",
		.source = "lib/kobject_uevent.c",
		OP_OUT(listen),
		.touches = NSM_NET,
		.run = listen_run,
	},
	{
		.name = "uevent.events",
		.doc = "Take the uevents that have arrived, without waiting for more.",
		.source = "lib/kobject_uevent.c",
		OP_IN(events), OP_OUT(events),
		.touches = NSM_NET,
		.run = events_run,
	},
	{
		.name = "uevent.send",
		.doc = "Send a uevent into the caller's network namespace.",
		.source = "lib/kobject_uevent.c uevent_net_rcv_skb",
		OP_IN(send),
		.touches = NSM_NET, .mutates = NSM_NET,
		.run = send_run,
	},
	{ 0 }
};
