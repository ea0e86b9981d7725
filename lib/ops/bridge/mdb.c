// SPDX-License-Identifier: GPL-2.0-only
/*
 * Multicast groups of the ports of a bridge.
 */
#define _GNU_SOURCE
/* First: the kernel's headers leave out what those of musl have defined, and not conversely. */
#include <netinet/in.h>

#include <errno.h>
#include <linux/if_bridge.h>
#include <linux/if_ether.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "../seen.h"
#include "../../net/link.h"

#define MDB_IN(F, S) \
	F(S, STR, bridge, OPTIONAL, "the bridge") \
	F(S, STR, port, OPTIONAL, "its port that gets what is sent to the group") \
	F(S, INT, bridge_index, OPTIONAL, 0, INT32_MAX, "its index, instead of the name") \
	F(S, INT, port_index, OPTIONAL, 0, INT32_MAX, "its index, instead of the name") \
	F(S, ADDR, group, REQUIRED, "IPv4 address of the group")
FIELDS(mdb_in, MDB_IN);

static int change(struct op_ctx *ctx, int message, int flags, const struct mdb_in *in)
{
	struct br_port_msg head = { .family = AF_BRIDGE };
	struct br_mdb_entry entry = { .state = MDB_PERMANENT,
				      .addr.proto = htons(ETH_P_IP) };
	struct netlink_addr group;

	head.ifindex = in->bridge_index ? in->bridge_index : netlink_index(in->bridge);
	entry.ifindex = in->port_index ? in->port_index : netlink_index(in->port);
	if (!head.ifindex || !entry.ifindex)
		return -ENODEV;
	if (netlink_addr_parse(in->group, &group) < 0 || group.family != AF_INET)
		return op_broken(ctx, "not an IPv4 address: %s", in->group);
	memcpy(&entry.addr.u.ip4, group.bytes, group.len);
	AUTO_MSG *msg = netlink_msg(message, flags, &head, sizeof(head));

	netlink_put(msg, MDBA_SET_ENTRY, &entry, sizeof(entry));
	return netlink_route(ctx, msg, NULL);
}

static int bridge_mdb_add_run(struct op_ctx *ctx, const struct mdb_in *in, struct none *out)
{
	return change(ctx, RTM_NEWMDB, NLM_F_CREATE | NLM_F_EXCL, in);
}
OP(bridge_mdb_add, "bridge.mdb_add", mdb_in, none,
	.doc = "Add a multicast group to a port of a bridge.",
	.source = "net/bridge/br_mdb.c", .config = "BRIDGE_IGMP_SNOOPING", .asks = "cap.NET_ADMIN",
	.touches = NSM_NET, .mutates = NSM_NET,
	.seen = "bridge");

static int bridge_mdb_del_run(struct op_ctx *ctx, const struct mdb_in *in, struct none *out)
{
	return change(ctx, RTM_DELMDB, 0, in);
}
OP(bridge_mdb_del, "bridge.mdb_del", mdb_in, none,
	.doc = "Delete a multicast group from a port of a bridge.",
	.source = "net/bridge/br_mdb.c", .config = "BRIDGE_IGMP_SNOOPING", .asks = "cap.NET_ADMIN",
	.touches = NSM_NET, .mutates = NSM_NET,
	.seen = "bridge");

#define LIST_OUT(F, S) \
	F(S, STRS, groups, REQUIRED, "`GROUP dev PORT` of all bridges") \
	F(S, TOTAL, count, "how many")
FIELDS(list_out, LIST_OUT);

/* MDBA_MDB holds an entry of several groups, which holds the infos of their ports. */
static void list_all(struct pool *pool, struct nlattr *mdb, struct strs *groups)
{
	struct nlattr *entry, *info;
	int rest, rest_of_entry;

	nla_for_each_nested(entry, mdb, rest)
		nla_for_each_nested(info, entry, rest_of_entry) {
			const struct br_mdb_entry *e = nla_data(info);
			const unsigned char *ip = (const unsigned char *)&e->addr.u.ip4;

			if (e->addr.proto == htons(ETH_P_IP))
				netlink_push_text(pool, groups,
						  pool_printf(pool, "%d.%d.%d.%d dev %s", ip[0],
							      ip[1], ip[2], ip[3],
							      netlink_name(pool, e->ifindex)));
		}
}

static int bridge_mdb_list_run(struct op_ctx *ctx, const struct none *in, struct list_out *out)
{
	struct br_port_msg head = { .family = AF_BRIDGE };
	AUTO_MSG *msg = netlink_msg(RTM_GETMDB, NLM_F_DUMP, &head, sizeof(head));
	struct nlattr *attrs[MDBA_MAX + 1];
	struct netlink_answer answer = { 0 };
	int ret = netlink_route(ctx, msg, &answer);

	for (size_t i = 0; i < answer.n; i++) {
		netlink_attrs(answer.v[i], sizeof(head), attrs, MDBA_MAX);
		if (attrs[MDBA_MDB])
			list_all(ctx->pool, attrs[MDBA_MDB], &out->groups);
	}
	out->count = (int64_t)out->groups.n;
	return ret;
}
OP(bridge_mdb_list, "bridge.mdb_list", none, list_out,
	.doc = "List the multicast groups of IPv4 of all bridges.",
	.source = "net/bridge/br_mdb.c", .config = "BRIDGE_IGMP_SNOOPING",
	.touches = NSM_NET);
