/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What only some kinds of network devices know, the attributes below IFLA_INFO_DATA, by the names
 * that ops have for them.
 */
#ifndef NSC_NET_LINK_DATA_H
#define NSC_NET_LINK_DATA_H

#include "link.h"

enum { LINK_MODE_NONE = -1 };
extern const struct symbol link_modes[];
extern const struct symbol link_flags[];

#define LINK_DATA(F, S) \
	F(S, ENUM_DEF, mode, LINK_MODE_NONE, link_modes, \
	  "how devices on one lower talk (macvlan, macvtap, ipvlan, ipvtap, netkit)") \
	F(S, INT_DEF, id, -1, -1, UINT32_MAX, \
	  "tag (vlan), network identifier (vxlan, geneve), interface id (xfrm) or table (vrf)") \
	F(S, INT_DEF, port, -1, -1, 65535, \
	  "UDP port (vxlan, geneve, bareudp); -1 is 4789, 6081 and 6635 of new devices") \
	F(S, FLAGS, flags, OPTIONAL, link_flags, "what the device does beside, all of it (vlan)") \
	F(S, ADDR, local, OPTIONAL, "address of this end of a tunnel") \
	F(S, ADDR, remote, OPTIONAL, "address of the other end of a tunnel")

struct link_data {
	const char *kind;
	int64_t mode, id, port, flags;
	const char *local, *remote;
};

/* The same of the parameters IN of an op that has LINK_DATA and a kind. */
#define LINK_DATA_OF(in) \
	((struct link_data){ .kind = (in)->kind, .mode = (in)->mode, .id = (in)->id, \
			     .port = (in)->port, .flags = (int64_t)(in)->flags, \
			     .local = (in)->local, .remote = (in)->remote })

/* Attributes of a device that is made get what their kind cannot do without. */
struct link_data link_data_new(struct link_data data);

/*
 * The attributes that DATA gives its kind, into the nest that is open.  What the kind does not know
 * is left out.  0, or op_broken() for what is no address.
 */
int link_put_data(struct op_ctx *ctx, struct nl_msg *msg, const struct link_data *data);

/* The attribute that describes the other end, of kinds that have two; else 0. */
int link_peer_attr(const char *kind);

#endif
