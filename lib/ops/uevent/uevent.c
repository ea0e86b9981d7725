// SPDX-License-Identifier: GPL-2.0-only
/*
 * Kernel uevents over netlink: texts, not netlink messages.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/netlink.h>
#include <string.h>
#include <sys/socket.h>

#include "../../net/netlink.h"
#include "nsc/sys.h"

enum { GROUP_KERNEL = 1 };

#define LISTEN_OUT(F, S) \
	F(S, FD, fd, REQUIRED, "socket for `uevent.events`")
FIELDS(listen_out, LISTEN_OUT);

static int uevent_listen_run(struct op_ctx *ctx, const struct none *in, struct listen_out *out)
{
	const int group = GROUP_KERNEL;

	out->fd = -1;
	return netlink_open(ctx, NETLINK_KOBJECT_UEVENT, &group, 1, &out->fd);
}
OP(uevent_listen, "uevent.listen", none, listen_out,
	.doc = "Open a socket that gets the uevents of the caller's network namespace.",
	.source = "lib/kobject_uevent.c",
	.touches = NSM_NET);

#define EVENTS_IN(F, S) \
	F(S, FD, fd, REQUIRED, "socket from `uevent.listen`")
FIELDS(events_in, EVENTS_IN);

#define EVENTS_OUT(F, S) \
	F(S, STRS, events, REQUIRED, \
	  "`ACTION@PATH`; a device's path ends in its name; without those of queues") \
	F(S, TOTAL, count, "how many")
FIELDS(events_out, EVENTS_OUT);

static int uevent_events_run(struct op_ctx *ctx, const struct events_in *in, struct events_out *out)
{
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
OP(uevent_events, "uevent.events", events_in, events_out,
	.doc = "Take the uevents that have arrived, without waiting for more.",
	.source = "lib/kobject_uevent.c",
	.touches = NSM_NET);

#define SEND_IN(F, S) \
	F(S, STR, text, REQUIRED, "ACTION@PATH")
FIELDS(send_in, SEND_IN);

static int uevent_send_run(struct op_ctx *ctx, const struct send_in *in, struct none *out)
{
	AUTO_MSG *msg = netlink_msg(NLMSG_MIN_TYPE, 0, in->text, strlen(in->text) + 1);

	return netlink_ask(ctx, NETLINK_KOBJECT_UEVENT, msg, NULL);
}
OP(uevent_send, "uevent.send", send_in, none,
	.doc = "Send a uevent into the caller's network namespace.",
	.source = "lib/kobject_uevent.c uevent_net_rcv_skb",
	.touches = NSM_NET, .mutates = NSM_NET,
	.seen = "uevent");

#define TRIGGER_IN(F, S) \
	F(S, STR, device, REQUIRED, "directory of the device below /sys")
FIELDS(trigger_in, TRIGGER_IN);

static int uevent_trigger_run(struct op_ctx *ctx, const struct trigger_in *in, struct none *out)
{
	return sys_write_file(pool_printf(ctx->pool, "/sys/%s/uevent", in->device), "change\n");
}
OP(uevent_trigger, "uevent.trigger", trigger_in, none,
	.doc = "Have the kernel send a uevent of a device, `change`, as it does of its own accord.",
	.source = "drivers/base/core.c uevent_store",
	.flags = OP_HOST,
	.seen = "uevent");
