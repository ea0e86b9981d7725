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

struct join_in {
	const char *group, *dev;
	int64_t port;
};

static const struct field join_in_fields[] = {
	F_ADDR(struct join_in, group, REQUIRED, "IPv4 multicast address"),
	F_STR(struct join_in, dev, REQUIRED, "device on which to join"),
	F_INT(struct join_in, port, REQUIRED, 1, 65535, "UDP port to receive on"),
	F_END
};

struct join_out {
	int fd;
};

static const struct field join_out_fields[] = {
	F_FD(struct join_out, fd, REQUIRED, "the socket"),
	F_END
};

static int join_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct join_in *in = params;
	struct join_out *out = results;
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

const struct op mcast_ops[] = {
	{
		.name = "mcast.join",
		.doc = "Open a UDP socket that is a member of an IPv4 multicast group.",
		.source = "ip(7) IP_ADD_MEMBERSHIP",
		.config = "IP_MULTICAST",
		OP_IN(join), OP_OUT(join),
		.touches = NSM_NET, .mutates = NSM_NET,
		.run = join_run,
	},
	{ 0 }
};
