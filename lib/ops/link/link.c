// SPDX-License-Identifier: GPL-2.0-only
/*
 * Making, changing, moving and deleting network devices.  Looking at them: info.c.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <string.h>

#include "../seen.h"
#include "../../net/link_data.h"

#define ADD_IN(F, S) \
	F(S, STR, kind, REQUIRED, "kind of device as the kernel spells it, e.g. veth") \
	F(S, STR, name, OPTIONAL, "name; without one the kernel numbers it") \
	F(S, INT, index, OPTIONAL, 0, INT32_MAX, "interface index; 0 is a free one") \
	F(S, ACTOR, in, OPTIONAL, "actor in whose network namespace it is made") \
	F(S, FD, in_fd, OPTIONAL, "network namespace in which it is made") \
	F(S, STR, peer, OPTIONAL, "name of the other end (veth, netkit)") \
	F(S, INT, peer_index, OPTIONAL, 0, INT32_MAX, "index of the other end") \
	F(S, ACTOR, peer_in, OPTIONAL, "actor in whose namespace the other end is made") \
	F(S, FD, peer_fd, OPTIONAL, "network namespace in which the other end is made") \
	F(S, STR, lower, OPTIONAL, "device of the caller that it sits on (macvlan, vlan)") \
	F(S, INT, lower_index, OPTIONAL, 0, INT32_MAX, \
	  "its index, instead of the name; there, where the device begins") \
	LINK_DATA(F, S) \
	F(S, INT, mtu, OPTIONAL, 0, INT32_MAX, "largest packet in bytes") \
	F(S, INT_DEF, group, -1, -1, INT32_MAX, "group of devices; -1 is the default one") \
	F(S, STR, address, OPTIONAL, "link-layer address") \
	F(S, STR, master, OPTIONAL, "bridge it becomes a port of") \
	F(S, INT_DEF, link_nsid, -1, -1, INT32_MAX, \
	  "id of the network namespace in which it begins, as where its lower device is") \
	LINK_NSID(F, S) \
	F(S, BOOL, up, "bring it up in the same request")
FIELDS(add_in, ADD_IN);

static int put_peer(struct op_ctx *ctx, struct nl_msg *msg, const struct add_in *in)
{
	struct link_place place = { .actor = in->peer_in, .fd = in->peer_fd };
	struct ifinfomsg head = { .ifi_index = in->peer_index };
	struct nlattr *nest = netlink_nest(msg, link_peer_attr(in->kind));
	int ret;

	if (nlmsg_append(msg, &head, sizeof(head), NLMSG_ALIGNTO) < 0)
		return op_broken(ctx, "message too long");
	netlink_put_str(msg, IFLA_IFNAME, in->peer);
	ret = link_put_place(ctx, msg, &place);
	nla_nest_end(msg, nest);
	return ret;
}

/* What only one kind knows: the attributes below IFLA_INFO_DATA. */
static int put_data(struct op_ctx *ctx, struct nl_msg *msg, const struct add_in *in)
{
	struct link_data data = link_data_new(LINK_DATA_OF(in));
	struct nlattr *nest = netlink_nest(msg, IFLA_INFO_DATA);
	int ret = link_put_data(ctx, msg, &data);

	if (!ret && link_peer_attr(in->kind))
		ret = put_peer(ctx, msg, in);
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

static int link_add_run(struct op_ctx *ctx, const struct add_in *in, struct none *out)
{
	struct link_place place = { .actor = in->in, .fd = in->in_fd };
	unsigned up = in->up ? IFF_UP : 0;
	struct ifinfomsg head = { .ifi_index = in->index, .ifi_flags = up, .ifi_change = up };
	AUTO_MSG *msg = netlink_msg(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &head, sizeof(head));
	int ret = link_put_place(ctx, msg, &place);

	netlink_put_str(msg, IFLA_IFNAME, in->name);
	link_put_target(msg, in->nsid);
	if (in->link_nsid >= 0)
		netlink_put_u32(msg, IFLA_LINK_NETNSID, in->link_nsid);
	if (in->mtu)
		netlink_put_u32(msg, IFLA_MTU, in->mtu);
	if (in->group >= 0)
		netlink_put_u32(msg, IFLA_GROUP, in->group);
	if (!ret)
		ret = link_put_mac(ctx, msg, IFLA_ADDRESS, in->address);
	if (in->lower_index)
		netlink_put_u32(msg, IFLA_LINK, in->lower_index);
	if (!ret)
		ret = link_put_index(msg, IFLA_LINK, in->lower);
	if (!ret)
		ret = link_put_index(msg, IFLA_MASTER, in->master);
	if (!ret)
		ret = put_kind(ctx, msg, in);
	return ret ? ret : netlink_route(ctx, msg, NULL);
}

static int link_add_check(struct op_ctx *ctx, const struct add_in *in, const struct none *out)
{
	struct nlmsghdr *part;

	/* In another namespace it is for somebody else to see. */
	if (in->in.pidfd >= 0 || in->in_fd >= 0 || in->nsid >= 0)
		return 0;
	return link_ask(ctx, in->name, 0, &part) == -ENODEV ?
		       op_undone(ctx, "there is no device %s", in->name) : 0;
}
OP_CHECK(link_add, add_in, none)
OP(link_add, "link.add", add_in, none,
	.doc = "Make a network device, here or in another network namespace.",
	.source = "rtnetlink(7) RTM_NEWLINK", .asks = "cap.NET_ADMIN",
	.touches = NSM_NET, .mutates = NSM_NET,
	.check = link_add_checked,
	.seen = SEEN_NET);

enum { STATE_KEEP, STATE_UP, STATE_DOWN };

static const struct symbol states[] = {
	{ .name = "keep", .value = STATE_KEEP },
	{ .name = "up", .value = STATE_UP },
	{ .name = "down", .value = STATE_DOWN },
	{ 0 }
};

#define SET_IN(F, S) \
	F(S, STR, name, OPTIONAL, "name of the device") \
	F(S, INT, index, OPTIONAL, 0, INT32_MAX, "its index, instead of the name") \
	F(S, ENUM, state, OPTIONAL, states, "administrative state") \
	F(S, STR, master, OPTIONAL, "bridge it becomes a port of") \
	F(S, BOOL, leave_master, "stop being a port") \
	F(S, STR, new_name, OPTIONAL, "name it gets") \
	F(S, INT, mtu, OPTIONAL, 0, INT32_MAX, "largest packet in bytes") \
	F(S, STR, address, OPTIONAL, "link-layer address") \
	F(S, STR, alias, OPTIONAL, "free text") \
	F(S, INT_DEF, txqlen, -1, -1, INT32_MAX, "length of the transmit queue in packets") \
	F(S, INT_DEF, group, -1, -1, INT32_MAX, "group of devices") \
	LINK_NSID(F, S)
FIELDS(set_in, SET_IN);

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

static int link_set_run(struct op_ctx *ctx, const struct set_in *in, struct none *out)
{
	unsigned flags = in->state == STATE_UP ? IFF_UP : 0;
	unsigned change = in->state == STATE_KEEP ? 0 : IFF_UP;
	AUTO_MSG *msg = link_msg(RTM_SETLINK, in->name, in->index, flags, change);
	int ret = link_put_mac(ctx, msg, IFLA_ADDRESS, in->address);

	put_settings(msg, in);
	if (!ret)
		ret = link_put_index(msg, IFLA_MASTER, in->master);
	return ret ? ret : netlink_route(ctx, msg, NULL);
}

static int link_set_check(struct op_ctx *ctx, const struct set_in *in, const struct none *out)
{
	const char *name = in->new_name ? in->new_name : in->name;
	const struct ifinfomsg *now;
	struct nlmsghdr *part;

	if (in->nsid >= 0)
		return 0;
	int rc = link_ask(ctx, name, in->index, &part);

	if (rc == -ENODEV)
		return op_undone(ctx, "there is no device %s", name);
	if (rc < 0 || in->state == STATE_KEEP)
		return 0;
	now = nlmsg_data(part);
	bool up = now->ifi_flags & IFF_UP;

	return up == (in->state == STATE_UP) ? 0 :
		op_undone(ctx, "the device is %s", up ? "up" : "down");
}
OP_CHECK(link_set, set_in, none)
OP(link_set, "link.set", set_in, none,
	.doc = "Change a network device.",
	.source = "rtnetlink(7) RTM_SETLINK", .asks = "cap.NET_ADMIN",
	.touches = NSM_NET, .mutates = NSM_NET,
	.check = link_set_checked,
	.seen = SEEN_NET);

#define ALTNAME_IN(F, S) \
	F(S, STR, name, REQUIRED, "name of the device") \
	F(S, STR, altname, REQUIRED, "alternative name to add")
FIELDS(altname_in, ALTNAME_IN);

static int link_altname_run(struct op_ctx *ctx, const struct altname_in *in, struct none *out)
{
	AUTO_MSG *msg = link_msg(RTM_NEWLINKPROP, in->name, 0, 0, 0);
	struct nlattr *nest;

	nlmsg_hdr(msg)->nlmsg_flags |= NLM_F_CREATE | NLM_F_EXCL | NLM_F_APPEND;
	nest = netlink_nest(msg, IFLA_PROP_LIST);
	netlink_put_str(msg, IFLA_ALT_IFNAME, in->altname);
	nla_nest_end(msg, nest);
	return netlink_route(ctx, msg, NULL);
}
OP(link_altname, "link.altname", altname_in, none,
	.doc = "Give a network device one more name.",
	.source = "net/core/rtnetlink.c RTM_NEWLINKPROP", .asks = "cap.NET_ADMIN release.5.5",
	.touches = NSM_NET, .mutates = NSM_NET,
	.seen = SEEN_NET);

#define MOVE_IN(F, S) \
	F(S, STR, name, OPTIONAL, "name of the device") \
	F(S, INT, index, OPTIONAL, 0, INT32_MAX, "its index, instead of the name") \
	F(S, ACTOR, to, OPTIONAL, "actor whose network namespace gets it, named by PID") \
	F(S, FD, fd, OPTIONAL, "network namespace that gets it") \
	F(S, INT, pid, OPTIONAL, 0, INT32_MAX, "PID whose network namespace gets it") \
	F(S, STR, new_name, OPTIONAL, "name it gets in the same request") \
	F(S, INT, new_index, OPTIONAL, 0, INT32_MAX, "index it gets there") \
	F(S, INT, mtu, OPTIONAL, 0, INT32_MAX, "largest packet in bytes") \
	F(S, STR, address, OPTIONAL, "link-layer address it gets")
FIELDS(move_in, MOVE_IN);

static int link_move_run(struct op_ctx *ctx, const struct move_in *in, struct none *out)
{
	struct link_place place = { .actor = in->to, .fd = in->fd, .pid = in->pid };
	AUTO_MSG *msg = link_msg(RTM_NEWLINK, in->name, in->index, 0, 0);
	int ret = link_put_place(ctx, msg, &place);

	netlink_put_str(msg, IFLA_IFNAME, in->new_name);
	if (in->new_index)
		netlink_put_u32(msg, IFLA_NEW_IFINDEX, in->new_index);
	if (in->mtu)
		netlink_put_u32(msg, IFLA_MTU, in->mtu);
	if (!ret)
		ret = link_put_mac(ctx, msg, IFLA_ADDRESS, in->address);
	return ret ? ret : netlink_route(ctx, msg, NULL);
}

static int link_move_check(struct op_ctx *ctx, const struct move_in *in, const struct none *out)
{
	struct nlmsghdr *part;

	if (!in->name || in->index || link_ask(ctx, in->name, 0, &part) < 0)
		return 0;
	return op_undone(ctx, "%s is still here", in->name);
}
OP_CHECK(link_move, move_in, none)
OP(link_move, "link.move", move_in, none,
	.doc = "Move a network device to another network namespace.",
	.source = "rtnetlink(7) IFLA_NET_NS_PID, IFLA_NET_NS_FD", .asks = "cap.NET_ADMIN",
	.touches = NSM_NET, .mutates = NSM_NET,
	.check = link_move_checked,
	.seen = SEEN_NET);

#define DEL_IN(F, S) \
	F(S, STR, name, OPTIONAL, "name of the device") \
	F(S, INT, index, OPTIONAL, 0, INT32_MAX, "its index, instead of the name") \
	F(S, INT_DEF, group, -1, -1, INT32_MAX, "all devices of a group, instead of one") \
	LINK_NSID(F, S)
FIELDS(del_in, DEL_IN);

static int link_del_run(struct op_ctx *ctx, const struct del_in *in, struct none *out)
{
	AUTO_MSG *msg = link_msg(RTM_DELLINK, in->name, in->index, 0, 0);

	link_put_target(msg, in->nsid);
	if (in->group >= 0)
		netlink_put_u32(msg, IFLA_GROUP, in->group);
	return netlink_route(ctx, msg, NULL);
}

static int link_del_check(struct op_ctx *ctx, const struct del_in *in, const struct none *out)
{
	struct nlmsghdr *part;

	if (!in->name || in->index || in->nsid >= 0 || in->group >= 0 ||
	    link_ask(ctx, in->name, 0, &part) < 0)
		return 0;
	return op_undone(ctx, "%s is still here", in->name);
}
OP_CHECK(link_del, del_in, none)
OP(link_del, "link.del", del_in, none,
	.doc = "Delete a network device, or those of a group.",
	.source = "rtnetlink(7) RTM_DELLINK", .asks = "cap.NET_ADMIN",
	.touches = NSM_NET, .mutates = NSM_NET,
	.check = link_del_checked,
	.seen = SEEN_NET);
