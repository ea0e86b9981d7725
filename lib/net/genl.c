// SPDX-License-Identifier: GPL-2.0-only
/*
 * Generic netlink.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/genetlink.h>

#include "genl.h"

struct nl_msg *genl_msg(int family, uint8_t command, int flags)
{
	const struct genlmsghdr head = { .cmd = command, .version = 1 };

	return netlink_msg(family, flags, &head, sizeof(head));
}

void genl_attrs(struct nlmsghdr *part, struct nlattr **v, int max)
{
	netlink_attrs(part, sizeof(struct genlmsghdr), v, max);
}

int genl_family(struct op_ctx *ctx, const char *name)
{
	AUTO_MSG *msg = genl_msg(GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 0);
	struct netlink_answer answer = { 0 };
	struct nlattr *attrs[CTRL_ATTR_MAX + 1];

	netlink_put_str(msg, CTRL_ATTR_FAMILY_NAME, name);
	int rc = netlink_ask(ctx, NETLINK_GENERIC, msg, &answer);

	if (rc)
		return rc;
	if (!answer.n)
		return -ENOENT;
	genl_attrs(answer.v[0], attrs, CTRL_ATTR_MAX);
	return attrs[CTRL_ATTR_FAMILY_ID] ? nla_get_u16(attrs[CTRL_ATTR_FAMILY_ID]) : -ENOENT;
}
