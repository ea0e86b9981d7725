// SPDX-License-Identifier: GPL-2.0-only
/*
 * Changing tunnels by ioctl(2), as was done before rtnetlink.
 */
#define _GNU_SOURCE
/* First: the kernel's headers leave out what those of musl have defined, and not conversely. */
#include <net/if.h>
#include <netinet/in.h>

#include <errno.h>
#include <linux/if_tunnel.h>
#include <linux/ip.h>
#include <linux/ip6_tunnel.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "../seen.h"
#include "../../net/link.h"
#include "nsc/sys.h"

static const struct symbol protocols[] = {
	{ .name = "gre", .value = IPPROTO_GRE },
	{ .name = "ip6gre", .value = 0x100 + IPPROTO_GRE },
	{ .name = "ip6tnl", .value = 0x100 + IPPROTO_IPV6 },
	{ .name = "ipip", .value = IPPROTO_IPIP },
	{ .name = "sit", .value = IPPROTO_IPV6 },
	{ .name = "vti", .value = 0x200 + IPPROTO_IPIP },
	{ .name = "vti6", .value = 0x300 + IPPROTO_IPV6 },
	{ 0 }
};

#define CHANGE_IN(F, S) \
	F(S, ENUM, kind, REQUIRED, protocols, "its kind as the kernel spells it") \
	F(S, STR, name, REQUIRED, "name of the device") \
	F(S, ADDR, local, REQUIRED, "address of this end") \
	F(S, ADDR, remote, REQUIRED, "address of the other end, of the same family")
FIELDS(change_in, CHANGE_IN);

union ends {
	struct ip_tunnel_parm v4;
	struct ip6_tnl_parm2 v6;
};

static void fill(union ends *ends, const struct change_in *in, const struct netlink_addr *local,
		 const struct netlink_addr *remote)
{
	uint8_t protocol = (uint8_t)in->kind;

	if (local->family == AF_INET6) {
		ends->v6.proto = protocol;
		memcpy(ends->v6.name, in->name, strlen(in->name));
		memcpy(&ends->v6.laddr, local->bytes, local->len);
		memcpy(&ends->v6.raddr, remote->bytes, remote->len);
		return;
	}
	memcpy(ends->v4.name, in->name, strlen(in->name));
	ends->v4.iph = (struct iphdr){ .version = 4, .ihl = 5, .protocol = protocol };
	memcpy(&ends->v4.iph.saddr, local->bytes, local->len);
	memcpy(&ends->v4.iph.daddr, remote->bytes, remote->len);
}

static int link_change_tunnel_run(struct op_ctx *ctx, const struct change_in *in, struct none *out)
{
	struct netlink_addr local, remote;
	struct ifreq request = { 0 };
	union ends ends = { 0 };

	if (netlink_addr_parse(in->local, &local) < 0 ||
	    netlink_addr_parse(in->remote, &remote) < 0 || local.family != remote.family)
		return op_broken(ctx, "not of a family: %s, %s", in->local, in->remote);
	if (strlen(in->name) >= sizeof(request.ifr_name))
		return op_broken(ctx, "name too long: %s", in->name);
	AUTO_FD fd = socket(local.family, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return op_broken(ctx, "socket: %m");
	memcpy(request.ifr_name, in->name, strlen(in->name));
	fill(&ends, in, &local, &remote);
	request.ifr_data = (char *)&ends;
	return ioctl(fd, SIOCCHGTUNNEL, &request) < 0 ? -errno : 0;
}
OP(link_change_tunnel, "link.change_tunnel", change_in, none,
	.doc = "Change the ends of a tunnel by ioctl.",
	.source = "include/uapi/linux/if_tunnel.h SIOCCHGTUNNEL", .asks = "cap.NET_ADMIN",
	.touches = NSM_NET, .mutates = NSM_NET,
	.seen = SEEN_NET);
