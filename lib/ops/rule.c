// SPDX-License-Identifier: GPL-2.0-only
/*
 * Policy routing rules and next hop objects, by rtnetlink.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/fib_rules.h>
#include <linux/nexthop.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#include "../sys/netlink.h"

static const struct symbol actions[] = {
	{ .name = "lookup", .value = FR_ACT_TO_TBL },
	{ .name = "blackhole", .value = FR_ACT_BLACKHOLE },
	{ .name = "unreachable", .value = FR_ACT_UNREACHABLE },
	{ .name = "prohibit", .value = FR_ACT_PROHIBIT },
	{ 0 }
};

struct change_in {
	const char *from, *to;
	int64_t family, priority, action, table;
};

static const struct field change_in_fields[] = {
	F_ENUM_DEF(struct change_in, family, AF_INET, netlink_families, "family of the rule"),
	F_INT(struct change_in, priority, REQUIRED, 0, INT32_MAX,
	      "place in the order, lowest first"),
	F_ENUM_DEF(struct change_in, action, FR_ACT_TO_TBL, actions, "what happens to packets"),
	F_INT_DEF(struct change_in, table, RT_TABLE_MAIN, 1, INT32_MAX, "table to look in"),
	F_ADDR(struct change_in, from, OPTIONAL, "only for packets from this prefix"),
	F_ADDR(struct change_in, to, OPTIONAL, "only for packets to this prefix"),
	F_END
};

static void put_prefix(struct nl_msg *msg, int type, const char *text, uint8_t *len)
{
	struct netlink_addr addr;

	if (!text || netlink_addr_parse(text, &addr) < 0)
		return;
	netlink_put(msg, type, addr.bytes, addr.len);
	*len = addr.prefix;
}

static int change(struct op_ctx *ctx, int message, int nl_flags, const struct change_in *in)
{
	struct fib_rule_hdr head = { .family = in->family, .action = in->action };
	AUTO_MSG *msg = netlink_msg(message, nl_flags, &head, sizeof(head));
	struct fib_rule_hdr *sent = nlmsg_data(nlmsg_hdr(msg));

	netlink_put_u32(msg, FRA_PRIORITY, in->priority);
	if (in->action == FR_ACT_TO_TBL)
		netlink_put_u32(msg, FRA_TABLE, in->table);
	put_prefix(msg, FRA_SRC, in->from, &sent->src_len);
	put_prefix(msg, FRA_DST, in->to, &sent->dst_len);
	return netlink_route(ctx, msg, NULL);
}

static int add_run(struct op_ctx *ctx, const void *params, void *results)
{
	(void)results;
	return change(ctx, RTM_NEWRULE, NLM_F_CREATE | NLM_F_EXCL, params);
}

static int del_run(struct op_ctx *ctx, const void *params, void *results)
{
	(void)results;
	return change(ctx, RTM_DELRULE, 0, params);
}

struct list_in {
	int64_t family;
};

static const struct field list_in_fields[] = {
	F_ENUM_DEF(struct list_in, family, AF_INET, netlink_families, "family of the rules"),
	F_END
};

struct list_out {
	struct strs rules;
	struct ints priorities;
};

static const struct field list_out_fields[] = {
	F_STRS(struct list_out, rules, REQUIRED,
	       "`PRIORITY from PREFIX to PREFIX ACTION [TABLE]`, in the order of the kernel"),
	F_INTS(struct list_out, priorities, REQUIRED, 0, 0, "their priorities"),
	F_END
};

static const char *prefix_of(struct pool *pool, int family, const struct nlattr *attr, int len)
{
	if (!attr)
		return "all";
	return pool_printf(pool, "%s/%d", netlink_addr_show(pool, family, attr), len);
}

static const char *show(struct pool *pool, struct nlmsghdr *part, uint32_t *priority)
{
	const struct fib_rule_hdr *head = nlmsg_data(part);
	const struct symbol *action = symbol_of(actions, head->action);
	struct nlattr *attrs[FRA_MAX + 1];
	uint32_t table;

	netlink_attrs(part, sizeof(*head), attrs, FRA_MAX);
	*priority = netlink_u32(attrs[FRA_PRIORITY], 0);
	table = netlink_u32(attrs[FRA_TABLE], head->table);
	return pool_printf(pool, "%u from %s to %s %s%s", *priority,
			   prefix_of(pool, head->family, attrs[FRA_SRC], head->src_len),
			   prefix_of(pool, head->family, attrs[FRA_DST], head->dst_len),
			   action ? action->name : "?",
			   head->action == FR_ACT_TO_TBL ? pool_printf(pool, " %u", table) : "");
}

static int list_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct list_in *in = params;
	struct fib_rule_hdr head = { .family = in->family };
	AUTO_MSG *msg = netlink_msg(RTM_GETRULE, NLM_F_DUMP, &head, sizeof(head));
	struct netlink_answer answer = { 0 };
	struct list_out *out = results;
	int ret = netlink_route(ctx, msg, &answer);
	uint32_t priority;
	size_t i;

	for (i = 0; i < answer.n; i++) {
		netlink_push_text(ctx->pool, &out->rules, show(ctx->pool, answer.v[i], &priority));
		netlink_push_int(ctx->pool, &out->priorities, priority);
	}
	return ret;
}

struct hop_add_in {
	const char *via, *dev;
	int64_t id, family;
	bool blackhole;
};

static const struct field hop_add_in_fields[] = {
	F_INT(struct hop_add_in, id, REQUIRED, 1, INT32_MAX, "id of the object"),
	F_ENUM_DEF(struct hop_add_in, family, AF_INET, netlink_families, "family"),
	F_ADDR(struct hop_add_in, via, OPTIONAL, "address of the next hop"),
	F_STR(struct hop_add_in, dev, OPTIONAL, "device to send through"),
	F_BOOL(struct hop_add_in, blackhole, "drop packets silently"),
	F_END
};

static int hop_add_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct hop_add_in *in = params;
	struct nhmsg head = { .nh_family = in->family, .nh_protocol = RTPROT_STATIC };
	AUTO_MSG *msg = netlink_msg(RTM_NEWNEXTHOP, NLM_F_CREATE | NLM_F_EXCL, &head, sizeof(head));
	unsigned index = in->dev ? netlink_index(in->dev) : 0;
	struct netlink_addr via;

	(void)results;
	if (in->dev && !index)
		return -ENODEV;
	netlink_put_u32(msg, NHA_ID, in->id);
	if (in->blackhole)
		netlink_put(msg, NHA_BLACKHOLE, NULL, 0);
	if (index)
		netlink_put_u32(msg, NHA_OIF, index);
	if (in->via && !netlink_addr_parse(in->via, &via))
		netlink_put(msg, NHA_GATEWAY, via.bytes, via.len);
	return netlink_route(ctx, msg, NULL);
}

struct hop_get_in {
	int64_t id;
};

static const struct field hop_get_in_fields[] = {
	F_INT(struct hop_get_in, id, REQUIRED, 1, INT32_MAX, "id of the object"),
	F_END
};

struct hop_get_out {
	const char *via, *dev;
	bool blackhole;
};

static const struct field hop_get_out_fields[] = {
	F_STR(struct hop_get_out, via, REQUIRED, "address of the next hop, empty without one"),
	F_STR(struct hop_get_out, dev, REQUIRED, "device to send through, empty without one"),
	F_BOOL(struct hop_get_out, blackhole, "drops packets silently"),
	F_END
};

static int hop_get_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct hop_get_in *in = params;
	struct hop_get_out *out = results;
	struct nhmsg head = { 0 };
	AUTO_MSG *msg = netlink_msg(RTM_GETNEXTHOP, 0, &head, sizeof(head));
	struct netlink_answer answer = { 0 };
	struct nlattr *attrs[NHA_MAX + 1];
	uint32_t index;
	int ret;

	netlink_put_u32(msg, NHA_ID, in->id);
	ret = netlink_route(ctx, msg, &answer);
	if (ret)
		return ret;
	if (answer.n != 1)
		return op_broken(ctx, "%zu answers about one next hop", answer.n);
	netlink_attrs(answer.v[0], sizeof(head), attrs, NHA_MAX);
	memcpy(&head, nlmsg_data(answer.v[0]), sizeof(head));
	index = netlink_u32(attrs[NHA_OIF], 0);
	out->dev = index ? netlink_name(ctx->pool, index) : "";
	out->via = attrs[NHA_GATEWAY]
		? netlink_addr_show(ctx->pool, head.nh_family, attrs[NHA_GATEWAY]) : "";
	out->blackhole = attrs[NHA_BLACKHOLE];
	return 0;
}

const struct op rule_ops[] = {
	{
		.name = "rule.add",
		.doc = "Add a policy routing rule.",
		.source = "rtnetlink(7) RTM_NEWRULE",
		OP_IN(change),
		.touches = NSM_NET, .mutates = NSM_NET,
		.asks = "cap.NET_ADMIN",
		.run = add_run,
	},
	{
		.name = "rule.del",
		.doc = "Delete a policy routing rule.",
		.source = "rtnetlink(7) RTM_DELRULE",
		OP_IN(change),
		.touches = NSM_NET, .mutates = NSM_NET,
		.asks = "cap.NET_ADMIN",
		.run = del_run,
	},
	{
		.name = "rule.list",
		.doc = "List the policy routing rules of a family.",
		.source = "rtnetlink(7) RTM_GETRULE",
		OP_IN(list), OP_OUT(list),
		.touches = NSM_NET,
		.run = list_run,
	},
	{
		.name = "nexthop.add",
		.doc = "Make a next hop object.",
		.source = "net/ipv4/nexthop.c RTM_NEWNEXTHOP",
		.config = "INET",
		OP_IN(hop_add),
		.touches = NSM_NET, .mutates = NSM_NET,
		.asks = "cap.NET_ADMIN",
		.run = hop_add_run,
	},
	{
		.name = "nexthop.get",
		.doc = "Read a next hop object.",
		.source = "net/ipv4/nexthop.c RTM_GETNEXTHOP",
		.config = "INET",
		OP_IN(hop_get), OP_OUT(hop_get),
		.touches = NSM_NET,
		.run = hop_get_run,
	},
	{ 0 }
};
