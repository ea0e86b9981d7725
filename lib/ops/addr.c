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

#include "../sys/netlink.h"
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

struct change_in {
	const char *dev, *address;
	int64_t index;
	uint64_t flags;
};

static const struct field change_in_fields[] = {
	F_STR(struct change_in, dev, OPTIONAL, "name of the device"),
	F_INT(struct change_in, index, OPTIONAL, 0, INT32_MAX, "its index, instead of the name"),
	F_ADDR(struct change_in, address, REQUIRED, "address with prefix length"),
	F_FLAGS(struct change_in, flags, OPTIONAL, flags, "how to add it"),
	F_END
};

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

static int add_run(struct op_ctx *ctx, const void *params, void *results)
{
	(void)results;
	return change(ctx, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, params);
}

static int del_run(struct op_ctx *ctx, const void *params, void *results)
{
	(void)results;
	return change(ctx, RTM_DELADDR, 0, params);
}

struct list_in {
	const char *dev;
	int64_t family;
};

static const struct field list_in_fields[] = {
	F_STR(struct list_in, dev, OPTIONAL, "only of this device"),
	F_ENUM_DEF(struct list_in, family, AF_UNSPEC, netlink_families, "only of this family"),
	F_END
};

struct list_out {
	struct strs addresses;
	int64_t count;
};

static const struct field list_out_fields[] = {
	F_STRS(struct list_out, addresses, REQUIRED,
	       "`ADDRESS/LENGTH DEVICE`, in the order of the kernel"),
	F_INT(struct list_out, count, REQUIRED, 0, 0, "how many"),
	F_END
};

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

static int list_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct list_in *in = params;
	struct ifaddrmsg head = { .ifa_family = in->family };
	AUTO_MSG *msg = netlink_msg(RTM_GETADDR, NLM_F_DUMP, &head, sizeof(head));
	struct netlink_answer answer = { 0 };
	struct list_out *out = results;
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

enum { UNTIL_SETTLED, UNTIL_DADFAILED, UNTIL_USABLE };

static const struct symbol until_symbols[] = {
	{ .name = "settled", .value = UNTIL_SETTLED, .doc = "usable, or known to be a duplicate" },
	{ .name = "usable", .value = UNTIL_USABLE, .doc = "not tentative, with its local route" },
	{ .name = "dadfailed", .value = UNTIL_DADFAILED, .doc = "a duplicate" },
	{ 0 }
};

struct wait_in {
	const char *dev, *address;
	int64_t until;
};

static const struct field wait_in_fields[] = {
	F_STR(struct wait_in, dev, REQUIRED, "name of the device"),
	F_ADDR(struct wait_in, address, REQUIRED, "address with prefix length, as listed"),
	F_ENUM_DEF(struct wait_in, until, UNTIL_SETTLED, until_symbols, "state to wait for"),
	F_END
};

struct wait_out {
	uint64_t flags;
	bool usable;
};

static const struct field wait_out_fields[] = {
	F_FLAGS(struct wait_out, flags, REQUIRED, flags, "flags of the address"),
	F_BOOL(struct wait_out, usable, "not tentative and no duplicate"),
	F_END
};

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

static int wait_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct wait_in *in = params;
	const int groups[] = { RTNLGRP_IPV6_IFADDR, RTNLGRP_IPV6_ROUTE };
	struct netlink_answer events = { 0 };
	struct wait_out *out = results;
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
			return op_broken(ctx, "%s did not get there: timed out", in->address);
		ret = netlink_drain(ctx, fd, &events);
	}
	out->usable = !(out->flags & (IFA_F_TENTATIVE | IFA_F_DADFAILED));
	out->flags &= IFA_F_NODAD | IFA_F_NOPREFIXROUTE | IFA_F_TENTATIVE | IFA_F_DADFAILED |
		      IFA_F_PERMANENT | IFA_F_SECONDARY | IFA_F_OPTIMISTIC;
	return ret == 1 ? 0 : ret;
}

const struct op addr_ops[] = {
	{
		.name = "addr.add",
		.doc = "Give a network device an IPv4 or IPv6 address; ENODEV when it is not here.",
		.source = "rtnetlink(7) RTM_NEWADDR",
		.config = "INET",
		OP_IN(change),
		.touches = NSM_NET, .mutates = NSM_NET,
		.asks = "cap.NET_ADMIN",
		.run = add_run,
	},
	{
		.name = "addr.del",
		.doc = "Take an address from a network device.",
		.source = "rtnetlink(7) RTM_DELADDR",
		.config = "INET",
		OP_IN(change),
		.touches = NSM_NET, .mutates = NSM_NET,
		.asks = "cap.NET_ADMIN",
		.run = del_run,
	},
	{
		.name = "addr.list",
		.doc = "List addresses.",
		.source = "rtnetlink(7) RTM_GETADDR",
		.config = "INET",
		OP_IN(list), OP_OUT(list),
		.touches = NSM_NET,
		.run = list_run,
	},
	{
		.name = "addr.wait",
		.doc = "Wait until an IPv6 address works, or is known to be a duplicate.",
		.source = "rtnetlink(7) RTNLGRP_IPV6_IFADDR",
		.config = "INET",
		OP_IN(wait), OP_OUT(wait),
		.touches = NSM_NET,
		.run = wait_run,
	},
	{ 0 }
};
