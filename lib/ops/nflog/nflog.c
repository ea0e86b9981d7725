// SPDX-License-Identifier: GPL-2.0-only
/*
 * Packets that rules log to user space, by groups.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <linux/netfilter/nfnetlink_log.h>
#include <sys/socket.h>

#include "../../net/nfnetlink.h"
#include "nsc/sys.h"

#define BIND_IN(F, S) \
	F(S, INT, group, REQUIRED, 0, 65535, "number of the log group")
FIELDS(bind_in, BIND_IN);

#define BIND_OUT(F, S) \
	F(S, FD, fd, REQUIRED, "the socket, for `nflog.packets`")
FIELDS(bind_out, BIND_OUT);

static int nflog_bind_run(struct op_ctx *ctx, const struct bind_in *in, struct bind_out *out)
{
	struct nfulnl_msg_config_cmd bind = { .command = NFULNL_CFG_CMD_BIND };
	struct nfulnl_msg_config_mode mode = { .copy_range = htonl(0xff),
					       .copy_mode = NFULNL_COPY_PACKET };
	AUTO_MSG *msg = nfnetlink_config_msg(NFNL_SUBSYS_ULOG << 8 | NFULNL_MSG_CONFIG, in->group);
	AUTO_FD fd = -1;
	int ret = netlink_open(ctx, NETLINK_NETFILTER, NULL, 0, &fd);

	out->fd = -1;
	netlink_put(msg, NFULA_CFG_CMD, &bind, sizeof(bind));
	netlink_put(msg, NFULA_CFG_MODE, &mode, sizeof(mode));
	netlink_put_be32(msg, NFULA_CFG_QTHRESH, 1); /* hand over each packet at once */
	if (!ret)
		ret = nfnetlink_config(ctx, fd, msg);
	if (!ret)
		out->fd = fd_take(&fd);
	return ret;
}
OP(nflog_bind, "nflog.bind", bind_in, bind_out,
	.doc = "Receive the packets that rules log to a group.",
	.source = "net/netfilter/nfnetlink_log.c", .config = "NETFILTER_NETLINK_LOG",
	.asks = "cap.NET_ADMIN",
	.touches = NSM_NET, .mutates = NSM_NET);

#define PACKETS_IN(F, S) \
	F(S, FD, fd, REQUIRED, "socket from `nflog.bind`")
FIELDS(packets_in, PACKETS_IN);

#define PACKETS_OUT(F, S) \
	F(S, TOTAL, count, "packets that have been logged since the last look")
FIELDS(packets_out, PACKETS_OUT);

static int nflog_packets_run(struct op_ctx *ctx, const struct packets_in *in,
			     struct packets_out *out)
{
	const int logged = NFNL_SUBSYS_ULOG << 8 | NFULNL_MSG_PACKET;
	struct netlink_answer answer = { 0 };
	int ret = netlink_drain(ctx, in->fd, &answer);
	size_t i;

	for (i = 0; i < answer.n; i++)
		out->count += answer.v[i]->nlmsg_type == logged;
	return ret;
}
OP(nflog_packets, "nflog.packets", packets_in, packets_out,
	.doc = "Count the packets that have been logged, without waiting for more.",
	.source = "net/netfilter/nfnetlink_log.c",
	.touches = NSM_NET);
