// SPDX-License-Identifier: GPL-2.0-only
/*
 * nftables rules.  A rule is a list of expressions: load something into a register, compare
 * the register, and when all comparisons held, count and give the verdict.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <string.h>
#include <sys/socket.h>

#include "../seen.h"
#include "../../net/nfnetlink.h"
#include "labelled.h"

enum { REG = NFT_REG_1 };

/* Verdicts that are not numbers of the kernel's. */
enum { VERDICT_NONE = -100, VERDICT_MASQUERADE, VERDICT_DNAT };

static const struct symbol verdicts[] = {
	{ .name = "none", .value = VERDICT_NONE, .doc = "only count, go on" },
	{ .name = "accept", .value = NF_ACCEPT },
	{ .name = "drop", .value = NF_DROP },
	{ .name = "masquerade", .value = VERDICT_MASQUERADE, .doc = "in a nat chain" },
	{ .name = "dnat", .value = VERDICT_DNAT, .doc = "in a nat chain, to `nat_to`" },
	{ 0 }
};

static const struct symbol protocols[] = {
	{ .name = "any", .value = 0 },
	{ .name = "icmp", .value = IPPROTO_ICMP },
	{ .name = "icmpv6", .value = IPPROTO_ICMPV6 },
	{ .name = "tcp", .value = IPPROTO_TCP },
	{ .name = "udp", .value = IPPROTO_UDP },
	{ 0 }
};

static const struct symbol ct_states[] = {
	{ .name = "invalid", .value = NF_CT_STATE_INVALID_BIT },
	{ .name = "established", .value = NF_CT_STATE_BIT(IP_CT_ESTABLISHED) },
	{ .name = "related", .value = NF_CT_STATE_BIT(IP_CT_RELATED) },
	{ .name = "new", .value = NF_CT_STATE_BIT(IP_CT_NEW) },
	{ 0 }
};

#define RULE_IN(F, S) \
	F(S, ENUM_DEF, family, NFPROTO_INET, nft_families, "family of the table") \
	F(S, STR, table, REQUIRED, "name of the table") \
	F(S, STR, chain, REQUIRED, "name of the chain") \
	F(S, ADDR, from, OPTIONAL, "only packets from this address") \
	F(S, ADDR, to, OPTIONAL, "only packets to this address") \
	F(S, ENUM, protocol, OPTIONAL, protocols, "only packets of this protocol") \
	F(S, INT, dport, OPTIONAL, 0, 65535, "only packets to this port") \
	F(S, INT_DEF, mark, -1, -1, UINT32_MAX, "only packets with this mark") \
	F(S, FLAGS, ct_state, OPTIONAL, ct_states, "only packets in one of these states") \
	F(S, INT_DEF, set_mark, -1, -1, UINT32_MAX, "mark to put on the packet") \
	F(S, INT_DEF, log, -1, -1, 65535, "log group to which packets are handed") \
	F(S, STR, log_prefix, OPTIONAL, "what packets have before them in the kernel's log") \
	F(S, ENUM_DEF, labelled, LABELLED_NONE, nft_labelled, "what is kept under `label`") \
	F(S, STR, label, OPTIONAL, "name that it has among those of other rules") \
	F(S, INT_DEF, seconds, 600, 1, UINT32_MAX, "how long a timer runs") \
	F(S, ENUM_DEF, verdict, VERDICT_NONE, verdicts, "what happens to the packet") \
	F(S, ADDR, nat_to, OPTIONAL, "IPv4 destination instead of the packet's")
FIELDS(rule_in, RULE_IN);

struct expression {
	struct nlattr *element, *data;
};

static struct expression begin(struct nl_msg *msg, const char *name)
{
	struct expression e;

	e.element = netlink_nest(msg, NFTA_LIST_ELEM | NLA_F_NESTED);
	netlink_put_str(msg, NFTA_EXPR_NAME, name);
	e.data = netlink_nest(msg, NFTA_EXPR_DATA | NLA_F_NESTED);
	return e;
}

static void end(struct nl_msg *msg, struct expression e)
{
	nla_nest_end(msg, e.data);
	nla_nest_end(msg, e.element);
}

static void put_value(struct nl_msg *msg, int type, const void *value, size_t len)
{
	struct nlattr *nest = netlink_nest(msg, type | NLA_F_NESTED);

	netlink_put(msg, NFTA_DATA_VALUE, value, len);
	nla_nest_end(msg, nest);
}

static void compare(struct nl_msg *msg, enum nft_cmp_ops op, const void *value, size_t len)
{
	struct expression e = begin(msg, "cmp");

	netlink_put_be32(msg, NFTA_CMP_SREG, REG);
	netlink_put_be32(msg, NFTA_CMP_OP, op);
	put_value(msg, NFTA_CMP_DATA, value, len);
	end(msg, e);
}

static void match_meta(struct nl_msg *msg, enum nft_meta_keys key, const void *value, size_t len)
{
	struct expression e = begin(msg, "meta");

	netlink_put_be32(msg, NFTA_META_DREG, REG);
	netlink_put_be32(msg, NFTA_META_KEY, key);
	end(msg, e);
	compare(msg, NFT_CMP_EQ, value, len);
}

struct place {
	enum nft_payload_bases base;
	unsigned offset;
};

static void match_payload(struct nl_msg *msg, struct place place, const void *value, size_t len)
{
	struct expression e = begin(msg, "payload");

	netlink_put_be32(msg, NFTA_PAYLOAD_DREG, REG);
	netlink_put_be32(msg, NFTA_PAYLOAD_BASE, place.base);
	netlink_put_be32(msg, NFTA_PAYLOAD_OFFSET, place.offset);
	netlink_put_be32(msg, NFTA_PAYLOAD_LEN, len);
	end(msg, e);
	compare(msg, NFT_CMP_EQ, value, len);
}

static int match_address(struct op_ctx *ctx, struct nl_msg *msg, const char *text, bool source)
{
	struct place place = { .base = NFT_PAYLOAD_NETWORK_HEADER };
	struct netlink_addr addr;
	uint8_t family;

	if (!text)
		return 0;
	if (netlink_addr_parse(text, &addr) < 0)
		return op_broken(ctx, "not an address: %s", text);
	family = addr.family == AF_INET6 ? NFPROTO_IPV6 : NFPROTO_IPV4;
	match_meta(msg, NFT_META_NFPROTO, &family, sizeof(family));
	place.offset = addr.family == AF_INET6 ? (source ? 8 : 24) : (source ? 12 : 16);
	match_payload(msg, place, addr.bytes, addr.len);
	return 0;
}

/* The state is a bit: mask it, and compare with none. */
static void match_ct_state(struct nl_msg *msg, uint32_t mask)
{
	struct expression e = begin(msg, "ct");
	uint32_t none = 0;

	netlink_put_be32(msg, NFTA_CT_DREG, REG);
	netlink_put_be32(msg, NFTA_CT_KEY, NFT_CT_STATE);
	end(msg, e);
	e = begin(msg, "bitwise");
	netlink_put_be32(msg, NFTA_BITWISE_SREG, REG);
	netlink_put_be32(msg, NFTA_BITWISE_DREG, REG);
	netlink_put_be32(msg, NFTA_BITWISE_LEN, sizeof(mask));
	put_value(msg, NFTA_BITWISE_MASK, &mask, sizeof(mask));
	put_value(msg, NFTA_BITWISE_XOR, &none, sizeof(none));
	end(msg, e);
	compare(msg, NFT_CMP_NEQ, &none, sizeof(none));
}

static int put_matches(struct op_ctx *ctx, struct nl_msg *msg, const struct rule_in *in)
{
	uint8_t protocol = in->protocol;
	uint16_t dport = htons(in->dport);
	uint32_t mark = in->mark;
	int ret = match_address(ctx, msg, in->from, true);

	if (!ret)
		ret = match_address(ctx, msg, in->to, false);
	if (in->protocol)
		match_meta(msg, NFT_META_L4PROTO, &protocol, sizeof(protocol));
	if (in->dport)
		match_payload(msg, (struct place){ NFT_PAYLOAD_TRANSPORT_HEADER, 2 }, &dport,
			      sizeof(dport));
	if (in->mark >= 0)
		match_meta(msg, NFT_META_MARK, &mark, sizeof(mark));
	if (in->ct_state)
		match_ct_state(msg, in->ct_state);
	return ret;
}

static void load(struct nl_msg *msg, const void *value, size_t len)
{
	struct expression e = begin(msg, "immediate");

	netlink_put_be32(msg, NFTA_IMMEDIATE_DREG, REG);
	put_value(msg, NFTA_IMMEDIATE_DATA, value, len);
	end(msg, e);
}

static void put_set_mark(struct nl_msg *msg, uint32_t mark)
{
	struct expression e;

	load(msg, &mark, sizeof(mark));
	e = begin(msg, "meta");
	netlink_put_be32(msg, NFTA_META_SREG, REG);
	netlink_put_be32(msg, NFTA_META_KEY, NFT_META_MARK);
	end(msg, e);
}

static void put_log(struct nl_msg *msg, uint16_t group)
{
	struct expression e = begin(msg, "log");

	netlink_put_u16(msg, NFTA_LOG_GROUP, htons(group));
	end(msg, e);
}

static void put_log_prefix(struct nl_msg *msg, const char *prefix)
{
	struct expression e = begin(msg, "log");

	netlink_put_str(msg, NFTA_LOG_PREFIX, prefix);
	end(msg, e);
}

static void put_code(struct nl_msg *msg, int64_t code)
{
	struct expression e = begin(msg, "immediate");
	struct nlattr *data, *verdict;

	netlink_put_be32(msg, NFTA_IMMEDIATE_DREG, NFT_REG_VERDICT);
	data = netlink_nest(msg, NFTA_IMMEDIATE_DATA | NLA_F_NESTED);
	verdict = netlink_nest(msg, NFTA_DATA_VERDICT | NLA_F_NESTED);
	netlink_put_be32(msg, NFTA_VERDICT_CODE, code);
	nla_nest_end(msg, verdict);
	nla_nest_end(msg, data);
	end(msg, e);
}

static int put_dnat(struct op_ctx *ctx, struct nl_msg *msg, const char *to)
{
	struct netlink_addr addr;
	struct expression e;

	if (!to || netlink_addr_parse(to, &addr) < 0 || addr.family != AF_INET)
		return op_broken(ctx, "dnat needs an IPv4 address in nat_to");
	load(msg, addr.bytes, addr.len);
	e = begin(msg, "nat");
	netlink_put_be32(msg, NFTA_NAT_TYPE, NFT_NAT_DNAT);
	netlink_put_be32(msg, NFTA_NAT_FAMILY, NFPROTO_IPV4);
	netlink_put_be32(msg, NFTA_NAT_REG_ADDR_MIN, REG);
	end(msg, e);
	return 0;
}

static int put_verdict(struct op_ctx *ctx, struct nl_msg *msg, const struct rule_in *in)
{
	end(msg, begin(msg, "counter"));
	if (in->log >= 0)
		put_log(msg, in->log);
	if (in->log_prefix)
		put_log_prefix(msg, in->log_prefix);
	if (in->set_mark >= 0)
		put_set_mark(msg, in->set_mark);
	if (in->verdict == VERDICT_DNAT)
		return put_dnat(ctx, msg, in->nat_to);
	if (in->verdict == VERDICT_MASQUERADE)
		end(msg, begin(msg, "masq"));
	else if (in->verdict != VERDICT_NONE)
		put_code(msg, in->verdict);
	return 0;
}

static int nft_rule_add_run(struct op_ctx *ctx, const struct rule_in *in, struct none *out)
{
	AUTO_MSG *msg = nfnetlink_msg(NFNL_SUBSYS_NFTABLES, NFT_MSG_NEWRULE,
				      NLM_F_CREATE | NLM_F_APPEND, in->family);
	struct nlattr *nest;
	int ret;

	netlink_put_str(msg, NFTA_RULE_TABLE, in->table);
	netlink_put_str(msg, NFTA_RULE_CHAIN, in->chain);
	nest = netlink_nest(msg, NFTA_RULE_EXPRESSIONS | NLA_F_NESTED);
	ret = put_matches(ctx, msg, in);
	if (!ret && in->labelled)
		ret = nft_put_labelled(ctx, msg, in->labelled, in->label, (uint32_t)in->seconds);
	if (!ret)
		ret = put_verdict(ctx, msg, in);
	nla_nest_end(msg, nest);
	return ret ? ret : nft_commit(ctx, msg);
}
OP(nft_rule_add, "nft.rule_add", rule_in, none,
	.doc = "Append a rule that counts, and may judge, the packets it matches.",
	.source = "nft(8) RULES", .config = "NF_TABLES", .asks = "cap.NET_ADMIN",
	.touches = NSM_NET, .mutates = NSM_NET,
	.seen = SEEN_NET);

#define LIST_IN(F, S) \
	F(S, ENUM_DEF, family, NFPROTO_INET, nft_families, "family of the table") \
	F(S, STR, table, REQUIRED, "name of the table") \
	F(S, STR, chain, OPTIONAL, "name of the chain")
FIELDS(list_in, LIST_IN);

#define LIST_OUT(F, S) \
	F(S, STRS, rules, REQUIRED, "names of each rule's expressions") \
	F(S, INTS, packets, REQUIRED, 0, 0, "packets that each rule counted") \
	F(S, TOTAL, count, "how many rules")
FIELDS(list_out, LIST_OUT);

static int64_t packets_of(struct nlattr *data)
{
	struct nlattr *attrs[NFTA_COUNTER_MAX + 1];

	if (!data || nla_parse_nested(attrs, NFTA_COUNTER_MAX, data, NULL) < 0 ||
	    !attrs[NFTA_COUNTER_PACKETS])
		return 0;
	return be64toh(nla_get_u64(attrs[NFTA_COUNTER_PACKETS]));
}

static void describe(struct pool *pool, struct nlmsghdr *part, struct list_out *out)
{
	struct nlattr *rule[NFTA_RULE_MAX + 1], *one[NFTA_EXPR_MAX + 1], *pos;
	const char *text = "", *name;
	int64_t packets = 0;
	int rest;

	nfnetlink_attrs(part, rule, NFTA_RULE_MAX);
	if (!rule[NFTA_RULE_EXPRESSIONS])
		return;
	nla_for_each_nested(pos, rule[NFTA_RULE_EXPRESSIONS], rest) {
		if (nla_parse_nested(one, NFTA_EXPR_MAX, pos, NULL) < 0)
			continue;
		name = netlink_text(pool, one[NFTA_EXPR_NAME]);
		text = pool_printf(pool, "%s%s%s", text, *text ? " " : "", name);
		if (!strcmp(name, "counter"))
			packets = packets_of(one[NFTA_EXPR_DATA]);
	}
	netlink_push_text(pool, &out->rules, text);
	netlink_push_int(pool, &out->packets, packets);
}

static int nft_rules_run(struct op_ctx *ctx, const struct list_in *in, struct list_out *out)
{
	AUTO_MSG *msg = nfnetlink_msg(NFNL_SUBSYS_NFTABLES, NFT_MSG_GETRULE, NLM_F_DUMP,
				      in->family);
	struct netlink_answer answer = { 0 };
	int ret;
	size_t i;

	netlink_put_str(msg, NFTA_RULE_TABLE, in->table);
	netlink_put_str(msg, NFTA_RULE_CHAIN, in->chain);
	ret = nfnetlink_ask(ctx, msg, &answer);
	for (i = 0; i < answer.n; i++)
		describe(ctx->pool, answer.v[i], out);
	out->count = out->rules.n;
	return ret;
}
OP(nft_rules, "nft.rules", list_in, list_out,
	.doc = "List rules with what they counted; a table that is not here has none.",
	.source = "nft(8) RULES", .config = "NF_TABLES", .asks = "cap.NET_ADMIN",
	.touches = NSM_NET);
