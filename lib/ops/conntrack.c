// SPDX-License-Identifier: GPL-2.0-only
/*
 * Connection tracking entries, by nfnetlink.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <sys/socket.h>

#include "../sys/nfnetlink.h"

struct list_out {
	struct strs entries;
	int64_t count;
};

static const struct field list_out_fields[] = {
	F_STRS(struct list_out, entries, REQUIRED,
	       "`SOURCE > DESTINATION` of the original direction"),
	F_INT(struct list_out, count, REQUIRED, 0, 0, "how many"),
	F_END
};

static const char *show(struct pool *pool, struct nlmsghdr *part)
{
	struct nlattr *entry[CTA_MAX + 1], *tuple[CTA_TUPLE_MAX + 1], *ip[CTA_IP_MAX + 1];
	int family = nfnetlink_family(part);
	bool six = family == NFPROTO_IPV6;

	nfnetlink_attrs(part, entry, CTA_MAX);
	if (!entry[CTA_TUPLE_ORIG] ||
	    nla_parse_nested(tuple, CTA_TUPLE_MAX, entry[CTA_TUPLE_ORIG], NULL) < 0 ||
	    !tuple[CTA_TUPLE_IP] ||
	    nla_parse_nested(ip, CTA_IP_MAX, tuple[CTA_TUPLE_IP], NULL) < 0)
		return "?";
	return pool_printf(pool, "%s > %s",
			   netlink_addr_show(pool, six ? AF_INET6 : AF_INET,
					     ip[six ? CTA_IP_V6_SRC : CTA_IP_V4_SRC]),
			   netlink_addr_show(pool, six ? AF_INET6 : AF_INET,
					     ip[six ? CTA_IP_V6_DST : CTA_IP_V4_DST]));
}

static int list_run(struct op_ctx *ctx, const void *params, void *results)
{
	AUTO_MSG *msg = nfnetlink_msg(NFNL_SUBSYS_CTNETLINK, IPCTNL_MSG_CT_GET, NLM_F_DUMP,
				      NFPROTO_UNSPEC);
	struct netlink_answer answer = { 0 };
	struct list_out *out = results;
	int ret = nfnetlink_ask(ctx, msg, &answer);
	size_t i;

	(void)params;
	for (i = 0; i < answer.n; i++)
		netlink_push_text(ctx->pool, &out->entries, show(ctx->pool, answer.v[i]));
	out->count = out->entries.n;
	return ret;
}

/* Deleting entries without saying which deletes them all. */
static int flush_run(struct op_ctx *ctx, const void *params, void *results)
{
	AUTO_MSG *msg = nfnetlink_msg(NFNL_SUBSYS_CTNETLINK, IPCTNL_MSG_CT_DELETE, 0,
				      NFPROTO_UNSPEC);

	(void)params, (void)results;
	return nfnetlink_ask(ctx, msg, NULL);
}

const struct op conntrack_ops[] = {
	{
		.name = "conntrack.list",
		.doc = "List connection tracking entries.",
		.source = "net/netfilter/nf_conntrack_netlink.c",
		.config = "NF_CT_NETLINK",
		OP_OUT(list),
		.touches = NSM_NET,
		.asks = "cap.NET_ADMIN",
		.run = list_run,
	},
	{
		.name = "conntrack.flush",
		.doc = "Delete all connection tracking entries.",
		.source = "net/netfilter/nf_conntrack_netlink.c",
		.config = "NF_CT_NETLINK",
		.touches = NSM_NET, .mutates = NSM_NET,
		.asks = "cap.NET_ADMIN",
		.run = flush_run,
	},
	{ 0 }
};
