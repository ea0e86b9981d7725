// SPDX-License-Identifier: GPL-2.0-only
/*
 * Queues of packets for a decision, which only one socket of a network namespace may bind.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <linux/netfilter/nfnetlink_queue.h>
#include <sys/socket.h>

#include "../../net/nfnetlink.h"
#include "nsc/sys.h"

#define QUEUE_IN(F, S) \
	F(S, INT, number, REQUIRED, 0, 65535, "number of the queue")
FIELDS(queue_in, QUEUE_IN);

#define BIND_OUT(F, S) \
	F(S, FD, fd, REQUIRED, "the socket, for `nflog.packets`")
FIELDS(bind_out, BIND_OUT);

static int nfqueue_bind_run(struct op_ctx *ctx, const struct queue_in *in, struct bind_out *out)
{
	struct nfqnl_msg_config_cmd bind = { .command = NFQNL_CFG_CMD_BIND };
	AUTO_MSG *msg = nfnetlink_config_msg(NFNL_SUBSYS_QUEUE << 8 | NFQNL_MSG_CONFIG, in->number);
	AUTO_FD fd = -1;
	int ret = netlink_open(ctx, NETLINK_NETFILTER, NULL, 0, &fd);

	out->fd = -1;
	netlink_put(msg, NFQA_CFG_CMD, &bind, sizeof(bind));
	if (!ret)
		ret = nfnetlink_config(ctx, fd, msg);
	if (!ret)
		out->fd = fd_take(&fd);
	return ret;
}
OP(nfqueue_bind, "nfqueue.bind", queue_in, bind_out,
	.doc = "Become the one who decides about the packets of a queue.",
	.source = "net/netfilter/nfnetlink_queue.c", .config = "NETFILTER_NETLINK_QUEUE",
	.asks = "cap.NET_ADMIN",
	.touches = NSM_NET, .mutates = NSM_NET);
