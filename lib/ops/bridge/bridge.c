// SPDX-License-Identifier: GPL-2.0-only
/*
 * The forwarding database of a bridge and the settings of its ports, by rtnetlink.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>

#include "../seen.h"
#include "../../net/link.h"

#define FDB_IN(F, S) \
	F(S, STR, dev, REQUIRED, "port behind which the address is") \
	F(S, STR, mac, REQUIRED, "link-layer address")
FIELDS(fdb_in, FDB_IN);

static int bridge_fdb_add_run(struct op_ctx *ctx, const struct fdb_in *in, struct none *out)
{
	struct ndmsg head = { .ndm_family = AF_BRIDGE, .ndm_flags = NTF_MASTER,
			      .ndm_state = NUD_REACHABLE };
	int ret;

	head.ndm_ifindex = netlink_index(in->dev);
	if (!head.ndm_ifindex)
		return -ENODEV;
	AUTO_MSG *msg = netlink_msg(RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_EXCL, &head, sizeof(head));
	ret = link_put_mac(ctx, msg, NDA_LLADDR, in->mac);
	return ret ? ret : netlink_route(ctx, msg, NULL);
}
OP(bridge_fdb_add, "bridge.fdb_add", fdb_in, none,
	.doc = "Add an address to the forwarding database of a port's bridge.",
	.source = "net/bridge/br_fdb.c", .config = "BRIDGE", .asks = "cap.NET_ADMIN",
	.touches = NSM_NET, .mutates = NSM_NET,
	.seen = SEEN_NET);

#define PORT_IN(F, S) \
	F(S, STR, name, REQUIRED, "device that is a port") \
	F(S, BOOL, isolated, "isolated ports do not talk to each other")
FIELDS(port_in, PORT_IN);

static int bridge_port_run(struct op_ctx *ctx, const struct port_in *in, struct none *out)
{
	struct ifinfomsg head = { .ifi_family = AF_BRIDGE };
	struct nlattr *nest;

	head.ifi_index = netlink_index(in->name);
	if (!head.ifi_index)
		return -ENODEV;
	AUTO_MSG *msg = netlink_msg(RTM_SETLINK, 0, &head, sizeof(head));
	nest = netlink_nest(msg, IFLA_PROTINFO | NLA_F_NESTED);
	netlink_put_u8(msg, IFLA_BRPORT_ISOLATED, in->isolated);
	nla_nest_end(msg, nest);
	return netlink_route(ctx, msg, NULL);
}
OP(bridge_port, "bridge.port", port_in, none,
	.doc = "Change a port of a bridge.",
	.source = "net/bridge/br_netlink.c", .config = "BRIDGE", .asks = "cap.NET_ADMIN",
	.touches = NSM_NET, .mutates = NSM_NET,
	.seen = SEEN_NET);
