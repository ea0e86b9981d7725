// SPDX-License-Identifier: GPL-2.0-only
/*
 * Neighbours of IP, the forwarding database of a bridge, and the settings of a bridge's
 * ports: all of them messages of rtnetlink's neighbour kind, or of its bridge family.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/if_bridge.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include "../sys/link.h"

static const struct symbol states[] = {
	{ .name = "none", .value = NUD_NONE },
	{ .name = "incomplete", .value = NUD_INCOMPLETE },
	{ .name = "reachable", .value = NUD_REACHABLE },
	{ .name = "stale", .value = NUD_STALE },
	{ .name = "delay", .value = NUD_DELAY },
	{ .name = "probe", .value = NUD_PROBE },
	{ .name = "failed", .value = NUD_FAILED },
	{ .name = "noarp", .value = NUD_NOARP },
	{ .name = "permanent", .value = NUD_PERMANENT },
	{ 0 }
};

struct change_in {
	const char *dev, *address, *mac;
	int64_t index, state;
};

static const struct field change_in_fields[] = {
	F_STR(struct change_in, dev, OPTIONAL, "device to which the neighbour is connected"),
	F_INT(struct change_in, index, OPTIONAL, 0, INT32_MAX, "its index, instead of the name"),
	F_ADDR(struct change_in, address, REQUIRED, "address of the neighbour"),
	F_STR(struct change_in, mac, OPTIONAL, "its link-layer address"),
	F_ENUM_DEF(struct change_in, state, NUD_PERMANENT, states, "state of the entry"),
	F_END
};

static int change(struct op_ctx *ctx, int message, int nl_flags, const struct change_in *in)
{
	struct ndmsg head = { .ndm_ifindex = in->index, .ndm_state = in->state };
	struct netlink_addr addr;
	int ret;

	if (!head.ndm_ifindex && in->dev)
		head.ndm_ifindex = netlink_index(in->dev);
	if (!head.ndm_ifindex)
		return -ENODEV;
	if (netlink_addr_parse(in->address, &addr) < 0)
		return op_broken(ctx, "not an address: %s", in->address);
	head.ndm_family = addr.family;
	AUTO_MSG *msg = netlink_msg(message, nl_flags, &head, sizeof(head));
	netlink_put(msg, NDA_DST, addr.bytes, addr.len);
	ret = link_put_mac(ctx, msg, NDA_LLADDR, in->mac);
	return ret ? ret : netlink_route(ctx, msg, NULL);
}

static int add_run(struct op_ctx *ctx, const void *params, void *results)
{
	(void)results;
	return change(ctx, RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_EXCL, params);
}

static int del_run(struct op_ctx *ctx, const void *params, void *results)
{
	(void)results;
	return change(ctx, RTM_DELNEIGH, 0, params);
}

struct list_in {
	const char *dev;
	int64_t family;
};

static const struct field list_in_fields[] = {
	F_STR(struct list_in, dev, OPTIONAL, "only of this device"),
	F_ENUM_DEF(struct list_in, family, AF_INET, netlink_families, "family of the entries"),
	F_END
};

struct list_out {
	struct strs entries;
	int64_t count;
};

static const struct field list_out_fields[] = {
	F_STRS(struct list_out, entries, REQUIRED,
	       "`[ADDRESS ]MAC dev NAME STATE`, without those that need no resolution"),
	F_INT(struct list_out, count, REQUIRED, 0, 0, "how many"),
	F_END
};

static const char *show(struct pool *pool, struct nlmsghdr *part)
{
	const struct ndmsg *head = nlmsg_data(part);
	const struct symbol *state = symbol_of(states, head->ndm_state);
	struct nlattr *attrs[NDA_MAX + 1];
	const char *address = "";

	netlink_attrs(part, sizeof(*head), attrs, NDA_MAX);
	if (attrs[NDA_DST])
		address = pool_printf(pool, "%s ",
				      netlink_addr_show(pool, head->ndm_family, attrs[NDA_DST]));
	return pool_printf(pool, "%s%s dev %s %s", address, link_mac(pool, attrs[NDA_LLADDR]),
			   netlink_name(pool, head->ndm_ifindex), state ? state->name : "?");
}

/* Broadcast and multicast, which need no resolution, are there as soon as a device is up. */
static bool is_host(struct nlmsghdr *part, unsigned index)
{
	const struct ndmsg *head = nlmsg_data(part);

	return head->ndm_state != NUD_NOARP && (!index || head->ndm_ifindex == (int)index);
}

static int list_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct list_in *in = params;
	struct ndmsg head = { .ndm_family = in->family };
	AUTO_MSG *msg = netlink_msg(RTM_GETNEIGH, NLM_F_DUMP, &head, sizeof(head));
	unsigned index = in->dev ? netlink_index(in->dev) : 0;
	struct netlink_answer answer = { 0 };
	struct list_out *out = results;
	int ret;
	size_t i;

	if (in->dev && !index)
		return -ENODEV;
	ret = netlink_route(ctx, msg, &answer);
	for (i = 0; i < answer.n; i++)
		if (is_host(answer.v[i], index))
			netlink_push_text(ctx->pool, &out->entries, show(ctx->pool, answer.v[i]));
	out->count = out->entries.n;
	return ret;
}

struct fdb_in {
	const char *dev, *mac;
};

static const struct field fdb_in_fields[] = {
	F_STR(struct fdb_in, dev, REQUIRED, "port behind which the address is"),
	F_STR(struct fdb_in, mac, REQUIRED, "link-layer address"),
	F_END
};

static int fdb_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct fdb_in *in = params;
	struct ndmsg head = { .ndm_family = AF_BRIDGE, .ndm_flags = NTF_MASTER,
			      .ndm_state = NUD_REACHABLE };
	int ret;

	(void)results;
	head.ndm_ifindex = netlink_index(in->dev);
	if (!head.ndm_ifindex)
		return -ENODEV;
	AUTO_MSG *msg = netlink_msg(RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_EXCL, &head, sizeof(head));
	ret = link_put_mac(ctx, msg, NDA_LLADDR, in->mac);
	return ret ? ret : netlink_route(ctx, msg, NULL);
}

struct port_in {
	const char *name;
	bool isolated;
};

static const struct field port_in_fields[] = {
	F_STR(struct port_in, name, REQUIRED, "device that is a port"),
	F_BOOL(struct port_in, isolated, "isolated ports do not talk to each other"),
	F_END
};

static int port_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct port_in *in = params;
	struct ifinfomsg head = { .ifi_family = AF_BRIDGE };
	struct nlattr *nest;

	(void)results;
	head.ifi_index = netlink_index(in->name);
	if (!head.ifi_index)
		return -ENODEV;
	AUTO_MSG *msg = netlink_msg(RTM_SETLINK, 0, &head, sizeof(head));
	nest = netlink_nest(msg, IFLA_PROTINFO | NLA_F_NESTED);
	netlink_put_u8(msg, IFLA_BRPORT_ISOLATED, in->isolated);
	nla_nest_end(msg, nest);
	return netlink_route(ctx, msg, NULL);
}

const struct op neigh_ops[] = {
	{
		.name = "neigh.add",
		.doc = "Add an entry to the neighbour table.",
		.source = "rtnetlink(7) RTM_NEWNEIGH",
		.config = "INET",
		OP_IN(change),
		.touches = NSM_NET, .mutates = NSM_NET,
		.asks = "cap.NET_ADMIN",
		.run = add_run,
	},
	{
		.name = "neigh.del",
		.doc = "Delete an entry from the neighbour table.",
		.source = "rtnetlink(7) RTM_DELNEIGH",
		.config = "INET",
		OP_IN(change),
		.touches = NSM_NET, .mutates = NSM_NET,
		.asks = "cap.NET_ADMIN",
		.run = del_run,
	},
	{
		.name = "neigh.list",
		.doc = "List neighbours, or with the bridge family the forwarding database.",
		.source = "rtnetlink(7) RTM_GETNEIGH",
		.config = "INET",
		OP_IN(list), OP_OUT(list),
		.touches = NSM_NET,
		.run = list_run,
	},
	{
		.name = "bridge.fdb_add",
		.doc = "Add an address to the forwarding database of a port's bridge.",
		.source = "net/bridge/br_fdb.c",
		.config = "BRIDGE",
		OP_IN(fdb),
		.touches = NSM_NET, .mutates = NSM_NET,
		.asks = "cap.NET_ADMIN",
		.run = fdb_run,
	},
	{
		.name = "bridge.port",
		.doc = "Change a port of a bridge.",
		.source = "net/bridge/br_netlink.c",
		.config = "BRIDGE",
		OP_IN(port),
		.touches = NSM_NET, .mutates = NSM_NET,
		.asks = "cap.NET_ADMIN",
		.run = port_run,
	},
	{ 0 }
};
