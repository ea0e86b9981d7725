// SPDX-License-Identifier: GPL-2.0-only
/*
 * Queueing disciplines, by rtnetlink.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "../../net/link.h"

#define ADD_IN(F, S) \
	F(S, STR, dev, OPTIONAL, "device") \
	F(S, INT, index, OPTIONAL, 0, INT32_MAX, "its index, instead of the name") \
	F(S, STR_DEF, kind, "pfifo", "kind, of those that want no options; ingress is not a root one")
FIELDS(add_in, ADD_IN);

static struct nl_msg *about(int message, int flags, int64_t index, const char *kind)
{
	bool ingress = kind && !strcmp(kind, "ingress");
	struct tcmsg head = { .tcm_family = AF_UNSPEC, .tcm_ifindex = (int)index,
			      .tcm_parent = ingress ? TC_H_INGRESS : TC_H_ROOT };
	struct nl_msg *msg = netlink_msg(message, flags, &head, sizeof(head));

	netlink_put_str(msg, TCA_KIND, kind);
	return msg;
}

static int qdisc_add_run(struct op_ctx *ctx, const struct add_in *in, struct none *out)
{
	int64_t index = in->index ? in->index : netlink_index(in->dev ? in->dev : "");

	if (!index)
		return -ENODEV;
	AUTO_MSG *msg = about(RTM_NEWQDISC, NLM_F_CREATE | NLM_F_EXCL, index, in->kind);

	return netlink_route(ctx, msg, NULL);
}
OP(qdisc_add, "qdisc.add", add_in, none,
	.doc = "Give a network device a queueing discipline.",
	.source = "rtnetlink(7) RTM_NEWQDISC, tc(8)", .config = "NET_SCHED",
	.asks = "cap.NET_ADMIN",
	.touches = NSM_NET, .mutates = NSM_NET,
	.seen = "qdisc");

#define LIST_OUT(F, S) \
	F(S, STRS, qdiscs, REQUIRED, "`KIND dev NAME`, without the kernel's own defaults") \
	F(S, TOTAL, count, "how many")
FIELDS(list_out, LIST_OUT);

static int qdisc_list_run(struct op_ctx *ctx, const struct none *in, struct list_out *out)
{
	AUTO_MSG *msg = about(RTM_GETQDISC, NLM_F_DUMP, 0, NULL);
	struct nlattr *attrs[TCA_MAX + 1];
	struct netlink_answer answer = { 0 };
	int ret = netlink_route(ctx, msg, &answer);

	for (size_t i = 0; i < answer.n; i++) {
		const struct tcmsg *head = nlmsg_data(answer.v[i]);

		/* A default one has no handle. */
		if (!head->tcm_handle)
			continue;
		netlink_attrs(answer.v[i], sizeof(*head), attrs, TCA_MAX);
		netlink_push_text(ctx->pool, &out->qdiscs,
				  pool_printf(ctx->pool, "%s dev %s",
					      netlink_text(ctx->pool, attrs[TCA_KIND]),
					      netlink_name(ctx->pool, head->tcm_ifindex)));
	}
	out->count = (int64_t)out->qdiscs.n;
	return ret;
}
OP(qdisc_list, "qdisc.list", none, list_out,
	.doc = "List the queueing disciplines of all network devices.",
	.source = "rtnetlink(7) RTM_GETQDISC", .config = "NET_SCHED",
	.touches = NSM_NET);
