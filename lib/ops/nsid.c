// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ids by which one network namespace knows others.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/net_namespace.h>
#include <linux/rtnetlink.h>

#include "../sys/netlink.h"
#include "proc.h"

enum { ID_NONE = INT32_MIN };

struct peer_in {
	struct actor_ref actor;
	int fd;
	int64_t pid, id;
};

static const struct field peer_in_fields[] = {
	F_ACTOR(struct peer_in, actor, OPTIONAL, "whose network namespace, named by PID"),
	F_FD(struct peer_in, fd, OPTIONAL, "network namespace"),
	F_INT(struct peer_in, pid, OPTIONAL, 0, INT32_MAX, "whose network namespace, by PID"),
	F_INT_DEF(struct peer_in, id, ID_NONE, INT32_MIN, INT32_MAX,
		  "id; -1 lets the kernel choose; default: none is sent"),
	F_END
};

struct id_out {
	int64_t id;
};

static const struct field id_out_fields[] = {
	F_INT(struct id_out, id, REQUIRED, 0, 0, "id of that namespace here, -1 when it has none"),
	F_END
};

static int put_peer(struct op_ctx *ctx, struct nl_msg *msg, const struct peer_in *in)
{
	bool by_actor = in->actor.beacon >= 0 || in->actor.pidfd >= 0;
	pid_t pid = in->pid;

	if (by_actor && visible_pid(ctx, &in->actor, &pid))
		return OP_BROKEN;
	if (pid)
		netlink_put_u32(msg, NETNSA_PID, pid);
	if (in->fd >= 0)
		netlink_put_u32(msg, NETNSA_FD, in->fd);
	if (in->id != ID_NONE)
		netlink_put_u32(msg, NETNSA_NSID, in->id);
	return 0;
}

static int set_run(struct op_ctx *ctx, const void *params, void *results)
{
	struct rtgenmsg head = { 0 };
	AUTO_MSG *msg = netlink_msg(RTM_NEWNSID, 0, &head, sizeof(head));
	int ret = put_peer(ctx, msg, params);

	(void)results;
	return ret ? ret : netlink_route(ctx, msg, NULL);
}

static int id_of(struct nlmsghdr *part)
{
	struct nlattr *attrs[NETNSA_MAX + 1];

	netlink_attrs(part, sizeof(struct rtgenmsg), attrs, NETNSA_MAX);
	return (int)netlink_u32(attrs[NETNSA_NSID], -1);
}

static int get_run(struct op_ctx *ctx, const void *params, void *results)
{
	struct rtgenmsg head = { 0 };
	AUTO_MSG *msg = netlink_msg(RTM_GETNSID, 0, &head, sizeof(head));
	struct netlink_answer answer = { 0 };
	struct id_out *out = results;
	int ret = put_peer(ctx, msg, params);

	if (!ret)
		ret = netlink_route(ctx, msg, &answer);
	if (ret)
		return ret;
	if (answer.n != 1)
		return op_broken(ctx, "%zu answers about one id", answer.n);
	out->id = id_of(answer.v[0]);
	return 0;
}

struct list_out {
	struct ints ids;
	int64_t count;
};

static const struct field list_out_fields[] = {
	F_INTS(struct list_out, ids, REQUIRED, 0, 0, "ids, in the order of the kernel"),
	F_INT(struct list_out, count, REQUIRED, 0, 0, "how many"),
	F_END
};

static int list_run(struct op_ctx *ctx, const void *params, void *results)
{
	struct rtgenmsg head = { 0 };
	AUTO_MSG *msg = netlink_msg(RTM_GETNSID, NLM_F_DUMP, &head, sizeof(head));
	struct netlink_answer answer = { 0 };
	struct list_out *out = results;
	int ret = netlink_route(ctx, msg, &answer);
	size_t i;

	(void)params;
	for (i = 0; i < answer.n; i++)
		netlink_push_int(ctx->pool, &out->ids, id_of(answer.v[i]));
	out->count = out->ids.n;
	return ret;
}

const struct op nsid_ops[] = {
	{
		.name = "nsid.set",
		.doc = "Give another network namespace an id in the caller's.",
		.source = "net/core/net_namespace.c RTM_NEWNSID",
		OP_IN(peer),
		.touches = NSM_NET, .mutates = NSM_NET,
		.asks = "cap.NET_ADMIN",
		.run = set_run,
	},
	{
		.name = "nsid.get",
		.doc = "Ask for the id of another network namespace, or whether an id is in use.",
		.source = "net/core/net_namespace.c RTM_GETNSID",
		OP_IN(peer), .out = id_out_fields, .out_size = sizeof(struct id_out),
		.touches = NSM_NET,
		.run = get_run,
	},
	{
		.name = "nsid.list",
		.doc = "List the ids that are in use in the caller's network namespace.",
		.source = "net/core/net_namespace.c RTM_GETNSID",
		OP_OUT(list),
		.touches = NSM_NET,
		.run = list_run,
	},
	{ 0 }
};
