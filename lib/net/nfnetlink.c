// SPDX-License-Identifier: GPL-2.0-only
/*
 * nfnetlink: messages with a second head, and nftables' batches.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nfnetlink.h>
#include <string.h>

#include "nfnetlink.h"

const struct symbol nft_families[] = {
	{ .name = "any", .value = NFPROTO_UNSPEC, .doc = "in lists and flushes" },
	{ .name = "inet", .value = NFPROTO_INET },
	{ .name = "ip", .value = NFPROTO_IPV4 },
	{ .name = "ip6", .value = NFPROTO_IPV6 },
	{ .name = "arp", .value = NFPROTO_ARP },
	{ .name = "bridge", .value = NFPROTO_BRIDGE },
	{ .name = "netdev", .value = NFPROTO_NETDEV },
	{ 0 }
};

struct nl_msg *nfnetlink_msg(int subsystem, int type, int flags, int family)
{
	struct nfgenmsg head = { .nfgen_family = family, .version = NFNETLINK_V0 };

	return netlink_msg(subsystem << 8 | type, flags, &head, sizeof(head));
}

static struct nl_msg *mark_of_batch(int type)
{
	struct nfgenmsg head = { .version = NFNETLINK_V0, .res_id = htons(NFNL_SUBSYS_NFTABLES) };

	return netlink_msg(type, 0, &head, sizeof(head));
}

static size_t append(char *bytes, size_t at, struct nl_msg *msg)
{
	struct nlmsghdr *head = nlmsg_hdr(msg);

	memcpy(bytes + at, head, head->nlmsg_len);
	return at + NLMSG_ALIGN(head->nlmsg_len);
}

int nft_commit(struct op_ctx *ctx, struct nl_msg *msg)
{
	AUTO_MSG *begin = mark_of_batch(NFNL_MSG_BATCH_BEGIN);
	AUTO_MSG *end = mark_of_batch(NFNL_MSG_BATCH_END);
	size_t room = nlmsg_hdr(begin)->nlmsg_len + nlmsg_hdr(msg)->nlmsg_len +
		      nlmsg_hdr(end)->nlmsg_len + 3 * NLMSG_ALIGNTO;
	char *v = pool_alloc(ctx->pool, room);
	struct netlink_bytes bytes = { .v = v };

	nlmsg_hdr(msg)->nlmsg_flags |= NLM_F_ACK;
	bytes.len = append(v, 0, begin);
	bytes.len = append(v, bytes.len, msg);
	bytes.len = append(v, bytes.len, end);
	return netlink_exchange(ctx, NETLINK_NETFILTER, &bytes, NULL);
}

int nfnetlink_ask(struct op_ctx *ctx, struct nl_msg *msg, struct netlink_answer *answer)
{
	return netlink_ask(ctx, NETLINK_NETFILTER, msg, answer);
}

void nfnetlink_attrs(struct nlmsghdr *part, struct nlattr **v, int max)
{
	netlink_attrs(part, sizeof(struct nfgenmsg), v, max);
}

int nfnetlink_family(struct nlmsghdr *part)
{
	return ((struct nfgenmsg *)nlmsg_data(part))->nfgen_family;
}

struct nl_msg *nfnetlink_config_msg(int type, uint16_t number)
{
	struct nfgenmsg head = { .nfgen_family = NFPROTO_UNSPEC, .res_id = htons(number) };

	return netlink_msg(type, NLM_F_ACK, &head, sizeof(head));
}

/* The kernel queues the answer before send(2) returns, so there is nothing to wait for. */
int nfnetlink_config(struct op_ctx *ctx, int fd, struct nl_msg *msg)
{
	struct nlmsghdr *head = nlmsg_hdr(msg);
	struct netlink_answer answer = { 0 };
	int ret;

	if (send(fd, head, head->nlmsg_len, 0) < 0)
		return op_broken(ctx, "send to netlink: %m");
	ret = netlink_drain(ctx, fd, &answer);
	if (ret)
		return ret;
	if (answer.n != 1 || answer.v[0]->nlmsg_type != NLMSG_ERROR)
		return op_broken(ctx, "%zu answers to a log request", answer.n);
	return ((struct nlmsgerr *)nlmsg_data(answer.v[0]))->error;
}
