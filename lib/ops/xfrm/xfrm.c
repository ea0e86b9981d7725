// SPDX-License-Identifier: GPL-2.0-only
/*
 * IPsec states and policies, by NETLINK_XFRM.  A state is reserved (XFRM_MSG_ALLOCSPI), which
 * needs no cipher.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/xfrm.h>
#include <string.h>
#include <sys/socket.h>

#include "../seen.h"
#include "../../net/netlink.h"

#define PAIR_IN(F, S) \
	F(S, ADDR, from, REQUIRED, "IPv4 source") \
	F(S, ADDR, to, REQUIRED, "IPv4 destination")
FIELDS(pair_in, PAIR_IN);

static int parse(struct op_ctx *ctx, const struct pair_in *in, xfrm_address_t *from,
		 xfrm_address_t *to)
{
	if (inet_pton(AF_INET, in->from, &from->a4) != 1 ||
	    inet_pton(AF_INET, in->to, &to->a4) != 1)
		return op_broken(ctx, "not IPv4 addresses: %s, %s", in->from, in->to);
	return 0;
}

static int xfrm_policy_add_run(struct op_ctx *ctx, const struct pair_in *in, struct none *out)
{
	struct xfrm_userpolicy_info head = { .action = XFRM_POLICY_BLOCK, .dir = XFRM_POLICY_OUT };
	int ret = parse(ctx, in, &head.sel.saddr, &head.sel.daddr);

	if (ret)
		return ret;
	head.sel.family = AF_INET;
	head.sel.prefixlen_s = head.sel.prefixlen_d = 32;
	head.lft.soft_byte_limit = head.lft.hard_byte_limit = XFRM_INF;
	head.lft.soft_packet_limit = head.lft.hard_packet_limit = XFRM_INF;
	AUTO_MSG *msg = netlink_msg(XFRM_MSG_NEWPOLICY, NLM_F_CREATE | NLM_F_EXCL, &head,
				    sizeof(head));
	return netlink_ask(ctx, NETLINK_XFRM, msg, NULL);
}
OP(xfrm_policy_add, "xfrm.policy_add", pair_in, none,
	.doc = "Add an IPsec policy that blocks what one address sends to another.",
	.source = "net/xfrm/xfrm_user.c XFRM_MSG_NEWPOLICY", .config = "XFRM_USER",
	.asks = "cap.NET_ADMIN feature.ipsec-messages",
	.touches = NSM_NET, .mutates = NSM_NET,
	.seen = SEEN_NET);

static int xfrm_state_add_run(struct op_ctx *ctx, const struct pair_in *in, struct none *out)
{
	struct xfrm_userspi_info head = { .min = 0x100, .max = 0x100 };
	int ret = parse(ctx, in, &head.info.saddr, &head.info.id.daddr);

	if (ret)
		return ret;
	head.info.family = AF_INET;
	head.info.id.proto = IPPROTO_ESP;
	head.info.mode = XFRM_MODE_TRANSPORT;
	AUTO_MSG *msg = netlink_msg(XFRM_MSG_ALLOCSPI, 0, &head, sizeof(head));
	return netlink_ask(ctx, NETLINK_XFRM, msg, NULL);
}
OP(xfrm_state_add, "xfrm.state_add", pair_in, none,
	.doc = "Reserve an IPsec state, always with the same index.",
	.source = "net/xfrm/xfrm_user.c XFRM_MSG_ALLOCSPI", .config = "XFRM_USER",
	.asks = "cap.NET_ADMIN feature.ipsec-messages",
	.touches = NSM_NET, .mutates = NSM_NET,
	.seen = SEEN_NET);

#define LIST_OUT(F, S) \
	F(S, TOTAL, states, "how many states") \
	F(S, TOTAL, policies, "how many policies")
FIELDS(list_out, LIST_OUT);

static int count(struct op_ctx *ctx, int type, int64_t *found)
{
	AUTO_MSG *msg = netlink_msg(type, NLM_F_DUMP, NULL, 0);
	struct netlink_answer answer = { 0 };
	int ret = netlink_ask(ctx, NETLINK_XFRM, msg, &answer);

	*found = answer.n;
	return ret;
}

static int xfrm_count_run(struct op_ctx *ctx, const struct none *in, struct list_out *out)
{
	int ret = count(ctx, XFRM_MSG_GETSA, &out->states);

	return ret ? ret : count(ctx, XFRM_MSG_GETPOLICY, &out->policies);
}
OP(xfrm_count, "xfrm.count", none, list_out,
	.doc = "Count IPsec states and policies.",
	.source = "net/xfrm/xfrm_user.c XFRM_MSG_GETSA, XFRM_MSG_GETPOLICY",
	.config = "XFRM_USER", .asks = "cap.NET_ADMIN feature.ipsec-messages",
	.touches = NSM_NET);
