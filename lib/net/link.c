// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the ops on network devices have in common.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>

#include "link.h"

int link_put_place(struct op_ctx *ctx, struct nl_msg *msg, const struct link_place *place)
{
	bool by_actor = place->actor.pidfd >= 0;
	pid_t pid = by_actor ? actor_pid(&place->actor) : place->pid;

	if (by_actor && pid <= 0)
		return op_broken(ctx, "the actor has no number in this PID namespace");
	if (pid)
		netlink_put_u32(msg, IFLA_NET_NS_PID, pid);
	if (place->fd >= 0)
		netlink_put_u32(msg, IFLA_NET_NS_FD, place->fd);
	return 0;
}

void link_put_target(struct nl_msg *msg, int64_t nsid)
{
	if (nsid >= 0)
		netlink_put_u32(msg, IFLA_TARGET_NETNSID, nsid);
}

int link_put_mac(struct op_ctx *ctx, struct nl_msg *msg, int type, const char *text)
{
	unsigned char mac[6];
	int end = 0;

	if (!text)
		return 0;
	if (sscanf(text, "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx%n", mac, mac + 1, mac + 2, mac + 3, mac + 4,
		   mac + 5, &end) != 6 || text[end])
		return op_broken(ctx, "not a link-layer address: %s", text);
	netlink_put(msg, type, mac, sizeof(mac));
	return 0;
}

int link_put_index(struct nl_msg *msg, int type, const char *name)
{
	unsigned index = name ? netlink_index(name) : 0;

	if (index)
		netlink_put_u32(msg, type, index);
	return name && !index ? -ENODEV : 0;
}

struct nl_msg *link_msg(int type, const char *name, int64_t index, unsigned flags, unsigned change)
{
	struct ifinfomsg head = { .ifi_index = index, .ifi_flags = flags, .ifi_change = change };
	struct nl_msg *msg;

	if (!index && name)
		head.ifi_index = netlink_index(name);
	msg = netlink_msg(type, 0, &head, sizeof(head));
	if (!head.ifi_index)
		netlink_put_str(msg, IFLA_IFNAME, name);
	return msg;
}

int link_ask(struct op_ctx *ctx, const char *name, int64_t index, struct nlmsghdr **part)
{
	AUTO_MSG *msg = link_msg(RTM_GETLINK, name, index, 0, 0);
	struct netlink_answer answer = { 0 };
	int ret = netlink_route(ctx, msg, &answer);

	if (ret < 0)
		return ret;
	if (answer.n != 1)
		return op_broken(ctx, "%zu answers about one device", answer.n);
	*part = answer.v[0];
	return 0;
}

const char *link_mac(struct pool *pool, const struct nlattr *attr)
{
	const unsigned char *mac = attr ? nla_data(attr) : NULL;

	if (!attr || nla_len(attr) != 6)
		return "";
	return pool_printf(pool, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2], mac[3],
			   mac[4], mac[5]);
}
