// SPDX-License-Identifier: GPL-2.0-only
/*
 * Packet sockets (what passes the devices of a network namespace) and the port ids of
 * netlink sockets.  Captured frames are looked into with sock.search.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include "nsc/op.h"
#include "nsc/sys.h"

static const struct symbol ether_types[] = {
	{ "all", ETH_P_ALL, "frames of every protocol, also outgoing ones" },
	{ "ip", ETH_P_IP, NULL },
	{ "ipv6", ETH_P_IPV6, NULL },
	{ "arp", ETH_P_ARP, NULL },
	{ 0 }
};

struct open_in {
	int64_t protocol;
	const char *device;
};

static const struct field open_in_fields[] = {
	F_ENUM_DEF(struct open_in, protocol, ETH_P_ALL, ether_types, "which frames to capture"),
	F_STR(struct open_in, device, OPTIONAL, "device of the caller; default: all of the socket"),
	F_END
};

struct open_out {
	int fd;
	int64_t inode;
};

static const struct field open_out_fields[] = {
	F_FD(struct open_out, fd, REQUIRED, "the socket"),
	F_INT(struct open_out, inode, REQUIRED, 0, 0,
	      "its inode number, as /proc/net/packet has it"),
	F_END
};

static int bind_device(struct op_ctx *ctx, int fd, const struct open_in *in)
{
	struct sockaddr_ll sa = { .sll_family = AF_PACKET,
				  .sll_protocol = htons((uint16_t)in->protocol) };

	if (!in->device)
		return 0;
	sa.sll_ifindex = (int)if_nametoindex(in->device);
	if (!sa.sll_ifindex)
		return op_broken(ctx, "no device %s: %m", in->device);
	if (bind(fd, (struct sockaddr *)&sa, sizeof(sa)) < 0)
		return op_broken(ctx, "bind packet socket to %s: %m", in->device);
	return 0;
}

static int open_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct open_in *in = params;
	struct open_out *out = results;
	AUTO_FD fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, htons((uint16_t)in->protocol));
	struct stat st;

	if (fd < 0)
		return -errno;
	if (bind_device(ctx, fd, in))
		return OP_BROKEN;
	if (fstat(fd, &st) < 0)
		return op_broken(ctx, "fstat socket: %m");
	out->inode = (int64_t)st.st_ino;
	out->fd = fd_take(&fd);
	return 0;
}

static const struct symbol fanout_modes[] = {
	{ "hash", PACKET_FANOUT_HASH, NULL },
	{ "lb", PACKET_FANOUT_LB, NULL },
	{ "cpu", PACKET_FANOUT_CPU, NULL },
	{ 0 }
};

struct fanout_in {
	int fd;
	int64_t group, mode;
};

static const struct field fanout_in_fields[] = {
	F_FD(struct fanout_in, fd, REQUIRED, "packet socket"),
	F_INT(struct fanout_in, group, REQUIRED, 0, 65535, "id of the fanout group"),
	F_ENUM(struct fanout_in, mode, REQUIRED, fanout_modes, "how the group shares the load"),
	F_END
};

static int fanout_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct fanout_in *in = params;
	int value = (int)(in->group | in->mode << 16);

	(void)ctx, (void)results;
	if (setsockopt(in->fd, SOL_PACKET, PACKET_FANOUT, &value, sizeof(value)) < 0)
		return -errno;
	return 0;
}

struct netlink_bind_in {
	int64_t port;
};

static const struct field netlink_bind_in_fields[] = {
	F_INT(struct netlink_bind_in, port, REQUIRED, 1, UINT32_MAX, "port id to take"),
	F_END
};

struct netlink_bind_out {
	int fd;
	int64_t inode;
};

static const struct field netlink_bind_out_fields[] = {
	F_FD(struct netlink_bind_out, fd, REQUIRED, "the rtnetlink socket"),
	F_INT(struct netlink_bind_out, inode, REQUIRED, 0, 0, "its inode number"),
	F_END
};

static int netlink_bind_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct netlink_bind_in *in = params;
	struct netlink_bind_out *out = results;
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

struct netlink_up_in {
	int fd;
	const char *name;
};

static const struct field netlink_up_in_fields[] = {
	F_FD(struct netlink_up_in, fd, REQUIRED, "rtnetlink socket that nothing else is read from"),
	F_STR(struct netlink_up_in, name, REQUIRED, "device to bring up"),
	F_END
};

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

static int netlink_up_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct netlink_up_in *in = params;
	struct up_request req = {
		.head = { .nlmsg_len = sizeof(req), .nlmsg_type = RTM_NEWLINK,
			  .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK },
		.info = { .ifi_index = (int)if_nametoindex(in->name), .ifi_flags = IFF_UP,
			  .ifi_change = IFF_UP },
	};

	(void)results;
	if (!req.info.ifi_index)
		return op_broken(ctx, "no device %s: %m", in->name);
	if (send(in->fd, &req, sizeof(req), 0) < 0)
		return op_broken(ctx, "send to rtnetlink: %m");
	return netlink_verdict(ctx, in->fd);
}

const struct op packet_ops[] = {
	{
		.name = "packet.open",
		.doc = "Open a packet socket, which captures at once.",
		.source = "packet(7)",
		.config = "PACKET",
		OP_IN(open), OP_OUT(open),
		.touches = NSM_NET, .mutates = NSM_NET,
		.asks = "cap.NET_RAW",
		.run = open_run,
	},
	{
		.name = "packet.fanout",
		.doc = "Join a packet socket to a fanout group.",
		.source = "packet(7) PACKET_FANOUT",
		.config = "PACKET",
		OP_IN(fanout),
		.touches = NSM_NET,
		.run = fanout_run,
	},
	{
		.name = "sock.bind_netlink",
		.doc = "Bind a new rtnetlink socket to a chosen port id.",
		.source = "netlink(7)",
		OP_IN(netlink_bind), OP_OUT(netlink_bind),
		.touches = NSM_NET, .mutates = NSM_NET,
		.run = netlink_bind_run,
	},
	{
		.name = "sock.netlink_up",
		.doc = "Bring a device of the caller up through a given rtnetlink socket.",
		.source = "rtnetlink(7) RTM_NEWLINK",
		OP_IN(netlink_up),
		.touches = NSM_NET, .mutates = NSM_NET,
		.asks = "cap.NET_ADMIN",
		.run = netlink_up_run,
	},
	{ 0 }
};
