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

#include "../../net/nfnetlink.h"

#define LIST_OUT(F, S) \
	F(S, STRS, entries, REQUIRED, "`SOURCE > DESTINATION` of the original direction") \
	F(S, TOTAL, count, "how many")
FIELDS(list_out, LIST_OUT);

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

static int conntrack_list_run(struct op_ctx *ctx, const struct none *in, struct list_out *out)
{
	AUTO_MSG *msg = nfnetlink_msg(NFNL_SUBSYS_CTNETLINK, IPCTNL_MSG_CT_GET, NLM_F_DUMP,
				      NFPROTO_UNSPEC);
	struct netlink_answer answer = { 0 };
	int ret = nfnetlink_ask(ctx, msg, &answer);
	size_t i;

	for (i = 0; i < answer.n; i++)
		netlink_push_text(ctx->pool, &out->entries, show(ctx->pool, answer.v[i]));
	out->count = out->entries.n;
	return ret;
}
OP(conntrack_list, "conntrack.list", none, list_out,
	.doc = "List connection tracking entries.",
	.source = "net/netfilter/nf_conntrack_netlink.c", .config = "NF_CT_NETLINK",
	.asks = "cap.NET_ADMIN",
	.touches = NSM_NET);

/* Deleting entries without saying which deletes them all. */
static int conntrack_flush_run(struct op_ctx *ctx, const struct none *in, struct none *out)
{
	AUTO_MSG *msg = nfnetlink_msg(NFNL_SUBSYS_CTNETLINK, IPCTNL_MSG_CT_DELETE, 0,
				      NFPROTO_UNSPEC);

	return nfnetlink_ask(ctx, msg, NULL);
}
OP(conntrack_flush, "conntrack.flush", none, none,
	.doc = "Delete all connection tracking entries.",
	.source = "net/netfilter/nf_conntrack_netlink.c", .config = "NF_CT_NETLINK",
	.asks = "cap.NET_ADMIN",
	.touches = NSM_NET, .mutates = NSM_NET,
	.seen = "conntrack");
