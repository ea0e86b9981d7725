// SPDX-License-Identifier: GPL-2.0-only
/*
 * The process connector, which tells who has forked, executed a program and ended.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/cn_proc.h>
#include <linux/connector.h>
#include <linux/netlink.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "nsc/op.h"
#include "nsc/sys.h"

#define HEAR_OUT(F, S) \
	F(S, FD, fd, REQUIRED, "socket, for `connector.events`")
FIELDS(hear_out, HEAR_OUT);

static int join(struct op_ctx *ctx, int *fd)
{
	struct sockaddr_nl self = { .nl_family = AF_NETLINK, .nl_groups = CN_IDX_PROC };
	AUTO_FD sock = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
			      NETLINK_CONNECTOR);

	if (sock < 0)
		return op_broken(ctx, "socket NETLINK_CONNECTOR: %m");
	if (bind(sock, (struct sockaddr *)&self, sizeof(self)) < 0)
		return -errno;
	*fd = fd_take(&sock);
	return 0;
}

static int connector_hear_run(struct op_ctx *ctx, const struct none *in, struct hear_out *out)
{
	out->fd = -1;
	return join(ctx, &out->fd);
}
OP(connector_hear, "connector.hear", none, hear_out,
	.doc = "Join the group that hears of processes, and ask for nothing.",
	.source = "Documentation/driver-api/connector.rst", .config = "PROC_EVENTS",
	.touches = NSM_PID | NSM_USER);

/* The kernel sends events while anybody has asked for them, and since 6.6 until that one's end. */
static int connector_ask_run(struct op_ctx *ctx, const struct none *in, struct hear_out *out)
{
	const enum proc_cn_mcast_op op = PROC_CN_MCAST_LISTEN;
	const struct cn_msg message = { .id = { CN_IDX_PROC, CN_VAL_PROC }, .len = sizeof(op) };
	const struct nlmsghdr head = {
		.nlmsg_len = sizeof(head) + sizeof(message) + sizeof(op), .nlmsg_type = NLMSG_DONE,
	};
	struct iovec parts[] = {
		{ (void *)&head, sizeof(head) }, { (void *)&message, sizeof(message) },
		{ (void *)&op, sizeof(op) },
	};
	AUTO_FD fd = -1;
	int rc = join(ctx, &fd);

	if (rc == 0 && writev(fd, parts, 3) != (ssize_t)head.nlmsg_len)
		rc = -errno;
	out->fd = fd_take(&fd);
	return rc;
}
OP(connector_ask, "connector.ask", none, hear_out,
	.doc = "Ask the kernel to tell of processes, in the namespaces of the run.",
	.source = "Documentation/driver-api/connector.rst", .config = "PROC_EVENTS",
	.asks = "root initial.net initial.pid", .flags = OP_OUTSIDE);

#define EVENTS_IN(F, S) \
	F(S, FD, fd, REQUIRED, "socket of `connector.hear` or `connector.ask`")
FIELDS(events_in, EVENTS_IN);

#define EVENTS_OUT(F, S) \
	F(S, TOTAL, count, "how many events of processes there were")
FIELDS(events_out, EVENTS_OUT);

/* Answers to who asked (PROC_EVENT_NONE) are no events; where some were lost, there were some. */
static int connector_events_run(struct op_ctx *ctx, const struct events_in *in,
				struct events_out *out)
{
	union {
		struct nlmsghdr head;
		char room[1024];
	} got;
	const struct cn_msg *message = NLMSG_DATA(&got.head);
	const struct proc_event *event = (const void *)message->data;
	ssize_t size;

	while ((size = recv(in->fd, &got, sizeof(got), MSG_DONTWAIT)) >= 0 || errno == ENOBUFS)
		out->count += size < 0 || event->what != 0;
	return errno == EAGAIN ? 0 : op_broken(ctx, "receive: %m");
}
OP(connector_events, "connector.events", events_in, events_out,
	.doc = "Take the events of processes that have arrived.",
	.source = "Documentation/driver-api/connector.rst", .config = "PROC_EVENTS");
