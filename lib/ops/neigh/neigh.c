// SPDX-License-Identifier: GPL-2.0-only
/*
 * Neighbours of IP, by rtnetlink.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>

#include "../seen.h"
#include "../../net/link.h"

static const struct symbol states[] = {
	{ .name = "none", .value = NUD_NONE },
	{ .name = "incomplete", .value = NUD_INCOMPLETE },
	{ .name = "reachable", .value = NUD_REACHABLE },
	{ .name = "stale", .value = NUD_STALE },
	{ .name = "delay", .value = NUD_DELAY },
	{ .name = "probe", .value = NUD_PROBE },
	{ .name = "failed", .value = NUD_FAILED },
	{ .name = "noarp", .value = NUD_NOARP },
	{ .name = "permanent", .value = NUD_PERMANENT },
	{ 0 }
};

#define CHANGE_IN(F, S) \
	F(S, STR, dev, OPTIONAL, "device to which the neighbour is connected") \
	F(S, INT, index, OPTIONAL, 0, INT32_MAX, "its index, instead of the name") \
	F(S, ADDR, address, REQUIRED, "address of the neighbour") \
	F(S, STR, mac, OPTIONAL, "its link-layer address") \
	F(S, ENUM_DEF, state, NUD_PERMANENT, states, "state of the entry")
FIELDS(change_in, CHANGE_IN);

static int change(struct op_ctx *ctx, int message, int nl_flags, const struct change_in *in)
{
	struct ndmsg head = { .ndm_ifindex = in->index, .ndm_state = in->state };
	struct netlink_addr addr;
	int ret;

	if (!head.ndm_ifindex && in->dev)
		head.ndm_ifindex = netlink_index(in->dev);
	if (!head.ndm_ifindex)
		return -ENODEV;
	if (netlink_addr_parse(in->address, &addr) < 0)
		return op_broken(ctx, "not an address: %s", in->address);
	head.ndm_family = addr.family;
	AUTO_MSG *msg = netlink_msg(message, nl_flags, &head, sizeof(head));
	netlink_put(msg, NDA_DST, addr.bytes, addr.len);
	ret = link_put_mac(ctx, msg, NDA_LLADDR, in->mac);
	return ret ? ret : netlink_route(ctx, msg, NULL);
}

static int neigh_add_run(struct op_ctx *ctx, const struct change_in *in, struct none *out)
{
	return change(ctx, RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_EXCL, in);
}
OP(neigh_add, "neigh.add", change_in, none,
	.doc = "Add an entry to the neighbour table.",
	.source = "rtnetlink(7) RTM_NEWNEIGH", .config = "INET", .asks = "cap.NET_ADMIN",
	.touches = NSM_NET, .mutates = NSM_NET,
	.seen = SEEN_NET);

static int neigh_del_run(struct op_ctx *ctx, const struct change_in *in, struct none *out)
{
	return change(ctx, RTM_DELNEIGH, 0, in);
}
OP(neigh_del, "neigh.del", change_in, none,
	.doc = "Delete an entry from the neighbour table.",
	.source = "rtnetlink(7) RTM_DELNEIGH", .config = "INET", .asks = "cap.NET_ADMIN",
	.touches = NSM_NET, .mutates = NSM_NET,
	.seen = SEEN_NET);

#define LIST_IN(F, S) \
	F(S, STR, dev, OPTIONAL, "only of this device") \
	F(S, ENUM_DEF, family, AF_INET, netlink_families, "family of the entries")
FIELDS(list_in, LIST_IN);

#define LIST_OUT(F, S) \
	F(S, STRS, entries, REQUIRED, \
	  "`[ADDRESS ]MAC dev NAME STATE`, without those that need no resolution") \
	F(S, TOTAL, count, "how many")
FIELDS(list_out, LIST_OUT);

static const char *show(struct pool *pool, struct nlmsghdr *part)
{
	const struct ndmsg *head = nlmsg_data(part);
	const struct symbol *state = symbol_of(states, head->ndm_state);
	struct nlattr *attrs[NDA_MAX + 1];
	const char *address = "";

	netlink_attrs(part, sizeof(*head), attrs, NDA_MAX);
	if (attrs[NDA_DST])
		address = pool_printf(pool, "%s ",
				      netlink_addr_show(pool, head->ndm_family, attrs[NDA_DST]));
	return pool_printf(pool, "%s%s dev %s %s", address, link_mac(pool, attrs[NDA_LLADDR]),
			   netlink_name(pool, head->ndm_ifindex), state ? state->name : "?");
}

/* Broadcast and multicast, which need no resolution, are there as soon as a device is up. */
static bool is_host(struct nlmsghdr *part, unsigned index)
{
	const struct ndmsg *head = nlmsg_data(part);

	return head->ndm_state != NUD_NOARP && (!index || head->ndm_ifindex == (int)index);
}

static int neigh_list_run(struct op_ctx *ctx, const struct list_in *in, struct list_out *out)
{
	struct ndmsg head = { .ndm_family = in->family };
	AUTO_MSG *msg = netlink_msg(RTM_GETNEIGH, NLM_F_DUMP, &head, sizeof(head));
	unsigned index = in->dev ? netlink_index(in->dev) : 0;
	struct netlink_answer answer = { 0 };
	int ret;
	size_t i;

	if (in->dev && !index)
		return -ENODEV;
	ret = netlink_route(ctx, msg, &answer);
	for (i = 0; i < answer.n; i++)
		if (is_host(answer.v[i], index))
			netlink_push_text(ctx->pool, &out->entries, show(ctx->pool, answer.v[i]));
	out->count = out->entries.n;
	return ret;
}
OP(neigh_list, "neigh.list", list_in, list_out,
	.doc = "List neighbours, or with the bridge family the forwarding database.",
	.source = "rtnetlink(7) RTM_GETNEIGH", .config = "INET",
	.touches = NSM_NET);
