// SPDX-License-Identifier: GPL-2.0-only
/*
 * Policy routing rules, by rtnetlink.
 */
#define _GNU_SOURCE
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>

#include "../seen.h"
#include "../../net/netlink.h"

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
	.touches = NSM_NET, .mutates = NSM_NET,
	.seen = SEEN_NET);

static int rule_del_run(struct op_ctx *ctx, const struct change_in *in, struct none *out)
{
	return change(ctx, RTM_DELRULE, 0, in);
}
OP(rule_del, "rule.del", change_in, none,
	.doc = "Delete a policy routing rule.",
	.source = "rtnetlink(7) RTM_DELRULE", .asks = "cap.NET_ADMIN",
	.touches = NSM_NET, .mutates = NSM_NET,
	.seen = SEEN_NET);

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
