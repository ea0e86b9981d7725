// SPDX-License-Identifier: GPL-2.0-only
/*
 * Many short-lived network namespaces: the caller makes one after the other, uses names in
 * it, gives it an id at home, and comes home in the end to see them all die.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/net_namespace.h>
#include <linux/rtnetlink.h>

#include "../../net/netlink.h"
#include "nsc/op.h"
#include "nsc/sockaddr.h"
#include "nsc/sys.h"

#define NETNS_SELF "/proc/thread-self/ns/net"

#define CHURN_IN(F, S) \
	F(S, INT, count, REQUIRED, 1, 1000, "how many network namespaces to make") \
	F(S, BOOL, retry, "wait for a free place when the limit is reached (ENOSPC)")
FIELDS(churn_in, CHURN_IN);

#define CHURN_OUT(F, S) \
	F(S, TOTAL, made, "network namespaces made") \
	F(S, INT, freed, REQUIRED, 0, 0, "those whose end was announced in time")
FIELDS(churn_out, CHURN_OUT);

/* Descriptors at home: its namespace, a socket for requests, one that hears of ids. */
struct home {
	int netns, asks, hears;
};

static void home_close(struct home *home)
{
	fd_close(&home->netns);
	fd_close(&home->asks);
	fd_close(&home->hears);
}

static int home_open(struct op_ctx *ctx, struct home *home)
{
	const int group = RTNLGRP_NSID;

	home->netns = open(NETNS_SELF, O_RDONLY | O_CLOEXEC);
	if (home->netns < 0)
		return op_broken(ctx, "open " NETNS_SELF ": %m");
	if (netlink_open(ctx, NETLINK_ROUTE, NULL, 0, &home->asks))
		return OP_BROKEN;
	return netlink_open(ctx, NETLINK_ROUTE, &group, 1, &home->hears);
}

/* The end of a namespace has no event that comes when its place is free, so ask again. */
static int enter_new(struct op_ctx *ctx, const struct churn_in *in)
{
	int rc;

	do {
		rc = unshare(CLONE_NEWNET) < 0 ? -errno : 0;
		if (rc != -ENOSPC || !in->retry)
			return rc;
		poll(NULL, 0, 1);
	} while (op_left_ms(ctx) > 0);
	return rc;
}

/* Have a port and an abstract name, and leave them to the namespace's end. */
static int use_names(struct op_ctx *ctx)
{
	AUTO_FD port = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	AUTO_FD name = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sockaddr_any ip, un;

	if (port < 0 || name < 0 || !sockaddr_inet("0.0.0.0", 7777, &ip) ||
	    !sockaddr_unix("nsc-churn", NULL, &un))
		return op_broken(ctx, "sockets: %m");
	if (bind(port, &ip.any, ip.len) < 0 || bind(name, &un.any, un.len) < 0)
		return -errno;
	return listen(port, 1) < 0 || listen(name, 1) < 0 ? -errno : 0;
}

/* Give the caller's namespace an id at home, whose end is announced there. */
static int give_id(struct op_ctx *ctx, const struct home *home)
{
	struct rtgenmsg head = { .rtgen_family = AF_UNSPEC };
	AUTO_FD netns = open(NETNS_SELF, O_RDONLY | O_CLOEXEC);

	if (netns < 0)
		return op_broken(ctx, "open " NETNS_SELF ": %m");
	AUTO_MSG *msg = netlink_msg(RTM_NEWNSID, 0, &head, sizeof(head));
	netlink_put_u32(msg, NETNSA_NSID, (uint32_t)-1);
	netlink_put_u32(msg, NETNSA_FD, (uint32_t)netns);
	if (send(home->asks, nlmsg_hdr(msg), nlmsg_hdr(msg)->nlmsg_len, 0) < 0)
		return op_broken(ctx, "RTM_NEWNSID: %m");
	return 0;
}

static int make_all(struct op_ctx *ctx, const struct churn_in *in, const struct home *home,
		    struct churn_out *out)
{
	int rc = 0;

	while (!rc && out->made < in->count) {
		rc = enter_new(ctx, in);
		if (!rc)
			rc = use_names(ctx);
		if (!rc)
			rc = give_id(ctx, home);
		out->made += !rc;
	}
	return rc;
}

static int count_deaths(struct op_ctx *ctx, const struct home *home, struct churn_out *out)
{
	while (out->freed < out->made) {
		struct netlink_answer answer = { 0 };
		struct pollfd p = { .fd = home->hears, .events = POLLIN };

		if (poll(&p, 1, op_left_ms(ctx)) == 0)
			return 0;
		if (netlink_drain(ctx, home->hears, &answer))
			return OP_BROKEN;
		for (size_t i = 0; i < answer.n; i++)
			out->freed += answer.v[i]->nlmsg_type == RTM_DELNSID;
	}
	return 0;
}

static int net_churn_run(struct op_ctx *ctx, const struct churn_in *in, struct churn_out *out)
{
	__attribute__((cleanup(home_close))) struct home home = { -1, -1, -1 };
	int rc = home_open(ctx, &home);

	if (rc)
		return rc;
	rc = make_all(ctx, in, &home, out);
	if (setns(home.netns, CLONE_NEWNET) < 0)
		return op_broken(ctx, "cannot come home: %m");
	return rc ? rc : count_deaths(ctx, &home, out);
}
OP(net_churn, "net.churn", churn_in, churn_out,
	.doc = "Make, use and leave network namespaces, and hear of their ends.",
	.source = "net/core/net_namespace.c cleanup_net",
	.touches = NSM_NET, .mutates = NSM_NET, .flags = OP_SINGLE);
