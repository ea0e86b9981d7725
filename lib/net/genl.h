/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Generic netlink, whose families have numbers of the running kernel's own.
 */
#ifndef NSC_NET_GENL_H
#define NSC_NET_GENL_H

#include "netlink.h"

/* The number of a family, -ENOENT when the kernel has none of that name, or OP_BROKEN. */
int genl_family(struct op_ctx *ctx, const char *name);

/* A message of FAMILY with the command COMMAND. */
struct nl_msg *genl_msg(int family, uint8_t command, int flags);

/* The attributes of one message of an answer; V has MAX + 1 entries. */
void genl_attrs(struct nlmsghdr *part, struct nlattr **v, int max);

#endif
