/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nfnetlink for the ops: nftables transactions, and lists of nftables and conntrack.
 */
#ifndef NSC_NET_NFNETLINK_H
#define NSC_NET_NFNETLINK_H

#include "netlink.h"

/* A message of SUBSYSTEM (NFNL_SUBSYS_*) about FAMILY (NFPROTO_*). */
struct nl_msg *nfnetlink_msg(int subsystem, int type, int flags, int family);

/* One nftables message as a transaction of its own: 0, -errno, or op_broken(). */
int nft_commit(struct op_ctx *ctx, struct nl_msg *msg);

/* Every object of a kind, or those that MSG asks for. */
int nfnetlink_ask(struct op_ctx *ctx, struct nl_msg *msg, struct netlink_answer *answer);

/* Attributes of an nfnetlink message. */
void nfnetlink_attrs(struct nlmsghdr *part, struct nlattr **v, int max);
int nfnetlink_family(struct nlmsghdr *part);

/* A request of TYPE to configure the log group or queue NUMBER, which its answer acknowledges. */
struct nl_msg *nfnetlink_config_msg(int type, uint16_t number);
/* Send MSG on a socket that the caller keeps: 0, -errno, or op_broken(). */
int nfnetlink_config(struct op_ctx *ctx, int fd, struct nl_msg *msg);

extern const struct symbol nft_families[];

#endif
