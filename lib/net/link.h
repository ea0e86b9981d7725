/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Network devices as the ops name them: by name or by index, placed in a namespace by
 * an actor, by a descriptor or by a bare PID.
 */
#ifndef NSC_NET_LINK_H
#define NSC_NET_LINK_H

#include "netlink.h"

struct link_place {
	struct actor_ref actor; /* both of its descriptors are -1 when it is not given */
	int fd;			/* of a network namespace, or -1 */
	pid_t pid;		/* 0 when not given */
};

/* IFLA_NET_NS_PID or IFLA_NET_NS_FD, or nothing; 0 or op_broken(). */
int link_put_place(struct op_ctx *ctx, struct nl_msg *msg, const struct link_place *place);

/* IFLA_TARGET_NETNSID: the request is about that namespace; nothing when NSID is negative. */
void link_put_target(struct nl_msg *msg, int64_t nsid);

/* The field of requests that can be about another network namespace. */
#define LINK_NSID(F, S) \
	F(S, INT_DEF, nsid, -1, -1, INT32_MAX, "id of the network namespace it is about")

/* IFLA_ADDRESS of `02:00:00:00:00:01`, when not NULL; 0 or op_broken(). */
int link_put_mac(struct op_ctx *ctx, struct nl_msg *msg, int type, const char *text);

/* The index of the device NAME, when not NULL; 0, or -ENODEV if there is none here. */
int link_put_index(struct nl_msg *msg, int type, const char *name);

/*
 * A message about one device, by INDEX if that is not 0, else by NAME.  A name that does
 * not exist here goes into the message, so that it is the kernel which refuses it.
 */
struct nl_msg *link_msg(int type, const char *name, int64_t index, unsigned flags, unsigned change);

/* One device; 0, -errno of RTM_GETLINK, or op_broken(). */
int link_ask(struct op_ctx *ctx, const char *name, int64_t index, struct nlmsghdr **part);

const char *link_mac(struct pool *pool, const struct nlattr *attr);

#endif
