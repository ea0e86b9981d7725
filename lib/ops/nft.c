// SPDX-License-Identifier: GPL-2.0-only
/*
 * nftables: tables, chains and sets.  Rules: nftrule.c.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <string.h>

#include "../sys/nfnetlink.h"

struct table_in {
	int64_t family;
	const char *name;
};

static const struct field table_in_fields[] = {
	F_ENUM_DEF(struct table_in, family, NFPROTO_INET, nft_families, "family"),
	F_STR(struct table_in, name, REQUIRED, "name of the table"),
	F_END
};

static int table_add_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct table_in *in = params;
	AUTO_MSG *msg = nfnetlink_msg(NFNL_SUBSYS_NFTABLES, NFT_MSG_NEWTABLE,
				      NLM_F_CREATE | NLM_F_EXCL, in->family);

	(void)results;
	netlink_put_str(msg, NFTA_TABLE_NAME, in->name);
	return nft_commit(ctx, msg);
}

/* Deleting tables without saying which deletes them all. */
static int flush_run(struct op_ctx *ctx, const void *params, void *results)
{
	AUTO_MSG *msg = nfnetlink_msg(NFNL_SUBSYS_NFTABLES, NFT_MSG_DELTABLE, 0, NFPROTO_UNSPEC);

	(void)params, (void)results;
	return nft_commit(ctx, msg);
}

enum { HOOK_NONE = -1 };

static const struct symbol hooks[] = {
	{ .name = "none", .value = HOOK_NONE, .doc = "only jumped to" },
	{ .name = "prerouting", .value = NF_INET_PRE_ROUTING },
	{ .name = "input", .value = NF_INET_LOCAL_IN },
	{ .name = "forward", .value = NF_INET_FORWARD },
	{ .name = "output", .value = NF_INET_LOCAL_OUT },
	{ .name = "postrouting", .value = NF_INET_POST_ROUTING },
	{ 0 }
};

static const struct symbol policies[] = {
	{ .name = "accept", .value = NF_ACCEPT },
	{ .name = "drop", .value = NF_DROP },
	{ 0 }
};

struct chain_in {
	int64_t family, hook, policy, priority;
	const char *table, *name, *type;
};

static const struct field chain_in_fields[] = {
	F_ENUM_DEF(struct chain_in, family, NFPROTO_INET, nft_families, "family"),
	F_STR(struct chain_in, table, REQUIRED, "name of the table"),
	F_STR(struct chain_in, name, REQUIRED, "name of the chain"),
	F_ENUM_DEF(struct chain_in, hook, HOOK_NONE, hooks, "where packets enter it"),
	F_STR_DEF(struct chain_in, type, "filter", "kind of chain: filter, nat or route"),
	F_INT(struct chain_in, priority, OPTIONAL, -1000, 1000, "order at the hook, lowest first"),
	F_ENUM_DEF(struct chain_in, policy, NF_ACCEPT, policies, "what happens at its end"),
	F_END
};

static int chain_add_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct chain_in *in = params;
	AUTO_MSG *msg = nfnetlink_msg(NFNL_SUBSYS_NFTABLES, NFT_MSG_NEWCHAIN,
				      NLM_F_CREATE | NLM_F_EXCL, in->family);
	struct nlattr *nest;

	(void)results;
	netlink_put_str(msg, NFTA_CHAIN_TABLE, in->table);
	netlink_put_str(msg, NFTA_CHAIN_NAME, in->name);
	if (in->hook != HOOK_NONE) {
		nest = netlink_nest(msg, NFTA_CHAIN_HOOK | NLA_F_NESTED);
		netlink_put_be32(msg, NFTA_HOOK_HOOKNUM, in->hook);
		netlink_put_be32(msg, NFTA_HOOK_PRIORITY, in->priority);
		nla_nest_end(msg, nest);
		netlink_put_str(msg, NFTA_CHAIN_TYPE, in->type);
		netlink_put_be32(msg, NFTA_CHAIN_POLICY, in->policy);
	}
	return nft_commit(ctx, msg);
}

struct set_in {
	int64_t family;
	const char *table, *name;
};

static const struct field set_in_fields[] = {
	F_ENUM_DEF(struct set_in, family, NFPROTO_INET, nft_families, "family"),
	F_STR(struct set_in, table, REQUIRED, "name of the table"),
	F_STR(struct set_in, name, REQUIRED, "name of the set"),
	F_END
};

static int set_add_run(struct op_ctx *ctx, const void *params, void *results)
{
	enum { KEY_IPV4 = 7 }; /* nft's own name for the type, which the kernel only stores */
	const struct set_in *in = params;
	AUTO_MSG *msg = nfnetlink_msg(NFNL_SUBSYS_NFTABLES, NFT_MSG_NEWSET,
				      NLM_F_CREATE | NLM_F_EXCL, in->family);

	(void)results;
	netlink_put_str(msg, NFTA_SET_TABLE, in->table);
	netlink_put_str(msg, NFTA_SET_NAME, in->name);
	netlink_put_be32(msg, NFTA_SET_KEY_TYPE, KEY_IPV4);
	netlink_put_be32(msg, NFTA_SET_KEY_LEN, 4);
	netlink_put_be32(msg, NFTA_SET_ID, 1);
	return nft_commit(ctx, msg);
}

struct list_in {
	int64_t family;
};

static const struct field list_in_fields[] = {
	F_ENUM_DEF(struct list_in, family, NFPROTO_UNSPEC, nft_families, "only of this family"),
	F_END
};

struct list_out {
	struct strs names;
	int64_t count;
};

static const struct field list_out_fields[] = {
	F_STRS(struct list_out, names, REQUIRED,
	       "`FAMILY TABLE [NAME]`, in the order of the kernel"),
	F_INT(struct list_out, count, REQUIRED, 0, 0, "how many"),
	F_END
};

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

static int tables_run(struct op_ctx *ctx, const void *params, void *results)
{
	static const struct kind kind = { NFT_MSG_GETTABLE, NFTA_TABLE_NAME, 0 };

	return list(ctx, &kind, params, results);
}

static int chains_run(struct op_ctx *ctx, const void *params, void *results)
{
	static const struct kind kind = { NFT_MSG_GETCHAIN, NFTA_CHAIN_TABLE, NFTA_CHAIN_NAME };

	return list(ctx, &kind, params, results);
}

static int sets_run(struct op_ctx *ctx, const void *params, void *results)
{
	static const struct kind kind = { NFT_MSG_GETSET, NFTA_SET_TABLE, NFTA_SET_NAME };

	return list(ctx, &kind, params, results);
}

struct generation_out {
	int64_t id;
};

static const struct field generation_out_fields[] = {
	F_INT(struct generation_out, id, REQUIRED, 0, 0, "number of the rule set's generation"),
	F_END
};

static int generation_run(struct op_ctx *ctx, const void *params, void *results)
{
	AUTO_MSG *msg = nfnetlink_msg(NFNL_SUBSYS_NFTABLES, NFT_MSG_GETGEN, 0, NFPROTO_UNSPEC);
	struct netlink_answer answer = { 0 };
	struct generation_out *out = results;
	struct nlattr *attrs[NFTA_GEN_MAX + 1];
	int ret = nfnetlink_ask(ctx, msg, &answer);

	(void)params;
	if (ret)
		return ret;
	if (answer.n != 1)
		return op_broken(ctx, "%zu answers about the generation", answer.n);
	nfnetlink_attrs(answer.v[0], attrs, NFTA_GEN_MAX);
	out->id = ntohl(netlink_u32(attrs[NFTA_GEN_ID], 0));
	return 0;
}

#define LIST .in = list_in_fields, .in_size = sizeof(struct list_in), OP_OUT(list)

const struct op nft_ops[] = {
	{
		.name = "nft.table_add",
		.doc = "Make an nftables table.",
		.source = "nft(8) TABLES",
		.config = "NF_TABLES",
		OP_IN(table),
		.touches = NSM_NET, .mutates = NSM_NET,
		.asks = "cap.NET_ADMIN",
		.run = table_add_run,
	},
	{
		.name = "nft.flush",
		.doc = "Delete all nftables tables of all families.",
		.source = "nft(8) RULESET",
		.config = "NF_TABLES",
		.touches = NSM_NET, .mutates = NSM_NET,
		.asks = "cap.NET_ADMIN",
		.run = flush_run,
	},
	{
		.name = "nft.chain_add",
		.doc = "Make an nftables chain.",
		.source = "nft(8) CHAINS",
		.config = "NF_TABLES",
		OP_IN(chain),
		.touches = NSM_NET, .mutates = NSM_NET,
		.asks = "cap.NET_ADMIN",
		.run = chain_add_run,
	},
	{
		.name = "nft.set_add",
		.doc = "Make an empty nftables set of IPv4 addresses.",
		.source = "nft(8) SETS",
		.config = "NF_TABLES",
		OP_IN(set),
		.touches = NSM_NET, .mutates = NSM_NET,
		.asks = "cap.NET_ADMIN",
		.run = set_add_run,
	},
	{
		.name = "nft.tables",
		.doc = "List nftables tables.",
		.source = "nft(8) TABLES",
		.config = "NF_TABLES",
		LIST,
		.touches = NSM_NET,
		.asks = "cap.NET_ADMIN",
		.run = tables_run,
	},
	{
		.name = "nft.chains",
		.doc = "List nftables chains.",
		.source = "nft(8) CHAINS",
		.config = "NF_TABLES",
		LIST,
		.touches = NSM_NET,
		.asks = "cap.NET_ADMIN",
		.run = chains_run,
	},
	{
		.name = "nft.sets",
		.doc = "List nftables sets.",
		.source = "nft(8) SETS",
		.config = "NF_TABLES",
		LIST,
		.touches = NSM_NET,
		.asks = "cap.NET_ADMIN",
		.run = sets_run,
	},
	{
		.name = "nft.generation",
		.doc = "Read the rule set's generation, which every transaction raises.",
		.source = "net/netfilter/nf_tables_api.c NFT_MSG_GETGEN",
		.config = "NF_TABLES",
		OP_OUT(generation),
		.touches = NSM_NET,
		.asks = "cap.NET_ADMIN",
		.run = generation_run,
	},
	{ 0 }
};
