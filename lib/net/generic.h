/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Generic netlink.
 */
#ifndef NSC_NET_GENERIC_H
#define NSC_NET_GENERIC_H

#include "netlink.h"

/* The number of the family NAME, or op_broken() where the kernel has none. */
int generic_family(struct op_ctx *ctx, const char *name);

#endif
