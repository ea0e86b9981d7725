// SPDX-License-Identifier: GPL-2.0-only
/*
 * The forwarding database of a bridge and the settings of its ports, by rtnetlink.
 */
#define _GNU_SOURCE
/* First: the kernel's headers leave out what those of musl have defined, and not conversely. */
#include <netinet/in.h>

#include <errno.h>
#include <linux/if_bridge.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>

#include "../seen.h"
#include "../../net/link.h"

#define FDB_IN(F, S) \
	F(S, STR, dev, OPTIONAL, "port behind which the address is") \
	F(S, INT, index, OPTIONAL, 0, INT32_MAX, "its index, instead of the name") \
	F(S, STR, mac, REQUIRED, "link-layer address") \
	F(S, BOOL, self, "the database is the device's own (vxlan), not its bridge's") \
	F(S, ADDR, dst, OPTIONAL, "where frames for it are sent (vxlan)") \
	F(S, BOOL, append, "beside what is there for that address")
FIELDS(fdb_in, FDB_IN);

static uint8_t flags_of(const struct fdb_in *in)
{
	return in->self ? NTF_SELF : NTF_MASTER;
}

static int put_dst(struct op_ctx *ctx, struct nl_msg *msg, const char *dst)
{
	struct netlink_addr addr;

	if (!dst)
		return 0;
	if (netlink_addr_parse(dst, &addr) < 0)
		return op_broken(ctx, "not an address: %s", dst);
	netlink_put(msg, NDA_DST, addr.bytes, addr.len);
	return 0;
}

static int index_of(const char *name, int64_t index)
{
	return index ? (int)index : (int)netlink_index(name ? name : "");
}

static int fdb_change(struct op_ctx *ctx, int message, int flags, const struct fdb_in *in)
{
	struct ndmsg head = { .ndm_family = AF_BRIDGE, .ndm_flags = flags_of(in),
			      .ndm_state = NUD_REACHABLE,
			      .ndm_ifindex = index_of(in->dev, in->index) };
	int ret;

	if (!head.ndm_ifindex)
		return -ENODEV;
	AUTO_MSG *msg = netlink_msg(message, flags, &head, sizeof(head));
	ret = link_put_mac(ctx, msg, NDA_LLADDR, in->mac);
	if (!ret)
		ret = put_dst(ctx, msg, in->dst);
	return ret ? ret : netlink_route(ctx, msg, NULL);
}

static int bridge_fdb_add_run(struct op_ctx *ctx, const struct fdb_in *in, struct none *out)
{
	return fdb_change(ctx, RTM_NEWNEIGH,
			  NLM_F_CREATE | (in->append ? NLM_F_APPEND : NLM_F_EXCL), in);
}
OP(bridge_fdb_add, "bridge.fdb_add", fdb_in, none,
	.doc = "Add an address to the forwarding database of a port's bridge, or of the device.",
	.source = "net/bridge/br_fdb.c", .config = "BRIDGE", .asks = "cap.NET_ADMIN",
	.touches = NSM_NET, .mutates = NSM_NET,
	.seen = SEEN_NET);

static int bridge_fdb_del_run(struct op_ctx *ctx, const struct fdb_in *in, struct none *out)
{
	return fdb_change(ctx, RTM_DELNEIGH, 0, in);
}
OP(bridge_fdb_del, "bridge.fdb_del", fdb_in, none,
	.doc = "Delete an address from the forwarding database of a port's bridge.",
	.source = "net/core/rtnetlink.c rtnl_fdb_del", .config = "BRIDGE", .asks = "cap.NET_ADMIN",
	.touches = NSM_NET, .mutates = NSM_NET,
	.seen = SEEN_NET);

#define FDB_OUT(F, S) \
	F(S, BOOL, found, "it is there")
FIELDS(fdb_out, FDB_OUT);

static int bridge_fdb_get_run(struct op_ctx *ctx, const struct fdb_in *in, struct fdb_out *out)
{
	struct ndmsg head = { .ndm_family = AF_BRIDGE, .ndm_flags = flags_of(in),
			      .ndm_ifindex = index_of(in->dev, in->index) };
	struct netlink_answer answer = { 0 };
	int ret;

	if (!head.ndm_ifindex)
		return -ENODEV;
	AUTO_MSG *msg = netlink_msg(RTM_GETNEIGH, 0, &head, sizeof(head));
	ret = link_put_mac(ctx, msg, NDA_LLADDR, in->mac);
	if (!ret)
		ret = netlink_route(ctx, msg, &answer);
	out->found = answer.n > 0;
	return ret;
}
OP(bridge_fdb_get, "bridge.fdb_get", fdb_in, fdb_out,
	.doc = "Ask the forwarding database of a port's bridge for one address.",
	.source = "net/core/rtnetlink.c rtnl_fdb_get", .config = "BRIDGE",
	.touches = NSM_NET);

#define FLUSH_IN(F, S) \
	F(S, STR, dev, OPTIONAL, "port of which all addresses go") \
	F(S, INT, index, OPTIONAL, 0, INT32_MAX, "its index, instead of the name")
FIELDS(flush_in, FLUSH_IN);

/* Since 5.19 a request without an address, and with this flag, is about all. */
static int bridge_fdb_flush_run(struct op_ctx *ctx, const struct flush_in *in, struct none *out)
{
	enum { BULK = 0x200 };
	struct ndmsg head = { .ndm_family = AF_BRIDGE, .ndm_flags = NTF_MASTER,
			      .ndm_ifindex = index_of(in->dev, in->index) };

	if (!head.ndm_ifindex)
		return -ENODEV;
	AUTO_MSG *msg = netlink_msg(RTM_DELNEIGH, BULK, &head, sizeof(head));

	return netlink_route(ctx, msg, NULL);
}
OP(bridge_fdb_flush, "bridge.fdb_flush", flush_in, none,
	.doc = "Delete all addresses of a port from the forwarding database of its bridge.",
	.source = "net/core/rtnetlink.c rtnl_fdb_del, NLM_F_BULK", .config = "BRIDGE",
	.asks = "cap.NET_ADMIN",
	.touches = NSM_NET, .mutates = NSM_NET,
	.seen = SEEN_NET);

#define PORT_IN(F, S) \
	F(S, STR, name, OPTIONAL, "device that is a port") \
	F(S, INT, index, OPTIONAL, 0, INT32_MAX, "its index, instead of the name") \
	F(S, BOOL, isolated, "isolated ports do not talk to each other") \
	F(S, INT, vlan, OPTIONAL, 0, 4094, "tag of which it carries frames, too")
FIELDS(port_in, PORT_IN);

static void put_vlan(struct nl_msg *msg, uint16_t tag)
{
	struct bridge_vlan_info info = { .vid = tag };
	struct nlattr *nest = netlink_nest(msg, IFLA_AF_SPEC);

	netlink_put(msg, IFLA_BRIDGE_VLAN_INFO, &info, sizeof(info));
	nla_nest_end(msg, nest);
}

static int bridge_port_run(struct op_ctx *ctx, const struct port_in *in, struct none *out)
{
	struct ifinfomsg head = { .ifi_family = AF_BRIDGE };
	struct nlattr *nest;

	head.ifi_index = index_of(in->name, in->index);
	if (!head.ifi_index)
		return -ENODEV;
	AUTO_MSG *msg = netlink_msg(RTM_SETLINK, 0, &head, sizeof(head));
	nest = netlink_nest(msg, IFLA_PROTINFO | NLA_F_NESTED);
	netlink_put_u8(msg, IFLA_BRPORT_ISOLATED, in->isolated);
	nla_nest_end(msg, nest);
	if (in->vlan)
		put_vlan(msg, (uint16_t)in->vlan);
	return netlink_route(ctx, msg, NULL);
}
OP(bridge_port, "bridge.port", port_in, none,
	.doc = "Change a port of a bridge.",
	.source = "net/bridge/br_netlink.c", .config = "BRIDGE", .asks = "cap.NET_ADMIN",
	.touches = NSM_NET, .mutates = NSM_NET,
	.seen = SEEN_NET);
