// SPDX-License-Identifier: GPL-2.0-only
/*
 * Changing what only the kind of a network device knows.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "../seen.h"
#include "../../net/link_data.h"

#define CHANGE_IN(F, S) \
	F(S, STR, kind, REQUIRED, "its kind as the kernel spells it, e.g. vxlan") \
	F(S, STR, name, REQUIRED, "name of the device") \
	LINK_DATA(F, S)
FIELDS(change_in, CHANGE_IN);

static int put_kind(struct op_ctx *ctx, struct nl_msg *msg, const struct change_in *in)
{
	struct link_data data = LINK_DATA_OF(in);
	struct nlattr *nest = netlink_nest(msg, IFLA_LINKINFO), *inner;
	int ret;

	netlink_put_str(msg, IFLA_INFO_KIND, in->kind);
	inner = netlink_nest(msg, IFLA_INFO_DATA);
	ret = link_put_data(ctx, msg, &data);
	nla_nest_end(msg, inner);
	nla_nest_end(msg, nest);
	return ret;
}

static int link_change_run(struct op_ctx *ctx, const struct change_in *in, struct none *out)
{
	AUTO_MSG *msg = link_msg(RTM_NEWLINK, in->name, 0, 0, 0);
	int ret = put_kind(ctx, msg, in);

	return ret ? ret : netlink_route(ctx, msg, NULL);
}

/* IFLA_INFO_DATA of a message about a device. */
static struct nlattr *data_of(struct nlmsghdr *part)
{
	struct nlattr *attrs[IFLA_MAX + 1], *info[IFLA_INFO_MAX + 1];

	netlink_attrs(part, sizeof(struct ifinfomsg), attrs, IFLA_MAX);
	if (!attrs[IFLA_LINKINFO] ||
	    nla_parse_nested(info, IFLA_INFO_MAX, attrs[IFLA_LINKINFO], NULL) < 0)
		return NULL;
	return info[IFLA_INFO_DATA];
}

static int link_change_check(struct op_ctx *ctx, const struct change_in *in, const struct none *out)
{
	AUTO_MSG *msg = link_msg(RTM_NEWLINK, in->name, 0, 0, 0);
	struct nlattr *wanted, *now, *pos;
	struct nlmsghdr *part;
	int rest, ret = put_kind(ctx, msg, in);

	if (ret || link_ask(ctx, in->name, 0, &part) < 0)
		return ret;
	wanted = data_of(nlmsg_hdr(msg));
	now = data_of(part);
	if (!wanted || !now)
		return 0;
	nla_for_each_nested(pos, wanted, rest) {
		struct nlattr *is = nla_find(nla_data(now), nla_len(now), nla_type(pos));
		/* Flags are shown with another mask, after them. */
		size_t len = nla_len(pos) == 8 ? 4 : (size_t)nla_len(pos);

		if (is && memcmp(nla_data(is), nla_data(pos), len))
			return op_undone(ctx, "attribute %d is another", nla_type(pos));
	}
	return 0;
}
OP_CHECK(link_change, change_in, none)
OP(link_change, "link.change", change_in, none,
	.doc = "Change what only the kind of a network device knows, as the remote end of a tunnel.",
	.source = "rtnetlink(7) RTM_NEWLINK", .asks = "cap.NET_ADMIN",
	.touches = NSM_NET, .mutates = NSM_NET,
	.check = link_change_checked,
	.seen = SEEN_NET);
