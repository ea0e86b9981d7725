// SPDX-License-Identifier: GPL-2.0-only
/*
 * Families of generic netlink, whose numbers the kernel gives.
 */
#define _GNU_SOURCE
#include <linux/genetlink.h>

#include "generic.h"

int generic_family(struct op_ctx *ctx, const char *name)
{
	struct genlmsghdr head = { .cmd = CTRL_CMD_GETFAMILY, .version = 1 };
	AUTO_MSG *msg = netlink_msg(GENL_ID_CTRL, 0, &head, sizeof(head));
	struct nlattr *attrs[CTRL_ATTR_MAX + 1];
	struct netlink_answer answer = { 0 };
	int ret;

	netlink_put_str(msg, CTRL_ATTR_FAMILY_NAME, name);
	ret = netlink_ask(ctx, NETLINK_GENERIC, msg, &answer);
	if (ret < 0 || !answer.n)
		return op_broken(ctx, "no family %s of generic netlink", name);
	netlink_attrs(answer.v[0], sizeof(head), attrs, CTRL_ATTR_MAX);
	return attrs[CTRL_ATTR_FAMILY_ID] ? nla_get_u16(attrs[CTRL_ATTR_FAMILY_ID]) :
		op_broken(ctx, "family %s has no number", name);
}
