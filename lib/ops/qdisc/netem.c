// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a device does to the packets that it sends: queueing disciplines.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>

#include "../seen.h"
#include "../../net/netlink.h"

#define NETEM_IN(F, S) \
	F(S, STR, dev, REQUIRED, "device that sends") \
	F(S, PATIENCE, delay, 0, "by how much each packet is late") \
	F(S, INT, loss, OPTIONAL, 0, 100, "how many of a hundred packets are lost")
FIELDS(netem_in, NETEM_IN);

static int qdisc_netem_run(struct op_ctx *ctx, const struct netem_in *in, struct none *out)
{
	struct tcmsg head = { .tcm_ifindex = (int)netlink_index(in->dev), .tcm_parent = TC_H_ROOT };
	/* In ticks of 64 ns, PSCHED_SHIFT in net/pkt_sched.h; a share is one of 2^32. */
	struct tc_netem_qopt options = {
		.latency = (uint32_t)(in->delay >> 6), .limit = 1000,
		.loss = (uint32_t)(UINT32_MAX / 100.0 * in->loss),
	};
	AUTO_MSG *msg = netlink_msg(RTM_NEWQDISC, NLM_F_CREATE | NLM_F_REPLACE, &head,
				    sizeof(head));

	if (!head.tcm_ifindex)
		return -ENODEV;
	if (in->loss == 100)
		options.loss = UINT32_MAX;
	netlink_put_str(msg, TCA_KIND, "netem");
	netlink_put(msg, TCA_OPTIONS, &options, sizeof(options));
	return netlink_route(ctx, msg, NULL);
}
OP(qdisc_netem, "qdisc.netem", netem_in, none,
	.doc = "Have a device lose packets, or send them later.",
	.source = "tc-netem(8), net/sched/sch_netem.c", .config = "NET_SCH_NETEM",
	.asks = "cap.NET_ADMIN",
	.touches = NSM_NET, .mutates = NSM_NET,
	.seen = SEEN_NET);
