// SPDX-License-Identifier: GPL-2.0-only
/*
 * Addresses of network devices, by rtnetlink.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "../seen.h"
#include "../../net/netlink.h"
#include "nsc/sys.h"

static const struct symbol flags[] = {
	{ .name = "nodad", .value = IFA_F_NODAD, .doc = "IPv6: usable at once" },
	{ .name = "noprefixroute", .value = IFA_F_NOPREFIXROUTE, .doc = "no route to the prefix" },
	{ .name = "tentative", .value = IFA_F_TENTATIVE, .doc = "not yet known to be unique" },
	{ .name = "dadfailed", .value = IFA_F_DADFAILED, .doc = "somebody else has it" },
	{ .name = "permanent", .value = IFA_F_PERMANENT },
	{ .name = "secondary", .value = IFA_F_SECONDARY },
	{ .name = "optimistic", .value = IFA_F_OPTIMISTIC },
	{ 0 }
};

#define CHANGE_IN(F, S) \
	F(S, STR, dev, OPTIONAL, "name of the device") \
	F(S, INT, index, OPTIONAL, 0, INT32_MAX, "its index, instead of the name") \
	F(S, ADDR, address, REQUIRED, "address with prefix length") \
	F(S, FLAGS, flags, OPTIONAL, flags, "how to add it")
FIELDS(change_in, CHANGE_IN);

static int change(struct op_ctx *ctx, int type, int nl_flags, const struct change_in *in)
{
	struct netlink_addr addr;
	struct ifaddrmsg head = { .ifa_index = in->index };

	if (!head.ifa_index && in->dev)
		head.ifa_index = netlink_index(in->dev);
	if (!head.ifa_index)
		return -ENODEV; /* what SIOCGIFINDEX said */
	if (netlink_addr_parse(in->address, &addr) < 0)
		return op_broken(ctx, "not an address: %s", in->address);
	head.ifa_family = addr.family;
	head.ifa_prefixlen = addr.prefix;

	AUTO_MSG *msg = netlink_msg(type, nl_flags, &head, sizeof(head));
	netlink_put(msg, IFA_LOCAL, addr.bytes, addr.len);
	netlink_put(msg, IFA_ADDRESS, addr.bytes, addr.len);
	if (in->flags)
		netlink_put_u32(msg, IFA_FLAGS, in->flags);
	return netlink_route(ctx, msg, NULL);
}

static int addr_add_run(struct op_ctx *ctx, const struct change_in *in, struct none *out)
{
	return change(ctx, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, in);
}
OP(addr_add, "addr.add", change_in, none,
	.doc = "Give a network device an IPv4 or IPv6 address; ENODEV when it is not here.",
	.source = "rtnetlink(7) RTM_NEWADDR", .config = "INET", .asks = "cap.NET_ADMIN",
	.touches = NSM_NET, .mutates = NSM_NET,
	.seen = SEEN_NET);

static int addr_del_run(struct op_ctx *ctx, const struct change_in *in, struct none *out)
{
	return change(ctx, RTM_DELADDR, 0, in);
}
OP(addr_del, "addr.del", change_in, none,
	.doc = "Take an address from a network device.",
	.source = "rtnetlink(7) RTM_DELADDR", .config = "INET", .asks = "cap.NET_ADMIN",
	.touches = NSM_NET, .mutates = NSM_NET,
	.seen = SEEN_NET);

#define LIST_IN(F, S) \
	F(S, STR, dev, OPTIONAL, "only of this device") \
	F(S, ENUM_DEF, family, AF_UNSPEC, netlink_families, "only of this family")
FIELDS(list_in, LIST_IN);

#define LIST_OUT(F, S) \
	F(S, STRS, addresses, REQUIRED, "`ADDRESS/LENGTH DEVICE`, in the order of the kernel") \
	F(S, TOTAL, count, "how many")
FIELDS(list_out, LIST_OUT);

static const char *show(struct pool *pool, struct nlmsghdr *part)
{
	const struct ifaddrmsg *head = nlmsg_data(part);
	struct nlattr *attrs[IFA_MAX + 1];
	struct nlattr *local;

	netlink_attrs(part, sizeof(*head), attrs, IFA_MAX);
	local = attrs[IFA_LOCAL] ? attrs[IFA_LOCAL] : attrs[IFA_ADDRESS];
	return pool_printf(pool, "%s/%u %s", netlink_addr_show(pool, head->ifa_family, local),
			   head->ifa_prefixlen, netlink_name(pool, head->ifa_index));
}

static int addr_list_run(struct op_ctx *ctx, const struct list_in *in, struct list_out *out)
{
	struct ifaddrmsg head = { .ifa_family = in->family };
	AUTO_MSG *msg = netlink_msg(RTM_GETADDR, NLM_F_DUMP, &head, sizeof(head));
	struct netlink_answer answer = { 0 };
	unsigned index = in->dev ? netlink_index(in->dev) : 0;
	int ret;
	size_t i;

	if (in->dev && !index)
		return -ENODEV;
	ret = netlink_route(ctx, msg, &answer);
	for (i = 0; i < answer.n; i++)
		if (!index || ((struct ifaddrmsg *)nlmsg_data(answer.v[i]))->ifa_index == index)
			netlink_push_text(ctx->pool, &out->addresses, show(ctx->pool, answer.v[i]));
	out->count = out->addresses.n;
	return ret;
}
OP(addr_list, "addr.list", list_in, list_out,
	.doc = "List addresses.",
	.source = "rtnetlink(7) RTM_GETADDR", .config = "INET",
	.touches = NSM_NET);

enum { UNTIL_SETTLED, UNTIL_DADFAILED, UNTIL_USABLE };

static const struct symbol until_symbols[] = {
	{ .name = "settled", .value = UNTIL_SETTLED, .doc = "usable, or known to be a duplicate" },
	{ .name = "usable", .value = UNTIL_USABLE, .doc = "not tentative, with its local route" },
	{ .name = "dadfailed", .value = UNTIL_DADFAILED, .doc = "a duplicate" },
	{ 0 }
};

#define WAIT_IN(F, S) \
	F(S, STR, dev, REQUIRED, "name of the device") \
	F(S, ADDR, address, REQUIRED, "address with prefix length, as listed") \
	F(S, ENUM_DEF, until, UNTIL_SETTLED, until_symbols, "state to wait for")
FIELDS(wait_in, WAIT_IN);

#define WAIT_OUT(F, S) \
	F(S, FLAGS, flags, REQUIRED, flags, "flags of the address") \
	F(S, BOOL, usable, "not tentative and no duplicate")
FIELDS(wait_out, WAIT_OUT);

/* Flags of an address; 0, -EADDRNOTAVAIL when it is not there, or OP_BROKEN. */
static int look(struct op_ctx *ctx, const struct wait_in *in, uint64_t *found)
{
	struct ifaddrmsg head = { .ifa_family = AF_UNSPEC };
	AUTO_MSG *msg = netlink_msg(RTM_GETADDR, NLM_F_DUMP, &head, sizeof(head));
	const char *wanted = pool_printf(ctx->pool, "%s %s", in->address, in->dev);
	struct netlink_answer answer = { 0 };
	int ret = netlink_route(ctx, msg, &answer);
	size_t i;

	if (ret < 0)
		return ret;
	for (i = 0; i < answer.n; i++) {
		struct nlattr *attrs[IFA_MAX + 1];
		struct ifaddrmsg *one = nlmsg_data(answer.v[i]);

		if (strcmp(show(ctx->pool, answer.v[i]), wanted))
			continue;
		netlink_attrs(answer.v[i], sizeof(head), attrs, IFA_MAX);
		*found = netlink_u32(attrs[IFA_FLAGS], one->ifa_flags);
		return 0;
	}
	return -EADDRNOTAVAIL;
}

/*
 * An IPv6 address is announced before it works: its solicited-node group and its local
 * route come from a work queue, also without duplicate address detection.  1, 0 or OP_BROKEN.
 */
static int is_local(struct op_ctx *ctx, const struct netlink_addr *addr)
{
	struct rtmsg head = { .rtm_family = addr->family };
	AUTO_MSG *msg = netlink_msg(RTM_GETROUTE, NLM_F_DUMP, &head, sizeof(head));
	struct netlink_answer answer = { 0 };
	struct nlattr *attrs[RTA_MAX + 1];
	int ret = netlink_route(ctx, msg, &answer);
	size_t i;

	if (ret < 0)
		return ret == OP_BROKEN ? ret : op_broken(ctx, "RTM_GETROUTE: %s", strerror(-ret));
	for (i = 0; i < answer.n; i++) {
		netlink_attrs(answer.v[i], sizeof(head), attrs, RTA_MAX);
		if (((struct rtmsg *)nlmsg_data(answer.v[i]))->rtm_type == RTN_LOCAL &&
		    attrs[RTA_DST] && !nla_memcmp(attrs[RTA_DST], addr->bytes, (int)addr->len))
			return 1;
	}
	return 0;
}

static bool settled(int64_t until, uint64_t found)
{
	if (until == UNTIL_DADFAILED)
		return found & IFA_F_DADFAILED;
	if (until == UNTIL_SETTLED && found & IFA_F_DADFAILED)
		return true;
	return !(found & IFA_F_TENTATIVE);
}

static int addr_wait_run(struct op_ctx *ctx, const struct wait_in *in, struct wait_out *out)
{
	const int groups[] = { RTNLGRP_IPV6_IFADDR, RTNLGRP_IPV6_ROUTE };
	struct netlink_answer events = { 0 };
	struct netlink_addr addr;
	AUTO_FD fd = -1;
	int ret = netlink_open(ctx, NETLINK_ROUTE, groups, 2, &fd);

	if (netlink_addr_parse(in->address, &addr) < 0)
		return op_broken(ctx, "not an address: %s", in->address);
	while (!ret) {
		struct pollfd poller = { .fd = fd, .events = POLLIN };

		ret = look(ctx, in, &out->flags);
		if (ret)
			break;
		if (settled(in->until, out->flags)) {
			ret = out->flags & IFA_F_DADFAILED ? 1 : is_local(ctx, &addr);
			if (ret)
				break;
		}
		if (poll(&poller, 1, op_left_ms(ctx)) <= 0)
			return op_timed_out(ctx, "%s did not get there", in->address);
		ret = netlink_drain(ctx, fd, &events);
	}
	out->usable = !(out->flags & (IFA_F_TENTATIVE | IFA_F_DADFAILED));
	out->flags &= IFA_F_NODAD | IFA_F_NOPREFIXROUTE | IFA_F_TENTATIVE | IFA_F_DADFAILED |
		      IFA_F_PERMANENT | IFA_F_SECONDARY | IFA_F_OPTIMISTIC;
	return ret == 1 ? 0 : ret;
}
OP(addr_wait, "addr.wait", wait_in, wait_out,
	.doc = "Wait until an IPv6 address works, or is known to be a duplicate; ETIMEDOUT when "
	       "neither comes before the step's deadline.",
	.source = "rtnetlink(7) RTNLGRP_IPV6_IFADDR", .config = "INET",
	.touches = NSM_NET);
