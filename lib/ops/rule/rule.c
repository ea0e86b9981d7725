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

#include "../../sys/netlink.h"

static const struct symbol actions[] = {
	{ .name = "lookup", .value = FR_ACT_TO_TBL },
	{ .name = "blackhole", .value = FR_ACT_BLACKHOLE },
	{ .name = "unreachable", .value = FR_ACT_UNREACHABLE },
	{ .name = "prohibit", .value = FR_ACT_PROHIBIT },
	{ 0 }
};

#define CHANGE_IN(F, S) \
	F(S, ENUM_DEF, family, AF_INET, netlink_families, "family of the rule") \
	F(S, INT, priority, REQUIRED, 0, INT32_MAX, "place in the order, lowest first") \
	F(S, ENUM_DEF, action, FR_ACT_TO_TBL, actions, "what happens to packets") \
	F(S, INT_DEF, table, RT_TABLE_MAIN, 1, INT32_MAX, "table to look in") \
	F(S, ADDR, from, OPTIONAL, "only for packets from this prefix") \
	F(S, ADDR, to, OPTIONAL, "only for packets to this prefix")
FIELDS(change_in, CHANGE_IN);

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

static int rule_add_run(struct op_ctx *ctx, const struct change_in *in, struct none *out)
{
	return change(ctx, RTM_NEWRULE, NLM_F_CREATE | NLM_F_EXCL, in);
}
OP(rule_add, "rule.add", change_in, none,
	.doc = "Add a policy routing rule.",
	.source = "rtnetlink(7) RTM_NEWRULE", .asks = "cap.NET_ADMIN",
	.touches = NSM_NET, .mutates = NSM_NET);

static int rule_del_run(struct op_ctx *ctx, const struct change_in *in, struct none *out)
{
	return change(ctx, RTM_DELRULE, 0, in);
}
OP(rule_del, "rule.del", change_in, none,
	.doc = "Delete a policy routing rule.",
	.source = "rtnetlink(7) RTM_DELRULE", .asks = "cap.NET_ADMIN",
	.touches = NSM_NET, .mutates = NSM_NET);

#define LIST_IN(F, S) \
	F(S, ENUM_DEF, family, AF_INET, netlink_families, "family of the rules")
FIELDS(list_in, LIST_IN);

#define LIST_OUT(F, S) \
	F(S, STRS, rules, REQUIRED, \
	  "`PRIORITY from PREFIX to PREFIX ACTION [TABLE]`, in the order of the kernel") \
	F(S, INTS, priorities, REQUIRED, 0, 0, "their priorities")
FIELDS(list_out, LIST_OUT);

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

static int rule_list_run(struct op_ctx *ctx, const struct list_in *in, struct list_out *out)
{
	struct fib_rule_hdr head = { .family = in->family };
	AUTO_MSG *msg = netlink_msg(RTM_GETRULE, NLM_F_DUMP, &head, sizeof(head));
	struct netlink_answer answer = { 0 };
	int ret = netlink_route(ctx, msg, &answer);
	uint32_t priority;
	size_t i;

	for (i = 0; i < answer.n; i++) {
		netlink_push_text(ctx->pool, &out->rules, show(ctx->pool, answer.v[i], &priority));
		netlink_push_int(ctx->pool, &out->priorities, priority);
	}
	return ret;
}
OP(rule_list, "rule.list", list_in, list_out,
	.doc = "List the policy routing rules of a family.",
	.source = "rtnetlink(7) RTM_GETRULE",
	.touches = NSM_NET);

#define HOP_ADD_IN(F, S) \
	F(S, INT, id, REQUIRED, 1, INT32_MAX, "id of the object") \
	F(S, ENUM_DEF, family, AF_INET, netlink_families, "family") \
	F(S, ADDR, via, OPTIONAL, "address of the next hop") \
	F(S, STR, dev, OPTIONAL, "device to send through") \
	F(S, BOOL, blackhole, "drop packets silently")
FIELDS(hop_add_in, HOP_ADD_IN);

static int nexthop_add_run(struct op_ctx *ctx, const struct hop_add_in *in, struct none *out)
{
	struct nhmsg head = { .nh_family = in->family, .nh_protocol = RTPROT_STATIC };
	AUTO_MSG *msg = netlink_msg(RTM_NEWNEXTHOP, NLM_F_CREATE | NLM_F_EXCL, &head, sizeof(head));
	unsigned index = in->dev ? netlink_index(in->dev) : 0;
	struct netlink_addr via;

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
OP(nexthop_add, "nexthop.add", hop_add_in, none,
	.doc = "Make a next hop object.",
	.source = "net/ipv4/nexthop.c RTM_NEWNEXTHOP", .config = "INET", .asks = "cap.NET_ADMIN",
	.touches = NSM_NET, .mutates = NSM_NET);

#define HOP_GET_IN(F, S) \
	F(S, INT, id, REQUIRED, 1, INT32_MAX, "id of the object")
FIELDS(hop_get_in, HOP_GET_IN);

#define HOP_GET_OUT(F, S) \
	F(S, STR, via, REQUIRED, "address of the next hop, empty without one") \
	F(S, STR, dev, REQUIRED, "device to send through, empty without one") \
	F(S, BOOL, blackhole, "drops packets silently")
FIELDS(hop_get_out, HOP_GET_OUT);

static int nexthop_get_run(struct op_ctx *ctx, const struct hop_get_in *in, struct hop_get_out *out)
{
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
OP(nexthop_get, "nexthop.get", hop_get_in, hop_get_out,
	.doc = "Read a next hop object.",
	.source = "net/ipv4/nexthop.c RTM_GETNEXTHOP", .config = "INET",
	.touches = NSM_NET);
