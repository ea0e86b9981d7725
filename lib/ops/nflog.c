// SPDX-License-Identifier: GPL-2.0-only
/*
 * Packets that rules hand to user space: log groups and queues.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_log.h>
#include <linux/netfilter/nfnetlink_queue.h>
#include <poll.h>
#include <sys/socket.h>

#include "../sys/nfnetlink.h"
#include "nsc/sys.h"

struct bind_in {
	int64_t group;
};

static const struct field bind_in_fields[] = {
	F_INT(struct bind_in, group, REQUIRED, 0, 65535, "number of the log group"),
	F_END
};

struct bind_out {
	int fd;
};

static const struct field bind_out_fields[] = {
	F_FD(struct bind_out, fd, REQUIRED, "the socket, for `nflog.packets`"),
	F_END
};

static struct nl_msg *config_msg(int type, uint16_t number)
{
	struct nfgenmsg head = { .nfgen_family = NFPROTO_UNSPEC, .res_id = htons(number) };

	return netlink_msg(type, NLM_F_ACK, &head, sizeof(head));
}

/* The answer to a request on a socket that is kept; it comes before send(2) returns. */
static int ask(struct op_ctx *ctx, int fd, struct nl_msg *msg)
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

static int bind_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct bind_in *in = params;
	struct nfulnl_msg_config_cmd bind = { .command = NFULNL_CFG_CMD_BIND };
	struct nfulnl_msg_config_mode mode = { .copy_range = htonl(0xff),
					       .copy_mode = NFULNL_COPY_PACKET };
	AUTO_MSG *msg = config_msg(NFNL_SUBSYS_ULOG << 8 | NFULNL_MSG_CONFIG, in->group);
	struct bind_out *out = results;
	AUTO_FD fd = -1;
	int ret = netlink_open(ctx, NETLINK_NETFILTER, NULL, 0, &fd);

	out->fd = -1;
	netlink_put(msg, NFULA_CFG_CMD, &bind, sizeof(bind));
	netlink_put(msg, NFULA_CFG_MODE, &mode, sizeof(mode));
	netlink_put_be32(msg, NFULA_CFG_QTHRESH, 1); /* hand over each packet at once */
	if (!ret)
		ret = ask(ctx, fd, msg);
	if (!ret)
		out->fd = fd_take(&fd);
	return ret;
}

struct queue_in {
	int64_t number;
};

static const struct field queue_in_fields[] = {
	F_INT(struct queue_in, number, REQUIRED, 0, 65535, "number of the queue"),
	F_END
};

static int queue_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct queue_in *in = params;
	struct nfqnl_msg_config_cmd bind = { .command = NFQNL_CFG_CMD_BIND };
	AUTO_MSG *msg = config_msg(NFNL_SUBSYS_QUEUE << 8 | NFQNL_MSG_CONFIG, in->number);
	struct bind_out *out = results;
	AUTO_FD fd = -1;
	int ret = netlink_open(ctx, NETLINK_NETFILTER, NULL, 0, &fd);

	out->fd = -1;
	netlink_put(msg, NFQA_CFG_CMD, &bind, sizeof(bind));
	if (!ret)
		ret = ask(ctx, fd, msg);
	if (!ret)
		out->fd = fd_take(&fd);
	return ret;
}

struct packets_in {
	int fd;
};

static const struct field packets_in_fields[] = {
	F_FD(struct packets_in, fd, REQUIRED, "socket from `nflog.bind`"),
	F_END
};

struct packets_out {
	int64_t count;
};

static const struct field packets_out_fields[] = {
	F_INT(struct packets_out, count, REQUIRED, 0, 0,
	      "packets that have been logged since the last look"),
	F_END
};

static int packets_run(struct op_ctx *ctx, const void *params, void *results)
{
	const int logged = NFNL_SUBSYS_ULOG << 8 | NFULNL_MSG_PACKET;
	const struct packets_in *in = params;
	struct packets_out *out = results;
	struct netlink_answer answer = { 0 };
	int ret = netlink_drain(ctx, in->fd, &answer);
	size_t i;

	for (i = 0; i < answer.n; i++)
		out->count += answer.v[i]->nlmsg_type == logged;
	return ret;
}

const struct op nflog_ops[] = {
	{
		.name = "nflog.bind",
		.doc = "Receive the packets that rules log to a group.",
		.source = "net/netfilter/nfnetlink_log.c",
		.config = "NETFILTER_NETLINK_LOG",
		OP_IN(bind), OP_OUT(bind),
		.touches = NSM_NET, .mutates = NSM_NET,
		.asks = "cap.NET_ADMIN",
		.run = bind_run,
	},
	{
		.name = "nfqueue.bind",
		.doc = "Become the one who decides about the packets of a queue.",
		.source = "net/netfilter/nfnetlink_queue.c",
		.config = "NETFILTER_NETLINK_QUEUE",
		OP_IN(queue), OP_OUT(bind),
		.touches = NSM_NET, .mutates = NSM_NET,
		.asks = "cap.NET_ADMIN",
		.run = queue_run,
	},
	{
		.name = "nflog.packets",
		.doc = "Count the packets that have been logged, without waiting for more.",
		.source = "net/netfilter/nfnetlink_log.c",
		OP_IN(packets), OP_OUT(packets),
		.touches = NSM_NET,
		.run = packets_run,
	},
	{ 0 }
};
