// SPDX-License-Identifier: GPL-2.0-only
/*
 * What WireGuard devices are told by generic netlink.
 */
#define _GNU_SOURCE
#include <linux/genetlink.h>
#include <linux/wireguard.h>

#include "../seen.h"
#include "../../net/generic.h"

#define PORT_IN(F, S) \
	F(S, STR, name, REQUIRED, "name of the device") \
	F(S, INT, port, REQUIRED, 1, 65535, "UDP port, in the network namespace where it was made")
FIELDS(port_in, PORT_IN);

static int link_wireguard_port_run(struct op_ctx *ctx, const struct port_in *in, struct none *out)
{
	struct genlmsghdr head = { .cmd = WG_CMD_SET_DEVICE, .version = WG_GENL_VERSION };
	int family = generic_family(ctx, WG_GENL_NAME);

	if (family < 0)
		return family;
	AUTO_MSG *msg = netlink_msg(family, 0, &head, sizeof(head));

	netlink_put_str(msg, WGDEVICE_A_IFNAME, in->name);
	netlink_put_u16(msg, WGDEVICE_A_LISTEN_PORT, (uint16_t)in->port);
	return netlink_ask(ctx, NETLINK_GENERIC, msg, NULL);
}
static int link_wireguard_port_check(struct op_ctx *ctx, const struct port_in *in,
				     const struct none *out)
{
	struct genlmsghdr head = { .cmd = WG_CMD_GET_DEVICE, .version = WG_GENL_VERSION };
	int family = generic_family(ctx, WG_GENL_NAME);
	struct nlattr *attrs[WGDEVICE_A_MAX + 1];
	struct netlink_answer answer = { 0 };

	if (family < 0)
		return family;
	AUTO_MSG *msg = netlink_msg(family, NLM_F_DUMP, &head, sizeof(head));

	netlink_put_str(msg, WGDEVICE_A_IFNAME, in->name);
	if (netlink_ask(ctx, NETLINK_GENERIC, msg, &answer) < 0 || !answer.n)
		return 0;
	netlink_attrs(answer.v[0], sizeof(head), attrs, WGDEVICE_A_MAX);
	if (!attrs[WGDEVICE_A_LISTEN_PORT] ||
	    nla_get_u16(attrs[WGDEVICE_A_LISTEN_PORT]) == (uint16_t)in->port)
		return 0;
	return op_undone(ctx, "the port is %u", nla_get_u16(attrs[WGDEVICE_A_LISTEN_PORT]));
}
OP_CHECK(link_wireguard_port, port_in, none)
OP(link_wireguard_port, "link.wireguard_port", port_in, none,
	.doc = "Set the port on which a WireGuard device receives.",
	.source = "drivers/net/wireguard/netlink.c wg_set_device", .config = "WIREGUARD",
	.asks = "cap.NET_ADMIN",
	.touches = NSM_NET, .mutates = NSM_NET,
	.check = link_wireguard_port_checked,
	.seen = SEEN_NET);
