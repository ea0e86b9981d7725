// SPDX-License-Identifier: GPL-2.0-only
/*
 * Netlink notifications.  The kernel queues them before it answers the request that caused
 * them, so that a later look at the queue shows them without waiting.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/audit.h>
#include <linux/fib_rules.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/net_namespace.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "../../net/nfnetlink.h"
#include "nsc/sys.h"

enum { EVERY = 0, GROUPS_MAX = 1024 };

#define GROUP(protocol, group) ((protocol) << 16 | (group))

static const struct symbol groups[] = {
	{ .name = "link", .value = GROUP(NETLINK_ROUTE, RTNLGRP_LINK) },
	{ .name = "address4", .value = GROUP(NETLINK_ROUTE, RTNLGRP_IPV4_IFADDR) },
	{ .name = "address6", .value = GROUP(NETLINK_ROUTE, RTNLGRP_IPV6_IFADDR) },
	{ .name = "route4", .value = GROUP(NETLINK_ROUTE, RTNLGRP_IPV4_ROUTE) },
	{ .name = "route6", .value = GROUP(NETLINK_ROUTE, RTNLGRP_IPV6_ROUTE) },
	{ .name = "rule4", .value = GROUP(NETLINK_ROUTE, RTNLGRP_IPV4_RULE) },
	{ .name = "neigh", .value = GROUP(NETLINK_ROUTE, RTNLGRP_NEIGH) },
	{ .name = "nsid", .value = GROUP(NETLINK_ROUTE, RTNLGRP_NSID) },
	{ .name = "nftables", .value = GROUP(NETLINK_NETFILTER, NFNLGRP_NFTABLES) },
	{ .name = "audit", .value = GROUP(NETLINK_AUDIT, AUDIT_NLGRP_READLOG) },
	{ .name = "all-route", .value = GROUP(NETLINK_ROUTE, EVERY),
	  .doc = "every group of the protocol that may be joined, as with those below" },
	{ .name = "all-netfilter", .value = GROUP(NETLINK_NETFILTER, EVERY) },
	{ .name = "all-generic", .value = GROUP(NETLINK_GENERIC, EVERY), .doc = "of all families" },
	{ .name = "all-sock-diag", .value = GROUP(NETLINK_SOCK_DIAG, EVERY),
	  .doc = "ends of sockets" },
	{ .name = "all-xfrm", .value = GROUP(NETLINK_XFRM, EVERY) },
	{ 0 }
};

#define LISTEN_IN(F, S) \
	F(S, ENUM, group, REQUIRED, groups, "what to be told about") \
	F(S, BOOL, all, "also about namespaces that have an id here")
FIELDS(listen_in, LISTEN_IN);

#define LISTEN_OUT(F, S) \
	F(S, FD, fd, REQUIRED, "socket for `monitor.events`")
FIELDS(listen_out, LISTEN_OUT);

/* Groups are numbered from 1 on; EINVAL is the end of them, other errors forbid or lack one. */
static void join_every(int fd)
{
	for (int group = 1; group <= GROUPS_MAX; group++)
		if (setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group,
			       sizeof(group)) < 0 && errno == EINVAL)
			break;
}

static int monitor_listen_run(struct op_ctx *ctx, const struct listen_in *in,
			      struct listen_out *out)
{
	const int group = in->group & 0xffff;

	const int on = 1;
	AUTO_FD fd = -1;
	int ret = netlink_open(ctx, in->group >> 16, &group, group != EVERY, &fd);

	out->fd = -1;
	if (ret < 0)
		return ret;
	if (group == EVERY)
		join_every(fd);
	if (in->all && setsockopt(fd, SOL_NETLINK, NETLINK_LISTEN_ALL_NSID, &on, sizeof(on)) < 0)
		return -errno;
	out->fd = fd_take(&fd);
	return 0;
}
OP(monitor_listen, "monitor.listen", listen_in, listen_out,
	.doc = "Open a socket that hears of changes in the caller's network namespace.",
	.source = "netlink(7), rtnetlink(7)",
	.touches = NSM_NET);

/* How to name what a message is about: the attribute NAME after a head of LEN bytes. */
struct event {
	int type;
	const char *text;
	int name;
	size_t len;
	enum { SHOW_TEXT, SHOW_LINK, SHOW_ADDRESS, SHOW_NUMBER } show;
};

#define NFT(type) (NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_##type)

static const struct event events[] = {
	{ RTM_NEWLINK, "newlink", IFLA_IFNAME, sizeof(struct ifinfomsg), SHOW_LINK },
	{ RTM_DELLINK, "dellink", IFLA_IFNAME, sizeof(struct ifinfomsg), SHOW_LINK },
	{ RTM_NEWADDR, "newaddr", IFA_ADDRESS, sizeof(struct ifaddrmsg), SHOW_ADDRESS },
	{ RTM_DELADDR, "deladdr", IFA_ADDRESS, sizeof(struct ifaddrmsg), SHOW_ADDRESS },
	{ RTM_NEWROUTE, "newroute", RTA_DST, sizeof(struct rtmsg), SHOW_ADDRESS },
	{ RTM_DELROUTE, "delroute", RTA_DST, sizeof(struct rtmsg), SHOW_ADDRESS },
	{ RTM_NEWRULE, "newrule", FRA_PRIORITY, sizeof(struct fib_rule_hdr), SHOW_NUMBER },
	{ RTM_DELRULE, "delrule", FRA_PRIORITY, sizeof(struct fib_rule_hdr), SHOW_NUMBER },
	{ RTM_NEWNEIGH, "newneigh", NDA_DST, sizeof(struct ndmsg), SHOW_ADDRESS },
	{ RTM_DELNEIGH, "delneigh", NDA_DST, sizeof(struct ndmsg), SHOW_ADDRESS },
	{ RTM_NEWNSID, "newnsid", NETNSA_NSID, sizeof(struct rtgenmsg), SHOW_NUMBER },
	{ RTM_DELNSID, "delnsid", NETNSA_NSID, sizeof(struct rtgenmsg), SHOW_NUMBER },
	{ NFT(NEWTABLE), "newtable", NFTA_TABLE_NAME, sizeof(struct nfgenmsg), SHOW_TEXT },
	{ NFT(DELTABLE), "deltable", NFTA_TABLE_NAME, sizeof(struct nfgenmsg), SHOW_TEXT },
	{ NFT(NEWCHAIN), "newchain", NFTA_CHAIN_NAME, sizeof(struct nfgenmsg), SHOW_TEXT },
	{ 0 }
};

static const struct event *event_of(int type)
{
	const struct event *e;

	for (e = events; e->text; e++)
		if (e->type == type)
			return e;
	return NULL;
}

/* `veth1`, and where a device went that left for another namespace. */
static const char *show_link(struct pool *pool, struct nlattr **attrs)
{
	const char *name = netlink_text(pool, attrs[IFLA_IFNAME]);

	if (!attrs[IFLA_NEW_NETNSID])
		return name;
	return pool_printf(pool, "%s to %d as %u", name,
			   (int)netlink_u32(attrs[IFLA_NEW_NETNSID], -1),
			   netlink_u32(attrs[IFLA_NEW_IFINDEX], 0));
}

static const char *show(struct pool *pool, const struct event *e, struct nlmsghdr *part)
{
	struct nlattr *attrs[IFLA_MAX + 1]; /* the most that any of these has */
	const struct nlattr *attr;

	netlink_attrs(part, e->len, attrs, IFLA_MAX);
	attr = attrs[e->name];
	if (e->show == SHOW_LINK)
		return show_link(pool, attrs);
	if (e->show == SHOW_NUMBER)
		return pool_printf(pool, "%u", netlink_u32(attr, 0));
	if (e->show == SHOW_ADDRESS && attr)
		return netlink_addr_show(pool, nla_len(attr) == 16 ? AF_INET6 : AF_INET, attr);
	return netlink_text(pool, attr);
}

#define EVENTS_IN(F, S) \
	F(S, FD, fd, REQUIRED, "socket from `monitor.listen`")
FIELDS(events_in, EVENTS_IN);

#define EVENTS_OUT(F, S) \
	F(S, STRS, events, REQUIRED, \
	  "`WHAT NAME`, `to NSID as INDEX` for a device that left, `in NSID` if from there") \
	F(S, TOTAL, count, "how many") \
	F(S, TOTAL, messages, "how many messages they came in, also of kinds without a name here")
FIELDS(events_out, EVENTS_OUT);

/* Add what has arrived to OUT. */
static int collect(struct op_ctx *ctx, int fd, struct events_out *out)
{
	struct netlink_answer answer = { 0 };
	int ret = netlink_drain(ctx, fd, &answer);
	size_t i;

	for (i = 0; i < answer.n; i++) {
		const struct event *e = event_of(answer.v[i]->nlmsg_type);
		const char *text;

		if (!e)
			continue;
		text = pool_printf(ctx->pool, "%s %s", e->text, show(ctx->pool, e, answer.v[i]));
		if (answer.nsid[i] >= 0)
			text = pool_printf(ctx->pool, "%s in %d", text, answer.nsid[i]);
		netlink_push_text(ctx->pool, &out->events, text);
	}
	out->count = out->events.n;
	out->messages += (int64_t)answer.n;
	return ret;
}

static int monitor_events_run(struct op_ctx *ctx, const struct events_in *in,
			      struct events_out *out)
{
	return collect(ctx, in->fd, out);
}
OP(monitor_events, "monitor.events", events_in, events_out,
	.doc = "Take the notifications that have arrived, without waiting for more.",
	.source = "netlink(7)",
	.touches = NSM_NET);

#define WAIT_IN(F, S) \
	F(S, FD, fd, REQUIRED, "socket from `monitor.listen`") \
	F(S, STR, event, REQUIRED, "what to wait for, as `monitor.events` would list it")
FIELDS(wait_in, WAIT_IN);

static bool listed(const struct strs *list, const char *text)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		if (!strcmp(list->v[i], text))
			return true;
	return false;
}

static int monitor_wait_run(struct op_ctx *ctx, const struct wait_in *in, struct events_out *out)
{
	struct pollfd poller = { .fd = in->fd, .events = POLLIN };
	int ret = collect(ctx, in->fd, out);

	while (!ret && !listed(&out->events, in->event)) {
		if (poll(&poller, 1, op_left_ms(ctx)) <= 0)
			return op_timed_out(ctx, "%s did not come", in->event);
		ret = collect(ctx, in->fd, out);
	}
	return ret;
}
OP(monitor_wait, "monitor.wait", wait_in, events_out,
	.doc = "Wait for a notification, and take what has arrived until then; ETIMEDOUT when it "
	       "does not come before the step's deadline.",
	.source = "netlink(7)",
	.touches = NSM_NET);
