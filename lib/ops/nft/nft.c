// SPDX-License-Identifier: GPL-2.0-only
/*
 * nftables: tables, chains and sets.  Rules: rule.c.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <string.h>

#include "../seen.h"
#include "../../net/nfnetlink.h"

#define TABLE_IN(F, S) \
	F(S, ENUM_DEF, family, NFPROTO_INET, nft_families, "family") \
	F(S, STR, name, REQUIRED, "name of the table")
FIELDS(table_in, TABLE_IN);

static int nft_table_add_run(struct op_ctx *ctx, const struct table_in *in, struct none *out)
{
	AUTO_MSG *msg = nfnetlink_msg(NFNL_SUBSYS_NFTABLES, NFT_MSG_NEWTABLE,
				      NLM_F_CREATE | NLM_F_EXCL, in->family);

	netlink_put_str(msg, NFTA_TABLE_NAME, in->name);
	return nft_commit(ctx, msg);
}
OP(nft_table_add, "nft.table_add", table_in, none,
	.doc = "Make an nftables table.",
	.source = "nft(8) TABLES", .config = "NF_TABLES", .asks = "cap.NET_ADMIN",
	.touches = NSM_NET, .mutates = NSM_NET,
	.seen = SEEN_NET);

/* Deleting tables without saying which deletes them all. */
static int nft_flush_run(struct op_ctx *ctx, const struct none *in, struct none *out)
{
	AUTO_MSG *msg = nfnetlink_msg(NFNL_SUBSYS_NFTABLES, NFT_MSG_DELTABLE, 0, NFPROTO_UNSPEC);

	return nft_commit(ctx, msg);
}
OP(nft_flush, "nft.flush", none, none,
	.doc = "Delete all nftables tables of all families.",
	.source = "nft(8) RULESET", .config = "NF_TABLES", .asks = "cap.NET_ADMIN",
	.touches = NSM_NET, .mutates = NSM_NET,
	.seen = SEEN_NET);

/* The hooks of the netdev family have numbers of their own. */
enum { HOOK_NONE = -1, HOOK_MASK = 0xff, HOOK_NETDEV = 0x100 };

static const struct symbol hooks[] = {
	{ .name = "none", .value = HOOK_NONE, .doc = "only jumped to" },
	{ .name = "prerouting", .value = NF_INET_PRE_ROUTING },
	{ .name = "input", .value = NF_INET_LOCAL_IN },
	{ .name = "forward", .value = NF_INET_FORWARD },
	{ .name = "output", .value = NF_INET_LOCAL_OUT },
	{ .name = "postrouting", .value = NF_INET_POST_ROUTING },
	{ .name = "ingress", .value = HOOK_NETDEV + NF_NETDEV_INGRESS, .doc = "netdev" },
	{ .name = "egress", .value = HOOK_NETDEV + 1, .doc = "netdev" },
	{ 0 }
};

static const struct symbol policies[] = {
	{ .name = "accept", .value = NF_ACCEPT },
	{ .name = "drop", .value = NF_DROP },
	{ 0 }
};

#define CHAIN_IN(F, S) \
	F(S, ENUM_DEF, family, NFPROTO_INET, nft_families, "family") \
	F(S, STR, table, REQUIRED, "name of the table") \
	F(S, STR, name, REQUIRED, "name of the chain") \
	F(S, ENUM_DEF, hook, HOOK_NONE, hooks, "where packets enter it") \
	F(S, STR, device, OPTIONAL, "device of a netdev chain") \
	F(S, STR_DEF, type, "filter", "kind of chain: filter, nat or route") \
	F(S, INT, priority, OPTIONAL, -1000, 1000, "order at the hook, lowest first") \
	F(S, ENUM_DEF, policy, NF_ACCEPT, policies, "what happens at its end")
FIELDS(chain_in, CHAIN_IN);

static int nft_chain_add_run(struct op_ctx *ctx, const struct chain_in *in, struct none *out)
{
	AUTO_MSG *msg = nfnetlink_msg(NFNL_SUBSYS_NFTABLES, NFT_MSG_NEWCHAIN,
				      NLM_F_CREATE | NLM_F_EXCL, in->family);
	struct nlattr *nest;

	netlink_put_str(msg, NFTA_CHAIN_TABLE, in->table);
	netlink_put_str(msg, NFTA_CHAIN_NAME, in->name);
	if (in->hook != HOOK_NONE) {
		nest = netlink_nest(msg, NFTA_CHAIN_HOOK | NLA_F_NESTED);
		netlink_put_be32(msg, NFTA_HOOK_HOOKNUM, in->hook & HOOK_MASK);
		netlink_put_be32(msg, NFTA_HOOK_PRIORITY, in->priority);
		netlink_put_str(msg, NFTA_HOOK_DEV, in->device);
		nla_nest_end(msg, nest);
		netlink_put_str(msg, NFTA_CHAIN_TYPE, in->type);
		netlink_put_be32(msg, NFTA_CHAIN_POLICY, in->policy);
	}
	return nft_commit(ctx, msg);
}
OP(nft_chain_add, "nft.chain_add", chain_in, none,
	.doc = "Make an nftables chain.",
	.source = "nft(8) CHAINS", .config = "NF_TABLES", .asks = "cap.NET_ADMIN",
	.touches = NSM_NET, .mutates = NSM_NET,
	.seen = SEEN_NET);

#define SET_IN(F, S) \
	F(S, ENUM_DEF, family, NFPROTO_INET, nft_families, "family") \
	F(S, STR, table, REQUIRED, "name of the table") \
	F(S, STR, name, REQUIRED, "name of the set")
FIELDS(set_in, SET_IN);

static int nft_set_add_run(struct op_ctx *ctx, const struct set_in *in, struct none *out)
{
	enum { KEY_IPV4 = 7 }; /* nft's own name for the type, which the kernel only stores */
	AUTO_MSG *msg = nfnetlink_msg(NFNL_SUBSYS_NFTABLES, NFT_MSG_NEWSET,
				      NLM_F_CREATE | NLM_F_EXCL, in->family);

	netlink_put_str(msg, NFTA_SET_TABLE, in->table);
	netlink_put_str(msg, NFTA_SET_NAME, in->name);
	netlink_put_be32(msg, NFTA_SET_KEY_TYPE, KEY_IPV4);
	netlink_put_be32(msg, NFTA_SET_KEY_LEN, 4);
	netlink_put_be32(msg, NFTA_SET_ID, 1);
	return nft_commit(ctx, msg);
}
OP(nft_set_add, "nft.set_add", set_in, none,
	.doc = "Make an empty nftables set of IPv4 addresses.",
	.source = "nft(8) SETS", .config = "NF_TABLES", .asks = "cap.NET_ADMIN",
	.touches = NSM_NET, .mutates = NSM_NET,
	.seen = SEEN_NET);

#define LIST_IN(F, S) \
	F(S, ENUM_DEF, family, NFPROTO_UNSPEC, nft_families, "only of this family")
FIELDS(list_in, LIST_IN);

#define LIST_OUT(F, S) \
	F(S, STRS, names, REQUIRED, "`FAMILY TABLE [NAME]`, in the order of the kernel") \
	F(S, TOTAL, count, "how many")
FIELDS(list_out, LIST_OUT);

/* Tables, chains and sets alike carry the names in their first attributes. */
struct kind {
	int message, table, name;
};

static int list(struct op_ctx *ctx, const struct kind *kind, const struct list_in *in,
		struct list_out *out)
{
	AUTO_MSG *msg = nfnetlink_msg(NFNL_SUBSYS_NFTABLES, kind->message, NLM_F_DUMP, in->family);
	struct netlink_answer answer = { 0 };
	struct nlattr *attrs[16];
	int ret = nfnetlink_ask(ctx, msg, &answer);
	size_t i;

	for (i = 0; i < answer.n; i++) {
		int number = nfnetlink_family(answer.v[i]);
		const struct symbol *family = symbol_of(nft_families, number);
		const char *name;

		nfnetlink_attrs(answer.v[i], attrs, 15);
		name = kind->name ? netlink_text(ctx->pool, attrs[kind->name]) : "";
		netlink_push_text(ctx->pool, &out->names,
				  pool_printf(ctx->pool, "%s %s%s%s", family ? family->name : "?",
					      netlink_text(ctx->pool, attrs[kind->table]),
					      *name ? " " : "", name));
	}
	out->count = out->names.n;
	return ret;
}

static int nft_tables_run(struct op_ctx *ctx, const struct list_in *in, struct list_out *out)
{
	static const struct kind kind = { NFT_MSG_GETTABLE, NFTA_TABLE_NAME, 0 };

	return list(ctx, &kind, in, out);
}
OP(nft_tables, "nft.tables", list_in, list_out,
	.doc = "List nftables tables.",
	.source = "nft(8) TABLES", .config = "NF_TABLES", .asks = "cap.NET_ADMIN",
	.touches = NSM_NET);

static int nft_chains_run(struct op_ctx *ctx, const struct list_in *in, struct list_out *out)
{
	static const struct kind kind = { NFT_MSG_GETCHAIN, NFTA_CHAIN_TABLE, NFTA_CHAIN_NAME };

	return list(ctx, &kind, in, out);
}
OP(nft_chains, "nft.chains", list_in, list_out,
	.doc = "List nftables chains.",
	.source = "nft(8) CHAINS", .config = "NF_TABLES", .asks = "cap.NET_ADMIN",
	.touches = NSM_NET);

static int nft_sets_run(struct op_ctx *ctx, const struct list_in *in, struct list_out *out)
{
	static const struct kind kind = { NFT_MSG_GETSET, NFTA_SET_TABLE, NFTA_SET_NAME };

	return list(ctx, &kind, in, out);
}
OP(nft_sets, "nft.sets", list_in, list_out,
	.doc = "List nftables sets.",
	.source = "nft(8) SETS", .config = "NF_TABLES", .asks = "cap.NET_ADMIN",
	.touches = NSM_NET);

#define GENERATION_OUT(F, S) \
	F(S, INT, id, REQUIRED, 0, 0, "number of the rule set's generation")
FIELDS(generation_out, GENERATION_OUT);

static int nft_generation_run(struct op_ctx *ctx, const struct none *in, struct generation_out *out)
{
	AUTO_MSG *msg = nfnetlink_msg(NFNL_SUBSYS_NFTABLES, NFT_MSG_GETGEN, 0, NFPROTO_UNSPEC);
	struct netlink_answer answer = { 0 };
	struct nlattr *attrs[NFTA_GEN_MAX + 1];
	int ret = nfnetlink_ask(ctx, msg, &answer);

	if (ret)
		return ret;
	if (answer.n != 1)
		return op_broken(ctx, "%zu answers about the generation", answer.n);
	nfnetlink_attrs(answer.v[0], attrs, NFTA_GEN_MAX);
	out->id = ntohl(netlink_u32(attrs[NFTA_GEN_ID], 0));
	return 0;
}
OP(nft_generation, "nft.generation", none, generation_out,
	.doc = "Read the rule set's generation, which every transaction raises.",
	.source = "net/netfilter/nf_tables_api.c NFT_MSG_GETGEN", .config = "NF_TABLES",
	.asks = "cap.NET_ADMIN",
	.touches = NSM_NET);
