// SPDX-License-Identifier: GPL-2.0-only
/*
 * Routes and route look-ups, by rtnetlink.  Policy rules: rule.c.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#include "../sys/netlink.h"

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

struct add_in {
	const char *to, *via, *dev;
	int64_t type, table, metric, nexthop;
};

static const struct field add_in_fields[] = {
	F_ADDR(struct add_in, to, REQUIRED,
	       "destination prefix; 0.0.0.0/0 is the default route"),
	F_ENUM_DEF(struct add_in, type, RTN_UNICAST, types, "what happens to packets"),
	F_ADDR(struct add_in, via, OPTIONAL, "address of the next hop"),
	F_STR(struct add_in, dev, OPTIONAL, "device to send through"),
	F_INT(struct add_in, nexthop, OPTIONAL, 0, INT32_MAX, "id of a next hop object instead"),
	F_INT_DEF(struct add_in, table, RT_TABLE_MAIN, 1, INT32_MAX, "number of the table"),
	F_INT(struct add_in, metric, OPTIONAL, 0, INT32_MAX, "preference, lowest first"),
	F_END
};

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

static int add_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct add_in *in = params;
	struct rtmsg head = { .rtm_type = in->type, .rtm_protocol = RTPROT_STATIC };
	struct netlink_addr to;
	int ret;

	(void)results;
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

/* One route, in the words of add_in. */
struct route {
	const char *to, *via, *dev;
	int64_t type, table;
};

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

struct list_in {
	int64_t family, table;
};

static const struct field list_in_fields[] = {
	F_ENUM_DEF(struct list_in, family, AF_UNSPEC, netlink_families, "only of this family"),
	F_INT(struct list_in, table, OPTIONAL, 0, INT32_MAX,
	      "only of this table; 0 is all of them"),
	F_END
};

struct list_out {
	struct strs routes;
	int64_t count;
};

static const struct field list_out_fields[] = {
	F_STRS(struct list_out, routes, REQUIRED,
	       "`TYPE PREFIX [via ADDRESS] [dev NAME] table NUMBER`, in the order of the kernel"),
	F_INT(struct list_out, count, REQUIRED, 0, 0, "how many"),
	F_END
};

static int list_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct list_in *in = params;
	struct rtmsg head = { .rtm_family = in->family };
	AUTO_MSG *msg = netlink_msg(RTM_GETROUTE, NLM_F_DUMP, &head, sizeof(head));
	struct netlink_answer answer = { 0 };
	struct list_out *out = results;
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

struct get_in {
	const char *to;
};

static const struct field get_in_fields[] = {
	F_ADDR(struct get_in, to, REQUIRED, "destination address"),
	F_END
};

static const struct field get_out_fields[] = {
	F_ENUM(struct route, type, REQUIRED, types, "what happens to packets"),
	F_STR(struct route, dev, REQUIRED, "device to send through, empty without one"),
	F_STR(struct route, via, REQUIRED, "address of the next hop, empty without one"),
	F_STR(struct route, to, REQUIRED, "the destination"),
	F_INT(struct route, table, REQUIRED, 0, 0, "number of the table"),
	F_END
};

static int get_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct get_in *in = params;
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
	read_route(ctx->pool, answer.v[0], results);
	return 0;
}

const struct op route_ops[] = {
	{
		.name = "route.add",
		.doc = "Add a route.",
		.source = "rtnetlink(7) RTM_NEWROUTE",
		.config = "INET",
		OP_IN(add),
		.touches = NSM_NET, .mutates = NSM_NET,
		.asks = "cap.NET_ADMIN",
		.run = add_run,
	},
	{
		.name = "route.list",
		.doc = "List routes, of all tables unless told otherwise.",
		.source = "rtnetlink(7) RTM_GETROUTE",
		.config = "INET",
		OP_IN(list), OP_OUT(list),
		.touches = NSM_NET,
		.run = list_run,
	},
	{
		.name = "route.get",
		.doc = "Look up where a packet to an address would go.",
		.source = "rtnetlink(7) RTM_GETROUTE",
		.config = "INET",
		OP_IN(get), .out = get_out_fields, .out_size = sizeof(struct route),
		.touches = NSM_NET,
		.run = get_run,
	},
	{ 0 }
};
