// SPDX-License-Identifier: GPL-2.0-only
/*
 * Membership in multicast groups.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "nsc/op.h"
#include "nsc/sys.h"

#define JOIN_IN(F, S) \
	F(S, ADDR, group, REQUIRED, "IPv4 multicast address") \
	F(S, STR, dev, REQUIRED, "device on which to join") \
	F(S, INT, port, REQUIRED, 1, 65535, "UDP port to receive on")
FIELDS(join_in, JOIN_IN);

#define JOIN_OUT(F, S) \
	F(S, FD, fd, REQUIRED, "the socket")
FIELDS(join_out, JOIN_OUT);

static int mcast_join_run(struct op_ctx *ctx, const struct join_in *in, struct join_out *out)
{
	struct sockaddr_in self = { .sin_family = AF_INET, .sin_port = htons(in->port) };
	struct ip_mreqn request = { .imr_ifindex = if_nametoindex(in->dev) };
	AUTO_FD fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	out->fd = -1;
	if (fd < 0)
		return op_broken(ctx, "socket: %m");
	if (inet_pton(AF_INET, in->group, &self.sin_addr) != 1)
		return op_broken(ctx, "not an IPv4 address: %s", in->group);
	request.imr_multiaddr = self.sin_addr;
	if (bind(fd, (struct sockaddr *)&self, sizeof(self)) < 0)
		return op_broken(ctx, "bind %s: %m", in->group);
	if (setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &request, sizeof(request)) < 0)
		return -errno;
	out->fd = fd_take(&fd);
	return 0;
}
OP(mcast_join, "mcast.join", join_in, join_out,
	.doc = "Open a UDP socket that is a member of an IPv4 multicast group.",
	.source = "ip(7) IP_ADD_MEMBERSHIP", .config = "IP_MULTICAST",
	.touches = NSM_NET, .mutates = NSM_NET);
