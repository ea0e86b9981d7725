// SPDX-License-Identifier: GPL-2.0-only
/*
 * Generic netlink: families of messages that kernel and modules register by name, and of which some
 * are for the initial network namespace alone.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/ethtool_netlink.h>
#include <linux/genetlink.h>
#include <string.h>

#include "../../net/netlink.h"

static struct nl_msg *genl_msg(int64_t family, int64_t command, int flags)
{
	struct genlmsghdr head = { .cmd = (uint8_t)command, .version = 1 };

	return netlink_msg((int)family, flags, &head, sizeof(head));
}

/* The id of the family NAME where the caller is; 0, -errno, or broken. */
static int family_id(struct op_ctx *ctx, const char *name, int64_t *id)
{
	AUTO_MSG *msg = genl_msg(GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 0);
	struct netlink_answer answer = { 0 };
	struct nlattr *attrs[CTRL_ATTR_MAX + 1];

	netlink_put_str(msg, CTRL_ATTR_FAMILY_NAME, name);
	int rc = netlink_ask(ctx, NETLINK_GENERIC, msg, &answer);

	if (rc)
		return rc;
	if (answer.n != 1)
		return op_broken(ctx, "%zu answers about one family", answer.n);
	netlink_attrs(answer.v[0], GENL_HDRLEN, attrs, CTRL_ATTR_MAX);
	if (!attrs[CTRL_ATTR_FAMILY_ID])
		return op_broken(ctx, "an answer without the family's id");
	*id = nla_get_u16(attrs[CTRL_ATTR_FAMILY_ID]);
	return 0;
}

#define FAMILY_IN(F, S) \
	F(S, STR, name, REQUIRED, "name of the family, e.g. `ethtool`")
FIELDS(family_in, FAMILY_IN);

#define FAMILY_OUT(F, S) \
	F(S, INT, id, REQUIRED, 0, 0, "number by which its messages are addressed")
FIELDS(family_out, FAMILY_OUT);

static int genl_family_run(struct op_ctx *ctx, const struct family_in *in, struct family_out *out)
{
	return family_id(ctx, in->name, &out->id);
}
OP(genl_family, "genl.family", family_in, family_out,
	.doc = "Look up a family of generic netlink; ENOENT when there is none here.",
	.source = "Documentation/userspace-api/netlink/intro.rst, net/netlink/genetlink.c",
	.config = "NET", .touches = NSM_NET);

#define REACH_IN(F, S) \
	F(S, INT, id, REQUIRED, 0, UINT16_MAX, "number of the family, by `genl.family`")
FIELDS(reach_in, REACH_IN);

/* No family has so many commands: one that is there refuses it. */
enum { COMMAND_OF_NONE = 255 };

static int genl_reach_run(struct op_ctx *ctx, const struct reach_in *in, struct none *out)
{
	AUTO_MSG *msg = genl_msg(in->id, COMMAND_OF_NONE, 0);
	int rc = netlink_ask(ctx, NETLINK_GENERIC, msg, NULL);

	if (!rc)
		return op_broken(ctx, "the family has a command %d", COMMAND_OF_NONE);
	return rc == -EOPNOTSUPP ? 0 : rc;
}
OP(genl_reach, "genl.reach", reach_in, none,
	.doc = "Send a command that no family has to a family of generic netlink, which says so if it is "
	       "reached; ENOENT when it is not there.",
	.source = "net/netlink/genetlink.c genl_family_rcv_msg",
	.config = "NET", .touches = NSM_NET,
	.unseen = "that the family answers is all that it asks");

#define DEVICE_IN(F, S) \
	F(S, STR, name, REQUIRED, "name of the device")
FIELDS(device_in, DEVICE_IN);

#define DEVICE_OUT(F, S) \
	F(S, INT, index, REQUIRED, 0, INT32_MAX, "its interface index, as the family tells it")
FIELDS(device_out, DEVICE_OUT);

static int genl_device_run(struct op_ctx *ctx, const struct device_in *in, struct device_out *out)
{
	struct nlattr *attrs[ETHTOOL_A_LINKINFO_MAX + 1], *head[ETHTOOL_A_HEADER_MAX + 1], *nest;
	struct netlink_answer answer = { 0 };
	int64_t id;
	int rc = family_id(ctx, ETHTOOL_GENL_NAME, &id);

	if (rc)
		return rc == OP_BROKEN ? rc :
			op_broken(ctx, "no family ethtool: %s", strerror(-rc));
	AUTO_MSG *msg = genl_msg(id, ETHTOOL_MSG_STRSET_GET, 0);

	nest = netlink_nest(msg, ETHTOOL_A_STRSET_HEADER);
	netlink_put_str(msg, ETHTOOL_A_HEADER_DEV_NAME, in->name);
	nla_nest_end(msg, nest);
	rc = netlink_ask(ctx, NETLINK_GENERIC, msg, &answer);
	if (rc)
		return rc;
	if (answer.n != 1)
		return op_broken(ctx, "%zu answers about one device", answer.n);
	netlink_attrs(answer.v[0], GENL_HDRLEN, attrs, ETHTOOL_A_LINKINFO_MAX);
	if (!attrs[ETHTOOL_A_STRSET_HEADER] ||
	    nla_parse_nested(head, ETHTOOL_A_HEADER_MAX, attrs[ETHTOOL_A_STRSET_HEADER], NULL) < 0)
		return op_broken(ctx, "an answer without a head");
	out->index = netlink_u32(head[ETHTOOL_A_HEADER_DEV_INDEX], 0);
	return 0;
}
OP(genl_device, "genl.device", device_in, device_out,
	.doc = "Ask the family ethtool about a network device; ENODEV when it is not here.",
	.source = "Documentation/networking/ethtool-netlink.rst STRSET_GET",
	.config = "ETHTOOL_NETLINK", .touches = NSM_NET);
