// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ids by which one network namespace knows others.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/net_namespace.h>
#include <linux/rtnetlink.h>

#include "../seen.h"
#include "../../net/netlink.h"
#include "../proc.h"

enum { ID_NONE = INT32_MIN };

#define PEER(F, S) \
	F(S, ACTOR, actor, OPTIONAL, "whose network namespace, named by PID") \
	F(S, FD, fd, OPTIONAL, "network namespace") \
	F(S, INT, pid, OPTIONAL, 0, INT32_MAX, "whose network namespace, by PID") \
	F(S, INT_DEF, id, ID_NONE, INT32_MIN, INT32_MAX, \
	  "id; -1 lets the kernel choose; default: none is sent")
FIELDS(peer_in, PEER);

#define GET_IN(F, S) \
	PEER(F, S) \
	F(S, INT_DEF, target, ID_NONE, INT32_MIN, INT32_MAX, \
	  "id of the namespace that is asked, in place of the caller's own")
FIELDS(get_in, GET_IN);

#define GET_OUT(F, S) \
	F(S, INT, id, REQUIRED, 0, 0, \
	  "id of that namespace where it is asked for, -1 when it has none") \
	F(S, INT, here, REQUIRED, 0, 0, \
	  "with a target: its id in the caller's own, -1 when it has none")
FIELDS(get_out, GET_OUT);

/* The members that both requests have, so that each passes its own. */
#define put_peer(ctx, msg, in) put_peer_of(ctx, msg, &(in)->actor, (in)->fd, (in)->pid, (in)->id)
static int put_peer_of(struct op_ctx *ctx, struct nl_msg *msg, const struct actor_ref *actor,
		       int fd, int64_t number, int64_t id)
{
	pid_t pid = (pid_t)number;

	if (actor->pidfd >= 0 && visible_pid(ctx, actor, &pid))
		return OP_BROKEN;
	if (pid)
		netlink_put_u32(msg, NETNSA_PID, pid);
	if (fd >= 0)
		netlink_put_u32(msg, NETNSA_FD, fd);
	if (id != ID_NONE)
		netlink_put_u32(msg, NETNSA_NSID, id);
	return 0;
}

static int nsid_set_run(struct op_ctx *ctx, const struct peer_in *in, struct none *out)
{
	struct rtgenmsg head = { 0 };
	AUTO_MSG *msg = netlink_msg(RTM_NEWNSID, 0, &head, sizeof(head));
	int ret = put_peer(ctx, msg, in);

	return ret ? ret : netlink_route(ctx, msg, NULL);
}
OP(nsid_set, "nsid.set", peer_in, none,
	.doc = "Give another network namespace an id in the caller's.",
	.source = "net/core/net_namespace.c RTM_NEWNSID", .asks = "cap.NET_ADMIN",
	.touches = NSM_NET, .mutates = NSM_NET,
	.seen = SEEN_NET);

static int id_of(struct nlmsghdr *part, int attribute)
{
	struct nlattr *attrs[NETNSA_MAX + 1];

	netlink_attrs(part, sizeof(struct rtgenmsg), attrs, NETNSA_MAX);
	return (int)netlink_u32(attrs[attribute], -1);
}

static int nsid_get_run(struct op_ctx *ctx, const struct get_in *in, struct get_out *out)
{
	struct rtgenmsg head = { 0 };
	AUTO_MSG *msg = netlink_msg(RTM_GETNSID, 0, &head, sizeof(head));
	struct netlink_answer answer = { 0 };
	int ret = put_peer(ctx, msg, in);

	if (in->target != ID_NONE)
		netlink_put_u32(msg, NETNSA_TARGET_NSID, in->target);
	if (!ret)
		ret = netlink_route(ctx, msg, &answer);
	if (ret)
		return ret;
	if (answer.n != 1)
		return op_broken(ctx, "%zu answers about one id", answer.n);
	out->id = id_of(answer.v[0], NETNSA_NSID);
	out->here = id_of(answer.v[0], NETNSA_CURRENT_NSID);
	return 0;
}
OP(nsid_get, "nsid.get", get_in, get_out,
	.doc = "Ask for the id of another network namespace, or whether an id is in use.",
	.source = "net/core/net_namespace.c RTM_GETNSID",
	.touches = NSM_NET);

#define LIST_OUT(F, S) \
	F(S, INTS, ids, REQUIRED, 0, 0, "ids, in the order of the kernel") \
	F(S, TOTAL, count, "how many")
FIELDS(list_out, LIST_OUT);

static int nsid_list_run(struct op_ctx *ctx, const struct none *in, struct list_out *out)
{
	struct rtgenmsg head = { 0 };
	AUTO_MSG *msg = netlink_msg(RTM_GETNSID, NLM_F_DUMP, &head, sizeof(head));
	struct netlink_answer answer = { 0 };
	int ret = netlink_route(ctx, msg, &answer);
	size_t i;

	for (i = 0; i < answer.n; i++)
		netlink_push_int(ctx->pool, &out->ids, id_of(answer.v[i], NETNSA_NSID));
	out->count = out->ids.n;
	return ret;
}
OP(nsid_list, "nsid.list", none, list_out,
	.doc = "List the ids that are in use in the caller's network namespace.",
	.source = "net/core/net_namespace.c RTM_GETNSID",
	.touches = NSM_NET);
