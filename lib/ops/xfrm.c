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

#include "../sys/netlink.h"

struct pair_in {
	const char *from, *to;
};

static const struct field pair_in_fields[] = {
	F_ADDR(struct pair_in, from, REQUIRED, "IPv4 source"),
	F_ADDR(struct pair_in, to, REQUIRED, "IPv4 destination"),
	F_END
};

static int parse(struct op_ctx *ctx, const struct pair_in *in, xfrm_address_t *from,
		 xfrm_address_t *to)
{
	if (inet_pton(AF_INET, in->from, &from->a4) != 1 ||
	    inet_pton(AF_INET, in->to, &to->a4) != 1)
		return op_broken(ctx, "not IPv4 addresses: %s, %s", in->from, in->to);
	return 0;
}

static int policy_add_run(struct op_ctx *ctx, const void *params, void *results)
{
	struct xfrm_userpolicy_info head = { .action = XFRM_POLICY_BLOCK, .dir = XFRM_POLICY_OUT };
	int ret = parse(ctx, params, &head.sel.saddr, &head.sel.daddr);

	(void)results;
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

static int state_add_run(struct op_ctx *ctx, const void *params, void *results)
{
	struct xfrm_userspi_info head = { .min = 0x100, .max = 0x100 };
	int ret = parse(ctx, params, &head.info.saddr, &head.info.id.daddr);

	(void)results;
	if (ret)
		return ret;
	head.info.family = AF_INET;
	head.info.id.proto = IPPROTO_ESP;
	head.info.mode = XFRM_MODE_TRANSPORT;
	AUTO_MSG *msg = netlink_msg(XFRM_MSG_ALLOCSPI, 0, &head, sizeof(head));
	return netlink_ask(ctx, NETLINK_XFRM, msg, NULL);
}

struct list_out {
	int64_t states, policies;
};

static const struct field list_out_fields[] = {
	F_INT(struct list_out, states, REQUIRED, 0, 0, "how many states"),
	F_INT(struct list_out, policies, REQUIRED, 0, 0, "how many policies"),
	F_END
};

static int count(struct op_ctx *ctx, int type, int64_t *found)
{
	AUTO_MSG *msg = netlink_msg(type, NLM_F_DUMP, NULL, 0);
	struct netlink_answer answer = { 0 };
	int ret = netlink_ask(ctx, NETLINK_XFRM, msg, &answer);

	*found = answer.n;
	return ret;
}

static int list_run(struct op_ctx *ctx, const void *params, void *results)
{
	struct list_out *out = results;
	int ret = count(ctx, XFRM_MSG_GETSA, &out->states);

	(void)params;
	return ret ? ret : count(ctx, XFRM_MSG_GETPOLICY, &out->policies);
}

const struct op xfrm_ops[] = {
	{
		.name = "xfrm.policy_add",
		.doc = "Add an IPsec policy that blocks what one address sends to another.",
		.source = "net/xfrm/xfrm_user.c XFRM_MSG_NEWPOLICY",
		.config = "XFRM_USER",
		OP_IN(pair),
		.touches = NSM_NET, .mutates = NSM_NET,
		.asks = "cap.NET_ADMIN",
		.run = policy_add_run,
	},
	{
		.name = "xfrm.state_add",
		.doc = "Reserve an IPsec state, always with the same index.",
		.source = "net/xfrm/xfrm_user.c XFRM_MSG_ALLOCSPI",
		.config = "XFRM_USER",
		OP_IN(pair),
		.touches = NSM_NET, .mutates = NSM_NET,
		.asks = "cap.NET_ADMIN",
		.run = state_add_run,
	},
	{
		.name = "xfrm.count",
		.doc = "Count IPsec states and policies.",
		.source = "net/xfrm/xfrm_user.c XFRM_MSG_GETSA, XFRM_MSG_GETPOLICY",
		.config = "XFRM_USER",
		OP_OUT(list),
		.touches = NSM_NET,
		.asks = "cap.NET_ADMIN",
		.run = list_run,
	},
	{ 0 }
};
