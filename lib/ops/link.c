// SPDX-License-Identifier: GPL-2.0-only
/*
 * Making, changing, moving and deleting network devices.  Looking at them: linkinfo.c.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <string.h>

#include "../sys/link.h"

enum { MODE_NONE = -1 };

static const struct symbol modes[] = {
	{ .name = "none", .value = MODE_NONE, .doc = "the kind's own default" },
	{ .name = "private", .value = MACVLAN_MODE_PRIVATE, .doc = "macvlan" },
	{ .name = "vepa", .value = MACVLAN_MODE_VEPA, .doc = "macvlan" },
	{ .name = "bridge", .value = MACVLAN_MODE_BRIDGE, .doc = "macvlan" },
	{ .name = "l2", .value = 0x100 + IPVLAN_MODE_L2, .doc = "ipvlan" },
	{ .name = "l3", .value = 0x100 + IPVLAN_MODE_L3, .doc = "ipvlan" },
	{ 0 }
};

struct add_in {
	const char *kind, *name, *peer, *lower, *master, *address, *remote;
	int64_t index, peer_index, mtu, mode, id, group, nsid;
	struct actor_ref in, peer_in;
	int in_fd, peer_fd;
	bool up;
};

static const struct field add_in_fields[] = {
	F_STR(struct add_in, kind, REQUIRED, "kind of device as the kernel spells it, e.g. veth"),
	F_STR(struct add_in, name, OPTIONAL, "name; without one the kernel numbers it"),
	F_INT(struct add_in, index, OPTIONAL, 0, INT32_MAX, "interface index; 0 is a free one"),
	F_ACTOR(struct add_in, in, OPTIONAL, "actor in whose network namespace it is made"),
	F_FD(struct add_in, in_fd, OPTIONAL, "network namespace in which it is made"),
	F_STR(struct add_in, peer, OPTIONAL, "name of the other end (veth)"),
	F_INT(struct add_in, peer_index, OPTIONAL, 0, INT32_MAX, "index of the other end"),
	F_ACTOR(struct add_in, peer_in, OPTIONAL, "actor in whose namespace the other end is made"),
	F_FD(struct add_in, peer_fd, OPTIONAL, "network namespace in which the other end is made"),
	F_STR(struct add_in, lower, OPTIONAL,
	      "device of the caller that it sits on (macvlan, vlan)"),
	F_ENUM_DEF(struct add_in, mode, MODE_NONE, modes, "how devices on one lower talk"),
	F_INT_DEF(struct add_in, id, -1, -1, 1 << 24, "tag (vlan) or network identifier (vxlan)"),
	F_ADDR(struct add_in, remote, OPTIONAL,
	       "IPv4 address of the other end of the tunnel (vxlan)"),
	F_INT(struct add_in, mtu, OPTIONAL, 0, INT32_MAX, "largest packet in bytes"),
	F_INT_DEF(struct add_in, group, -1, -1, INT32_MAX,
		  "group of devices; -1 is the default one"),
	F_STR(struct add_in, address, OPTIONAL, "link-layer address"),
	F_STR(struct add_in, master, OPTIONAL, "bridge it becomes a port of"),
	LINK_NSID(struct add_in),
	F_BOOL(struct add_in, up, "bring it up in the same request"),
	F_END
};

static int put_peer(struct op_ctx *ctx, struct nl_msg *msg, const struct add_in *in)
{
	struct link_place place = { .actor = in->peer_in, .fd = in->peer_fd };
	struct ifinfomsg head = { .ifi_index = in->peer_index };
	struct nlattr *nest = netlink_nest(msg, VETH_INFO_PEER);
	int ret;

	if (nlmsg_append(msg, &head, sizeof(head), NLMSG_ALIGNTO) < 0)
		return op_broken(ctx, "message too long");
	netlink_put_str(msg, IFLA_IFNAME, in->peer);
	ret = link_put_place(ctx, msg, &place);
	nla_nest_end(msg, nest);
	return ret;
}

static void put_vxlan(struct nl_msg *msg, const struct add_in *in)
{
	enum { PORT = 4789 }; /* that of RFC 7348; the kernel's default is an older one */
	struct netlink_addr remote;

	if (in->id >= 0)
		netlink_put_u32(msg, IFLA_VXLAN_ID, in->id);
	netlink_put_u16(msg, IFLA_VXLAN_PORT, htons(PORT));
	if (in->remote && !netlink_addr_parse(in->remote, &remote))
		netlink_put(msg, IFLA_VXLAN_GROUP, remote.bytes, remote.len);
}

/* What only one kind knows: the attributes below IFLA_INFO_DATA. */
static int put_data(struct op_ctx *ctx, struct nl_msg *msg, const struct add_in *in)
{
	struct nlattr *nest = netlink_nest(msg, IFLA_INFO_DATA);
	int ret = 0;

	if (!strcmp(in->kind, "veth"))
		ret = put_peer(ctx, msg, in);
	if (!strcmp(in->kind, "macvlan") && in->mode != MODE_NONE)
		netlink_put_u32(msg, IFLA_MACVLAN_MODE, in->mode);
	if (!strcmp(in->kind, "ipvlan") && in->mode != MODE_NONE)
		netlink_put_u16(msg, IFLA_IPVLAN_MODE, in->mode & 0xff);
	if (!strcmp(in->kind, "vlan") && in->id >= 0)
		netlink_put_u16(msg, IFLA_VLAN_ID, in->id);
	if (!strcmp(in->kind, "vxlan"))
		put_vxlan(msg, in);
	nla_nest_end(msg, nest);
	return ret;
}

static int put_kind(struct op_ctx *ctx, struct nl_msg *msg, const struct add_in *in)
{
	struct nlattr *nest = netlink_nest(msg, IFLA_LINKINFO);
	int ret;

	netlink_put_str(msg, IFLA_INFO_KIND, in->kind);
	ret = put_data(ctx, msg, in);
	nla_nest_end(msg, nest);
	return ret;
}

static int add_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct add_in *in = params;
	struct link_place place = { .actor = in->in, .fd = in->in_fd };
	unsigned up = in->up ? IFF_UP : 0;
	struct ifinfomsg head = { .ifi_index = in->index, .ifi_flags = up, .ifi_change = up };
	AUTO_MSG *msg = netlink_msg(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &head, sizeof(head));
	int ret = link_put_place(ctx, msg, &place);

	(void)results;
	netlink_put_str(msg, IFLA_IFNAME, in->name);
	link_put_target(msg, in->nsid);
	if (in->mtu)
		netlink_put_u32(msg, IFLA_MTU, in->mtu);
	if (in->group >= 0)
		netlink_put_u32(msg, IFLA_GROUP, in->group);
	if (!ret)
		ret = link_put_mac(ctx, msg, IFLA_ADDRESS, in->address);
	if (!ret)
		ret = link_put_index(msg, IFLA_LINK, in->lower);
	if (!ret)
		ret = link_put_index(msg, IFLA_MASTER, in->master);
	if (!ret)
		ret = put_kind(ctx, msg, in);
	return ret ? ret : netlink_route(ctx, msg, NULL);
}

enum { STATE_KEEP, STATE_UP, STATE_DOWN };

static const struct symbol states[] = {
	{ .name = "keep", .value = STATE_KEEP },
	{ .name = "up", .value = STATE_UP },
	{ .name = "down", .value = STATE_DOWN },
	{ 0 }
};

struct set_in {
	const char *name, *master, *address, *alias, *new_name;
	int64_t index, state, mtu, txqlen, group, nsid;
	bool leave_master;
};

static const struct field set_in_fields[] = {
	F_STR(struct set_in, name, OPTIONAL, "name of the device"),
	F_INT(struct set_in, index, OPTIONAL, 0, INT32_MAX, "its index, instead of the name"),
	F_ENUM(struct set_in, state, OPTIONAL, states, "administrative state"),
	F_STR(struct set_in, master, OPTIONAL, "bridge it becomes a port of"),
	F_BOOL(struct set_in, leave_master, "stop being a port"),
	F_STR(struct set_in, new_name, OPTIONAL, "name it gets"),
	F_INT(struct set_in, mtu, OPTIONAL, 0, INT32_MAX, "largest packet in bytes"),
	F_STR(struct set_in, address, OPTIONAL, "link-layer address"),
	F_STR(struct set_in, alias, OPTIONAL, "free text"),
	F_INT_DEF(struct set_in, txqlen, -1, -1, INT32_MAX,
		  "length of the transmit queue in packets"),
	F_INT_DEF(struct set_in, group, -1, -1, INT32_MAX, "group of devices"),
	LINK_NSID(struct set_in),
	F_END
};

static void put_settings(struct nl_msg *msg, const struct set_in *in)
{
	netlink_put_str(msg, IFLA_IFNAME, in->new_name);
	netlink_put_str(msg, IFLA_IFALIAS, in->alias);
	link_put_target(msg, in->nsid);
	if (in->leave_master)
		netlink_put_u32(msg, IFLA_MASTER, 0);
	if (in->mtu)
		netlink_put_u32(msg, IFLA_MTU, in->mtu);
	if (in->txqlen >= 0)
		netlink_put_u32(msg, IFLA_TXQLEN, in->txqlen);
	if (in->group >= 0)
		netlink_put_u32(msg, IFLA_GROUP, in->group);
}

static int set_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct set_in *in = params;
	unsigned flags = in->state == STATE_UP ? IFF_UP : 0;
	unsigned change = in->state == STATE_KEEP ? 0 : IFF_UP;
	AUTO_MSG *msg = link_msg(RTM_SETLINK, in->name, in->index, flags, change);
	int ret = link_put_mac(ctx, msg, IFLA_ADDRESS, in->address);

	(void)results;
	put_settings(msg, in);
	if (!ret)
		ret = link_put_index(msg, IFLA_MASTER, in->master);
	return ret ? ret : netlink_route(ctx, msg, NULL);
}

struct altname_in {
	const char *name, *altname;
};

static const struct field altname_in_fields[] = {
	F_STR(struct altname_in, name, REQUIRED, "name of the device"),
	F_STR(struct altname_in, altname, REQUIRED, "alternative name to add"),
	F_END
};

static int altname_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct altname_in *in = params;
	AUTO_MSG *msg = link_msg(RTM_NEWLINKPROP, in->name, 0, 0, 0);
	struct nlattr *nest;

	(void)results;
	nlmsg_hdr(msg)->nlmsg_flags |= NLM_F_CREATE | NLM_F_EXCL | NLM_F_APPEND;
	nest = netlink_nest(msg, IFLA_PROP_LIST);
	netlink_put_str(msg, IFLA_ALT_IFNAME, in->altname);
	nla_nest_end(msg, nest);
	return netlink_route(ctx, msg, NULL);
}

struct move_in {
	const char *name, *new_name, *address;
	int64_t index, new_index, pid, mtu;
	struct actor_ref to;
	int fd;
};

static const struct field move_in_fields[] = {
	F_STR(struct move_in, name, OPTIONAL, "name of the device"),
	F_INT(struct move_in, index, OPTIONAL, 0, INT32_MAX, "its index, instead of the name"),
	F_ACTOR(struct move_in, to, OPTIONAL,
		"actor whose network namespace gets it, named by PID"),
	F_FD(struct move_in, fd, OPTIONAL, "network namespace that gets it"),
	F_INT(struct move_in, pid, OPTIONAL, 0, INT32_MAX, "PID whose network namespace gets it"),
	F_STR(struct move_in, new_name, OPTIONAL, "name it gets in the same request"),
	F_INT(struct move_in, new_index, OPTIONAL, 0, INT32_MAX, "index it gets there"),
	F_INT(struct move_in, mtu, OPTIONAL, 0, INT32_MAX, "largest packet in bytes"),
	F_STR(struct move_in, address, OPTIONAL, "link-layer address it gets"),
	F_END
};

static int move_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct move_in *in = params;
	struct link_place place = { .actor = in->to, .fd = in->fd, .pid = in->pid };
	AUTO_MSG *msg = link_msg(RTM_NEWLINK, in->name, in->index, 0, 0);
	int ret = link_put_place(ctx, msg, &place);

	(void)results;
	netlink_put_str(msg, IFLA_IFNAME, in->new_name);
	if (in->new_index)
		netlink_put_u32(msg, IFLA_NEW_IFINDEX, in->new_index);
	if (in->mtu)
		netlink_put_u32(msg, IFLA_MTU, in->mtu);
	if (!ret)
		ret = link_put_mac(ctx, msg, IFLA_ADDRESS, in->address);
	return ret ? ret : netlink_route(ctx, msg, NULL);
}

struct del_in {
	const char *name;
	int64_t index, group, nsid;
};

static const struct field del_in_fields[] = {
	F_STR(struct del_in, name, OPTIONAL, "name of the device"),
	F_INT(struct del_in, index, OPTIONAL, 0, INT32_MAX, "its index, instead of the name"),
	F_INT_DEF(struct del_in, group, -1, -1, INT32_MAX,
		  "all devices of a group, instead of one"),
	LINK_NSID(struct del_in),
	F_END
};

static int del_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct del_in *in = params;
	AUTO_MSG *msg = link_msg(RTM_DELLINK, in->name, in->index, 0, 0);

	(void)results;
	link_put_target(msg, in->nsid);
	if (in->group >= 0)
		netlink_put_u32(msg, IFLA_GROUP, in->group);
	return netlink_route(ctx, msg, NULL);
}

const struct op link_ops[] = {
	{
		.name = "link.add",
		.doc = "Make a network device, here or in another network namespace.",
		.source = "rtnetlink(7) RTM_NEWLINK",
		OP_IN(add),
		.touches = NSM_NET, .mutates = NSM_NET,
		.asks = "cap.NET_ADMIN",
		.run = add_run,
	},
	{
		.name = "link.set",
		.doc = "Change a network device.",
		.source = "rtnetlink(7) RTM_SETLINK",
		OP_IN(set),
		.touches = NSM_NET, .mutates = NSM_NET,
		.asks = "cap.NET_ADMIN",
		.run = set_run,
	},
	{
		.name = "link.altname",
		.doc = "Give a network device one more name.",
		.source = "net/core/rtnetlink.c RTM_NEWLINKPROP",
		OP_IN(altname),
		.touches = NSM_NET, .mutates = NSM_NET,
		.asks = "cap.NET_ADMIN",
		.run = altname_run,
	},
	{
		.name = "link.move",
		.doc = "Move a network device to another network namespace.",
		.source = "rtnetlink(7) IFLA_NET_NS_PID, IFLA_NET_NS_FD",
		OP_IN(move),
		.touches = NSM_NET, .mutates = NSM_NET,
		.asks = "cap.NET_ADMIN",
		.run = move_run,
	},
	{
		.name = "link.del",
		.doc = "Delete a network device, or those of a group.",
		.source = "rtnetlink(7) RTM_DELLINK",
		OP_IN(del),
		.touches = NSM_NET, .mutates = NSM_NET,
		.asks = "cap.NET_ADMIN",
		.run = del_run,
	},
	{ 0 }
};
