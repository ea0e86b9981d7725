// SPDX-License-Identifier: GPL-2.0-only
/*
 * Looking at network devices, and waiting for a state of one.  Changing them: link.c.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/if.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <string.h>

#include "../../net/link.h"
#include "nsc/sys.h"
#include "uapi/rtnetlink.h"

#define ATTR_MAX NSC_IFLA_NETNS_IMMUTABLE

FIELDS(list_in, LINK_NSID);

#define LIST_OUT(F, S) \
	F(S, STRS, names, REQUIRED, "names, in the order of the kernel") \
	F(S, INTS, indexes, REQUIRED, 0, 0, "indexes, in the same order") \
	F(S, TOTAL, count, "how many")
FIELDS(list_out, LIST_OUT);

/*
 * Tunnel modules put a device of their own into every new namespace unless
 * net.core.fb_tunnels_only_for_init_net is set; they are the machine's business.
 */
static bool is_fallback(const char *name)
{
	static const char *const names[] = { "tunl0", "gre0", "gretap0", "erspan0", "sit0",
					     "ip_vti0", "ip6_vti0", "ip6tnl0", "ip6gre0" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(name, names[i]))
			return true;
	return false;
}

static int link_list_run(struct op_ctx *ctx, const struct list_in *in, struct list_out *out)
{
	struct ifinfomsg head = { 0 };
	AUTO_MSG *msg = netlink_msg(RTM_GETLINK, NLM_F_DUMP, &head, sizeof(head));
	struct netlink_answer answer = { 0 };
	struct nlattr *attrs[ATTR_MAX + 1];
	const char *name;
	int ret;
	size_t i;

	link_put_target(msg, in->nsid);
	ret = netlink_route(ctx, msg, &answer);
	for (i = 0; i < answer.n; i++) {
		netlink_attrs(answer.v[i], sizeof(head), attrs, ATTR_MAX);
		name = netlink_text(ctx->pool, attrs[IFLA_IFNAME]);
		if (is_fallback(name))
			continue;
		netlink_push_text(ctx->pool, &out->names, name);
		netlink_push_int(ctx->pool, &out->indexes,
				 ((struct ifinfomsg *)nlmsg_data(answer.v[i]))->ifi_index);
	}
	out->count = out->names.n;
	return ret;
}
OP(link_list, "link.list", list_in, list_out,
	.doc = "List the network devices, without the fallback devices of tunnel modules.",
	.source = "rtnetlink(7) RTM_GETLINK",
	.touches = NSM_NET);

#define GET_IN(F, S) \
	F(S, STR, name, OPTIONAL, "name of the device") \
	F(S, INT, index, OPTIONAL, 0, INT32_MAX, "its index, instead of the name")
FIELDS(get_in, GET_IN);

#define GET_OUT(F, S) \
	F(S, STR, name, REQUIRED, "name") \
	F(S, INT, index, REQUIRED, 0, 0, "index") \
	F(S, STR, kind, REQUIRED, "kind, empty for a device without one") \
	F(S, BOOL, up, "administratively up") \
	F(S, BOOL, carrier, "up and connected: can pass packets") \
	F(S, BOOL, loopback, "of the loopback type") \
	F(S, INT, mtu, REQUIRED, 0, 0, "largest packet in bytes") \
	F(S, INT, txqlen, REQUIRED, 0, 0, "length of the transmit queue in packets") \
	F(S, STR, address, REQUIRED, "link-layer address") \
	F(S, STR, alias, REQUIRED, "free text, empty without one") \
	F(S, STRS, altnames, REQUIRED, "alternative names") \
	F(S, STR, master, REQUIRED, "bridge it is a port of, empty without one") \
	F(S, INT, group, REQUIRED, 0, 0, "group of devices") \
	F(S, INT, lower, REQUIRED, 0, 0, "index of the peer or lower device, 0 without one") \
	F(S, INT, netnsid, REQUIRED, 0, 0, \
	  "id of the namespace of that device, -1 when not given") \
	F(S, INT, immutable, REQUIRED, 0, 0, \
	  "1 if it cannot change namespace, 0 if it can, -1 if the kernel does not tell") \
	F(S, TOTAL, promiscuity, "how many want every frame of it") \
	F(S, BOOL, xdp, "a program looks at each frame first") \
	F(S, TOTAL, rx_packets, "packets received") \
	F(S, TOTAL, tx_packets, "packets sent")
FIELDS(get_out, GET_OUT);

static const char *kind_of(struct pool *pool, struct nlattr *info)
{
	struct nlattr *attrs[IFLA_INFO_MAX + 1];

	if (!info || nla_parse_nested(attrs, IFLA_INFO_MAX, info, NULL) < 0)
		return "";
	return netlink_text(pool, attrs[IFLA_INFO_KIND]);
}

static void altnames_of(struct pool *pool, struct nlattr *list, struct strs *names)
{
	struct nlattr *pos;
	int rest;

	if (!list)
		return;
	nla_for_each_nested(pos, list, rest)
		if (nla_type(pos) == IFLA_ALT_IFNAME)
			netlink_push_text(pool, names, netlink_text(pool, pos));
}

static bool carries(const struct ifinfomsg *head)
{
	unsigned needed = IFF_UP | IFF_RUNNING | IFF_LOWER_UP;

	return (head->ifi_flags & needed) == needed;
}

static bool has_xdp(struct nlattr *nest)
{
	struct nlattr *attrs[IFLA_XDP_MAX + 1];

	if (!nest || nla_parse_nested(attrs, IFLA_XDP_MAX, nest, NULL) < 0 ||
	    !attrs[IFLA_XDP_ATTACHED])
		return false;
	return nla_get_u8(attrs[IFLA_XDP_ATTACHED]) != XDP_ATTACHED_NONE;
}

static void describe(struct pool *pool, struct nlmsghdr *part, struct get_out *out)
{
	const struct ifinfomsg *head = nlmsg_data(part);
	struct rtnl_link_stats64 stats = { 0 };
	struct nlattr *attrs[ATTR_MAX + 1];
	uint32_t master;

	netlink_attrs(part, sizeof(*head), attrs, ATTR_MAX);
	out->name = netlink_text(pool, attrs[IFLA_IFNAME]);
	out->index = head->ifi_index;
	out->kind = kind_of(pool, attrs[IFLA_LINKINFO]);
	out->up = head->ifi_flags & IFF_UP;
	out->carrier = carries(head);
	out->loopback = head->ifi_flags & IFF_LOOPBACK;
	out->mtu = netlink_u32(attrs[IFLA_MTU], 0);
	out->txqlen = netlink_u32(attrs[IFLA_TXQLEN], 0);
	out->address = link_mac(pool, attrs[IFLA_ADDRESS]);
	out->alias = netlink_text(pool, attrs[IFLA_IFALIAS]);
	altnames_of(pool, attrs[IFLA_PROP_LIST], &out->altnames);
	master = netlink_u32(attrs[IFLA_MASTER], 0);
	out->master = master ? netlink_name(pool, master) : "";
	out->group = netlink_u32(attrs[IFLA_GROUP], 0);
	out->lower = netlink_u32(attrs[IFLA_LINK], 0);
	out->netnsid = (int32_t)netlink_u32(attrs[IFLA_LINK_NETNSID], -1);
	out->immutable = -1;
	if (attrs[NSC_IFLA_NETNS_IMMUTABLE])
		out->immutable = nla_get_u8(attrs[NSC_IFLA_NETNS_IMMUTABLE]);
	out->promiscuity = netlink_u32(attrs[IFLA_PROMISCUITY], 0);
	out->xdp = has_xdp(attrs[IFLA_XDP]);
	if (attrs[IFLA_STATS64])
		nla_memcpy(&stats, attrs[IFLA_STATS64], sizeof(stats));
	out->rx_packets = stats.rx_packets;
	out->tx_packets = stats.tx_packets;
}

static int link_get_run(struct op_ctx *ctx, const struct get_in *in, struct get_out *out)
{
	struct nlmsghdr *part;
	int ret = link_ask(ctx, in->name, in->index, &part);

	if (!ret)
		describe(ctx->pool, part, out);
	return ret;
}
OP(link_get, "link.get", get_in, get_out,
	.doc = "Read the state of a network device.",
	.source = "rtnetlink(7) RTM_GETLINK",
	.touches = NSM_NET);

enum { UNTIL_CARRIER, UNTIL_NO_CARRIER, UNTIL_PRESENT, UNTIL_GONE };

static const struct symbol until_symbols[] = {
	{ .name = "carrier", .value = UNTIL_CARRIER, .doc = "up and connected" },
	{ .name = "no-carrier", .value = UNTIL_NO_CARRIER, .doc = "there, but down or cut" },
	{ .name = "present", .value = UNTIL_PRESENT, .doc = "there" },
	{ .name = "gone", .value = UNTIL_GONE, .doc = "not there any more" },
	{ 0 }
};

#define WAIT_IN(F, S) \
	F(S, STR, name, REQUIRED, "name of the device") \
	F(S, ENUM_DEF, until, UNTIL_CARRIER, until_symbols, "state to wait for")
FIELDS(wait_in, WAIT_IN);

/* 1 when the device is as wanted, 0 when not yet, OP_BROKEN. */
static int reached(struct op_ctx *ctx, const struct wait_in *in)
{
	struct nlmsghdr *part = NULL;
	int ret = link_ask(ctx, in->name, 0, &part);

	if (ret == -ENODEV)
		return in->until == UNTIL_GONE;
	if (ret < 0)
		return ret == OP_BROKEN ? ret : op_broken(ctx, "RTM_GETLINK: %s", strerror(-ret));
	if (in->until == UNTIL_CARRIER || in->until == UNTIL_NO_CARRIER)
		return carries(nlmsg_data(part)) == (in->until == UNTIL_CARRIER);
	return in->until == UNTIL_PRESENT;
}

/* Listen first, look afterwards: a change in between is then an event. */
static int link_wait_run(struct op_ctx *ctx, const struct wait_in *in, struct none *out)
{
	const int groups[] = { RTNLGRP_LINK };
	struct netlink_answer events = { 0 };
	AUTO_FD fd = -1;
	int ret = netlink_open(ctx, NETLINK_ROUTE, groups, 1, &fd);

	while (!ret) {
		struct pollfd poller = { .fd = fd, .events = POLLIN };

		ret = reached(ctx, in);
		if (ret)
			break;
		if (poll(&poller, 1, op_left_ms(ctx)) <= 0)
			return op_timed_out(ctx, "%s did not get there", in->name);
		ret = netlink_drain(ctx, fd, &events);
	}
	return ret == 1 ? 0 : ret;
}
OP(link_wait, "link.wait", wait_in, none,
	.doc = "Wait until a network device is in a state; ETIMEDOUT when it is not before the "
	       "step's deadline.",
	.source = "rtnetlink(7) RTNLGRP_LINK",
	.touches = NSM_NET,
	.unseen = "it waits until the device is seen to be so");
