// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attributes of kinds of network devices.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/if_tunnel.h>
#include <linux/if_vlan.h>
#include <linux/veth.h>
#include <stddef.h>
#include <string.h>

#include "link_data.h"
#include "uapi/rtnetlink.h"

/* Numbers of different kinds overlap: the ones of all but macvlan are shifted. */
enum { MODE_MASK = 0xff, MODE_IPVLAN = 0x100, MODE_NETKIT = 0x200 };

const struct symbol link_modes[] = {
	{ .name = "none", .value = LINK_MODE_NONE, .doc = "the kind's own default" },
	{ .name = "private", .value = MACVLAN_MODE_PRIVATE, .doc = "macvlan" },
	{ .name = "vepa", .value = MACVLAN_MODE_VEPA, .doc = "macvlan" },
	{ .name = "bridge", .value = MACVLAN_MODE_BRIDGE, .doc = "macvlan" },
	{ .name = "l2", .value = MODE_IPVLAN + IPVLAN_MODE_L2, .doc = "ipvlan" },
	{ .name = "l3", .value = MODE_IPVLAN + IPVLAN_MODE_L3, .doc = "ipvlan" },
	{ .name = "netkit-l2", .value = MODE_NETKIT + NSC_NETKIT_L2, .doc = "netkit" },
	{ .name = "netkit-l3", .value = MODE_NETKIT + NSC_NETKIT_L3, .doc = "netkit" },
	{ 0 }
};

const struct symbol link_flags[] = {
	{ .name = "reorder-header", .value = VLAN_FLAG_REORDER_HDR, .doc = "vlan" },
	{ .name = "loose-binding", .value = VLAN_FLAG_LOOSE_BINDING, .doc = "vlan" },
	{ 0 }
};

enum form { FORM_U16 = 1, FORM_BE16, FORM_U32, FORM_ADDRESS, FORM_VLAN_FLAGS };

/* One attribute, and the member of struct link_data that it is taken from. */
struct attr {
	size_t member;
	int type;
	enum form form;
	int64_t initial; /* of a new device for which nothing is given, or 0 for none */
};

enum { MAX_ATTRS = 4 };

#define OF_NEW(member, type, form, initial) \
	{ offsetof(struct link_data, member), type, form, initial }
#define OF(member, type, form) OF_NEW(member, type, form, 0)
#define GRE { OF(local, IFLA_GRE_LOCAL, FORM_ADDRESS), OF(remote, IFLA_GRE_REMOTE, FORM_ADDRESS) }
#define IPTUN \
	{ OF(local, IFLA_IPTUN_LOCAL, FORM_ADDRESS), OF(remote, IFLA_IPTUN_REMOTE, FORM_ADDRESS) }
#define VTI { OF(local, IFLA_VTI_LOCAL, FORM_ADDRESS), OF(remote, IFLA_VTI_REMOTE, FORM_ADDRESS) }
#define MACVLAN { OF(mode, IFLA_MACVLAN_MODE, FORM_U32) }
#define IPVLAN { OF(mode, IFLA_IPVLAN_MODE, FORM_U16) }

/* A kind that is not here has no attributes that a scenario could want. */
static const struct kind {
	const char *name;
	int peer; /* attribute of the other end, or 0 */
	struct attr attrs[MAX_ATTRS];
} kinds[] = {
	{ "bareudp", 0, { OF_NEW(port, IFLA_BAREUDP_PORT, FORM_BE16, 6635),
		       OF_NEW(id, IFLA_BAREUDP_ETHERTYPE, FORM_BE16, ETH_P_MPLS_UC) } },
	{ "geneve", 0, { OF(id, IFLA_GENEVE_ID, FORM_U32),
		      OF_NEW(port, IFLA_GENEVE_PORT, FORM_BE16, 6081),
		      OF(remote, IFLA_GENEVE_REMOTE, FORM_ADDRESS) } },
	{ "gre", 0, GRE },
	{ "gretap", 0, GRE },
	{ "ip6gre", 0, GRE },
	{ "ip6gretap", 0, GRE },
	{ "ip6tnl", 0, IPTUN },
	{ "ipip", 0, IPTUN },
	{ "ipvlan", 0, IPVLAN },
	{ "ipvtap", 0, IPVLAN },
	{ "macvlan", 0, MACVLAN },
	{ "macvtap", 0, MACVLAN },
	{ "netkit", NSC_IFLA_NETKIT_PEER_INFO, { OF(mode, NSC_IFLA_NETKIT_MODE, FORM_U32) } },
	{ "sit", 0, IPTUN },
	{ "veth", VETH_INFO_PEER, { { 0 } } },
	{ "vlan", 0, { OF(id, IFLA_VLAN_ID, FORM_U16),
		    OF(flags, IFLA_VLAN_FLAGS, FORM_VLAN_FLAGS) } },
	{ "vrf", 0, { OF(id, IFLA_VRF_TABLE, FORM_U32) } },
	{ "vti", 0, VTI },
	{ "vti6", 0, VTI },
	{ "vxcan", VETH_INFO_PEER, { { 0 } } },
	{ "vxlan", 0, { OF(id, IFLA_VXLAN_ID, FORM_U32),
		     OF_NEW(port, IFLA_VXLAN_PORT, FORM_BE16, 4789),
		     OF(remote, IFLA_VXLAN_GROUP, FORM_ADDRESS) } },
	{ "xfrm", 0, { OF(id, IFLA_XFRM_IF_ID, FORM_U32) } },
};

static const struct kind *find(const char *name)
{
	static const struct kind plain = { .name = NULL };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (!strcmp(kinds[i].name, name))
			return &kinds[i];
	return &plain;
}

int link_peer_attr(const char *kind)
{
	return find(kind)->peer;
}

static int64_t *number_of(struct link_data *data, const struct attr *attr)
{
	return (int64_t *)((char *)data + attr->member);
}

struct link_data link_data_new(struct link_data data)
{
	const struct kind *kind = find(data.kind);

	for (size_t i = 0; i < MAX_ATTRS; i++)
		if (kind->attrs[i].initial && *number_of(&data, &kind->attrs[i]) < 0)
			*number_of(&data, &kind->attrs[i]) = kind->attrs[i].initial;
	return data;
}

static int put_address(struct op_ctx *ctx, struct nl_msg *msg, int type, const char *text)
{
	struct netlink_addr addr;

	if (!text)
		return 0;
	if (netlink_addr_parse(text, &addr) < 0)
		return op_broken(ctx, "not an address: %s", text);
	netlink_put(msg, type, addr.bytes, addr.len);
	return 0;
}

static void put_number(struct nl_msg *msg, const struct attr *attr, int64_t value)
{
	/* All of them at once, so that those that are not named are cleared. */
	struct ifla_vlan_flags flags = {
		.flags = (uint32_t)value,
		.mask = VLAN_FLAG_REORDER_HDR | VLAN_FLAG_LOOSE_BINDING,
	};

	if (attr->form == FORM_U16)
		netlink_put_u16(msg, attr->type, (uint16_t)value);
	if (attr->form == FORM_BE16)
		netlink_put_u16(msg, attr->type, htons((uint16_t)value));
	if (attr->form == FORM_U32)
		netlink_put_u32(msg, attr->type, (uint32_t)value);
	if (attr->form == FORM_VLAN_FLAGS && value)
		netlink_put(msg, attr->type, &flags, sizeof(flags));
}

int link_put_data(struct op_ctx *ctx, struct nl_msg *msg, const struct link_data *data)
{
	const struct kind *kind = find(data->kind);
	struct link_data plain = *data;

	if (plain.mode >= 0)
		plain.mode &= MODE_MASK;
	for (size_t i = 0; i < MAX_ATTRS && kind->attrs[i].form; i++) {
		const struct attr *attr = &kind->attrs[i];

		if (attr->form == FORM_ADDRESS) {
			const char *const *text = (const void *)((char *)&plain + attr->member);
			int ret = put_address(ctx, msg, attr->type, *text);

			if (ret)
				return ret;
		} else if (*number_of(&plain, attr) >= 0) {
			put_number(msg, attr, *number_of(&plain, attr));
		}
	}
	return 0;
}
