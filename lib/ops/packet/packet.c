// SPDX-License-Identifier: GPL-2.0-only
/*
 * Packet sockets: what passes the devices of a network namespace.  Captured frames are looked
 * into with sock.search.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <linux/if_ether.h>
#include <linux/if_packet.h>

#include "nsc/op.h"
#include "nsc/sys.h"
#include "ring.h"

static const struct symbol ether_types[] = {
	{ "all", ETH_P_ALL, "frames of every protocol, also outgoing ones" },
	{ "ip", ETH_P_IP, NULL },
	{ "ipv6", ETH_P_IPV6, NULL },
	{ "arp", ETH_P_ARP, NULL },
	{ 0 }
};

static const struct symbol types[] = {
	{ "raw", SOCK_RAW, "frames with their link-layer head" },
	{ "dgram", SOCK_DGRAM, "frames without it" },
	{ "packet", SOCK_PACKET, "the obsolete SOCK_PACKET of Linux 2.0" },
	{ 0 }
};

#define OPEN_IN(F, S) \
	F(S, ENUM_DEF, type, SOCK_RAW, types, "what is captured of each frame") \
	F(S, ENUM_DEF, ring, RING_NONE, packet_rings, "how frames are handed over") \
	F(S, ENUM_DEF, protocol, ETH_P_ALL, ether_types, "which frames to capture") \
	F(S, STR, device, OPTIONAL, "device of the caller; default: all of the socket") \
	F(S, BOOL, promiscuous, "the device is to receive every frame")
FIELDS(open_in, OPEN_IN);

#define OPEN_OUT(F, S) \
	F(S, FD, fd, REQUIRED, "the socket") \
	F(S, INT, inode, REQUIRED, 0, 0, "its inode number, as /proc/net/packet has it")
FIELDS(open_out, OPEN_OUT);

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
	struct packet_mreq want = { .mr_ifindex = sa.sll_ifindex, .mr_type = PACKET_MR_PROMISC };

	if (in->promiscuous && setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &want,
					  sizeof(want)) < 0)
		return op_broken(ctx, "PACKET_ADD_MEMBERSHIP: %m");
	return 0;
}

static int packet_open_run(struct op_ctx *ctx, const struct open_in *in, struct open_out *out)
{
	AUTO_FD fd = socket(AF_PACKET, (int)in->type | SOCK_CLOEXEC, htons((uint16_t)in->protocol));
	struct stat st;

	if (fd < 0)
		return -errno;
	if (packet_ring_make(ctx, fd, in->ring) || bind_device(ctx, fd, in))
		return OP_BROKEN;
	if (fstat(fd, &st) < 0)
		return op_broken(ctx, "fstat socket: %m");
	out->inode = (int64_t)st.st_ino;
	out->fd = fd_take(&fd);
	return 0;
}
OP(packet_open, "packet.open", open_in, open_out,
	.doc = "Open a packet socket, which captures at once.",
	.source = "packet(7)", .config = "PACKET", .asks = "cap.NET_RAW",
	.touches = NSM_NET, .mutates = NSM_NET);

static const struct symbol fanout_modes[] = {
	{ "hash", PACKET_FANOUT_HASH, NULL },
	{ "lb", PACKET_FANOUT_LB, NULL },
	{ "cpu", PACKET_FANOUT_CPU, NULL },
	{ 0 }
};

#define FANOUT_IN(F, S) \
	F(S, FD, fd, REQUIRED, "packet socket") \
	F(S, INT, group, REQUIRED, 0, 65535, "id of the fanout group") \
	F(S, ENUM, mode, REQUIRED, fanout_modes, "how the group shares the load")
FIELDS(fanout_in, FANOUT_IN);

static int packet_fanout_run(struct op_ctx *ctx, const struct fanout_in *in, struct none *out)
{
	int value = (int)(in->group | in->mode << 16);

	if (setsockopt(in->fd, SOL_PACKET, PACKET_FANOUT, &value, sizeof(value)) < 0)
		return -errno;
	return 0;
}

static int packet_fanout_check(struct op_ctx *ctx, const struct fanout_in *in,
			   const struct none *out)
{
	socklen_t len = sizeof(int);
	int now;

	if (getsockopt(in->fd, SOL_PACKET, PACKET_FANOUT, &now, &len) < 0 ||
	    now == (int)(in->group | in->mode << 16))
		return 0;
	return op_undone(ctx, "PACKET_FANOUT gives %#x", (unsigned)now);
}
OP_CHECK(packet_fanout, fanout_in, none)
OP(packet_fanout, "packet.fanout", fanout_in, none,
	.doc = "Join a packet socket to a fanout group.",
	.source = "packet(7) PACKET_FANOUT", .config = "PACKET",
	.touches = NSM_NET,
	.check = packet_fanout_checked);
