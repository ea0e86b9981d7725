// SPDX-License-Identifier: GPL-2.0-only
/*
 * Routes and route look-ups, by rtnetlink.  Policy rules: rule.c.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#include "../seen.h"
#include "../../net/netlink.h"

static const struct symbol types[] = {
	{ .name = "unicast", .value = RTN_UNICAST },
	{ .name = "local", .value = RTN_LOCAL },
	{ .name = "broadcast", .value = RTN_BROADCAST },
	{ .name = "anycast", .value = RTN_ANYCAST },
	{ .name = "multicast", .value = RTN_MULTICAST },
	{ .name = "blackhole", .value = RTN_BLACKHOLE },
	{ .name = "unreachable", .value = RTN_UNREACHABLE },
	{ .name = "prohibit", .value = RTN_PROHIBIT },
	{ 0 }
};

#define ADD_IN(F, S) \
	F(S, ADDR, to, REQUIRED, "destination prefix; 0.0.0.0/0 is the default route") \
	F(S, ENUM_DEF, type, RTN_UNICAST, types, "what happens to packets") \
	F(S, ADDR, via, OPTIONAL, "address of the next hop") \
	F(S, STR, dev, OPTIONAL, "device to send through") \
	F(S, INT, nexthop, OPTIONAL, 0, INT32_MAX, "id of a next hop object instead") \
	F(S, INT_DEF, table, RT_TABLE_MAIN, 1, INT32_MAX, "number of the table") \
	F(S, INT, metric, OPTIONAL, 0, INT32_MAX, "preference, lowest first")
FIELDS(add_in, ADD_IN);

/* What the route leads to; 0, or -errno. */
static int put_target(struct nl_msg *msg, const struct add_in *in)
{
	struct netlink_addr via;
	unsigned index = in->dev ? netlink_index(in->dev) : 0;

	if (in->dev && !index)
		return -ENODEV;
	if (index)
		netlink_put_u32(msg, RTA_OIF, index);
	if (in->via && !netlink_addr_parse(in->via, &via))
		netlink_put(msg, RTA_GATEWAY, via.bytes, via.len);
	if (in->nexthop)
		netlink_put_u32(msg, RTA_NH_ID, in->nexthop);
	return 0;
}

static int route_add_run(struct op_ctx *ctx, const struct add_in *in, struct none *out)
{
	struct rtmsg head = { .rtm_type = in->type, .rtm_protocol = RTPROT_STATIC };
	struct netlink_addr to;
	int ret;

	if (netlink_addr_parse(in->to, &to) < 0)
		return op_broken(ctx, "not an address: %s", in->to);
	head.rtm_family = to.family;
	head.rtm_dst_len = to.prefix;
	/* A route to a device alone is a link one. */
	head.rtm_scope = in->dev && !in->via ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE;

	AUTO_MSG *msg = netlink_msg(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, &head, sizeof(head));
	netlink_put_u32(msg, RTA_TABLE, in->table);
	if (to.prefix)
		netlink_put(msg, RTA_DST, to.bytes, to.len);
	if (in->metric)
		netlink_put_u32(msg, RTA_PRIORITY, in->metric);
	ret = put_target(msg, in);
	return ret ? ret : netlink_route(ctx, msg, NULL);
}
OP(route_add, "route.add", add_in, none,
	.doc = "Add a route.",
	.source = "rtnetlink(7) RTM_NEWROUTE", .config = "INET", .asks = "cap.NET_ADMIN",
	.touches = NSM_NET, .mutates = NSM_NET,
	.seen = SEEN_NET);

/* One route, in the words of add_in. */
#define ROUTE(F, S) \
	F(S, ENUM, type, REQUIRED, types, "what happens to packets") \
	F(S, STR, dev, REQUIRED, "device to send through, empty without one") \
	F(S, STR, via, REQUIRED, "address of the next hop, empty without one") \
	F(S, STR, to, REQUIRED, "the destination") \
	F(S, INT, table, REQUIRED, 0, 0, "number of the table")
FIELDS(route, ROUTE);

static void read_route(struct pool *pool, struct nlmsghdr *part, struct route *route)
{
	const struct rtmsg *head = nlmsg_data(part);
	struct nlattr *attrs[RTA_MAX + 1];
	const char *zero = head->rtm_family == AF_INET6 ? "::" : "0.0.0.0";
	unsigned index;

	netlink_attrs(part, sizeof(*head), attrs, RTA_MAX);
	route->to = attrs[RTA_DST]
		? netlink_addr_show(pool, head->rtm_family, attrs[RTA_DST]) : zero;
	route->to = pool_printf(pool, "%s/%u", route->to, head->rtm_dst_len);
	route->via = attrs[RTA_GATEWAY]
		? netlink_addr_show(pool, head->rtm_family, attrs[RTA_GATEWAY]) : "";
	index = netlink_u32(attrs[RTA_OIF], 0);
	route->dev = index ? netlink_name(pool, index) : "";
	route->type = head->rtm_type;
	route->table = netlink_u32(attrs[RTA_TABLE], head->rtm_table);
}

static const char *show(struct pool *pool, const struct route *route)
{
	const struct symbol *type = symbol_of(types, route->type);

	return pool_printf(pool, "%s %s%s%s%s%s table %lld", type ? type->name : "?", route->to,
			   *route->via ? " via " : "", route->via, *route->dev ? " dev " : "",
			   route->dev, (long long)route->table);
}

#define LIST_IN(F, S) \
	F(S, ENUM_DEF, family, AF_UNSPEC, netlink_families, "only of this family") \
	F(S, INT, table, OPTIONAL, 0, INT32_MAX, "only of this table; 0 is all of them")
FIELDS(list_in, LIST_IN);

#define LIST_OUT(F, S) \
	F(S, STRS, routes, REQUIRED, \
	  "`TYPE PREFIX [via ADDRESS] [dev NAME] table NUMBER`, in the order of the kernel") \
	F(S, TOTAL, count, "how many")
FIELDS(list_out, LIST_OUT);

static int route_list_run(struct op_ctx *ctx, const struct list_in *in, struct list_out *out)
{
	struct rtmsg head = { .rtm_family = in->family };
	AUTO_MSG *msg = netlink_msg(RTM_GETROUTE, NLM_F_DUMP, &head, sizeof(head));
	struct netlink_answer answer = { 0 };
	int ret = netlink_route(ctx, msg, &answer);
	struct route route;
	size_t i;

	for (i = 0; i < answer.n; i++) {
		read_route(ctx->pool, answer.v[i], &route);
		if (!in->table || route.table == in->table)
			netlink_push_text(ctx->pool, &out->routes, show(ctx->pool, &route));
	}
	out->count = out->routes.n;
	return ret;
}
OP(route_list, "route.list", list_in, list_out,
	.doc = "List routes, of all tables unless told otherwise.",
	.source = "rtnetlink(7) RTM_GETROUTE", .config = "INET",
	.touches = NSM_NET);

#define GET_IN(F, S) \
	F(S, ADDR, to, REQUIRED, "destination address")
FIELDS(get_in, GET_IN);

static int route_get_run(struct op_ctx *ctx, const struct get_in *in, struct route *out)
{
	struct rtmsg head = { 0 };
	struct netlink_answer answer = { 0 };
	struct netlink_addr to;
	int ret;

	if (netlink_addr_parse(in->to, &to) < 0)
		return op_broken(ctx, "not an address: %s", in->to);
	head.rtm_family = to.family;
	head.rtm_dst_len = to.prefix;
	head.rtm_flags = RTM_F_LOOKUP_TABLE; /* else it says main, whichever table answered */
	AUTO_MSG *msg = netlink_msg(RTM_GETROUTE, 0, &head, sizeof(head));
	netlink_put(msg, RTA_DST, to.bytes, to.len);
	ret = netlink_route(ctx, msg, &answer);
	if (ret)
		return ret;
	if (answer.n != 1)
		return op_broken(ctx, "%zu answers to a look-up", answer.n);
	read_route(ctx->pool, answer.v[0], out);
	return 0;
}
OP(route_get, "route.get", get_in, route,
	.doc = "Look up where a packet to an address would go.",
	.source = "rtnetlink(7) RTM_GETROUTE", .config = "INET",
	.touches = NSM_NET);
