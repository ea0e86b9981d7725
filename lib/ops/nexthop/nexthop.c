// SPDX-License-Identifier: GPL-2.0-only
/*
 * Next hop objects, by rtnetlink.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/nexthop.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "../seen.h"
#include "../../net/netlink.h"

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
	.touches = NSM_NET, .mutates = NSM_NET,
	.seen = SEEN_NET);

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
