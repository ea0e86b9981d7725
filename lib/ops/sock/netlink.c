// SPDX-License-Identifier: GPL-2.0-only
/*
 * Netlink sockets: their port ids, and requests through a socket that somebody else opened.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <net/if.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <linux/rtnetlink.h>

#include "../seen.h"
#include "nsc/op.h"
#include "nsc/sys.h"

#define NETLINK_BIND_IN(F, S) \
	F(S, INT, port, REQUIRED, 1, UINT32_MAX, "port id to take")
FIELDS(netlink_bind_in, NETLINK_BIND_IN);

#define NETLINK_BIND_OUT(F, S) \
	F(S, FD, fd, REQUIRED, "the rtnetlink socket") \
	F(S, INT, inode, REQUIRED, 0, 0, "its inode number")
FIELDS(netlink_bind_out, NETLINK_BIND_OUT);

static int sock_bind_netlink_run(struct op_ctx *ctx, const struct netlink_bind_in *in,
				 struct netlink_bind_out *out)
{
	struct sockaddr_nl sa = { .nl_family = AF_NETLINK, .nl_pid = (uint32_t)in->port };
	AUTO_FD fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return op_broken(ctx, "rtnetlink socket: %m");
	if (bind(fd, (struct sockaddr *)&sa, sizeof(sa)) < 0)
		return -errno;
	out->inode = (int64_t)st.st_ino;
	out->fd = fd_take(&fd);
	return 0;
}
OP(sock_bind_netlink, "sock.bind_netlink", netlink_bind_in, netlink_bind_out,
	.doc = "Bind a new rtnetlink socket to a chosen port id.",
	.source = "netlink(7)",
	.touches = NSM_NET, .mutates = NSM_NET);

#define NETLINK_UP_IN(F, S) \
	F(S, FD, fd, REQUIRED, "rtnetlink socket that nothing else is read from") \
	F(S, STR, name, REQUIRED, "device to bring up")
FIELDS(netlink_up_in, NETLINK_UP_IN);

struct up_request {
	struct nlmsghdr head;
	struct ifinfomsg info;
};

/* The kernel answers while send(2) runs, so nothing has to be waited for. */
static int netlink_verdict(struct op_ctx *ctx, int fd)
{
	struct {
		struct nlmsghdr head;
		struct nlmsgerr verdict;
		char echo[256];
	} answer = { 0 };
	ssize_t n = recv(fd, &answer, sizeof(answer), MSG_DONTWAIT);

	if (n < (ssize_t)(sizeof(answer.head) + sizeof(answer.verdict)) ||
	    answer.head.nlmsg_type != NLMSG_ERROR)
		return op_broken(ctx, "no acknowledgement from rtnetlink");
	return answer.verdict.error;
}

static int sock_netlink_up_run(struct op_ctx *ctx, const struct netlink_up_in *in, struct none *out)
{
	struct up_request req = {
		.head = { .nlmsg_len = sizeof(req), .nlmsg_type = RTM_NEWLINK,
			  .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK },
		.info = { .ifi_index = (int)if_nametoindex(in->name), .ifi_flags = IFF_UP,
			  .ifi_change = IFF_UP },
	};

	if (!req.info.ifi_index)
		return op_broken(ctx, "no device %s: %m", in->name);
	if (send(in->fd, &req, sizeof(req), 0) < 0)
		return op_broken(ctx, "send to rtnetlink: %m");
	return netlink_verdict(ctx, in->fd);
}
OP(sock_netlink_up, "sock.netlink_up", netlink_up_in, none,
	.doc = "Bring a device of the caller up through a given rtnetlink socket.",
	.source = "rtnetlink(7) RTM_NEWLINK", .asks = "cap.NET_ADMIN",
	.touches = NSM_NET, .mutates = NSM_NET,
	.seen = SEEN_NET);
