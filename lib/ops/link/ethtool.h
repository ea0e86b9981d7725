/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is asked of a network device through ethtool's ioctl.
 */
#ifndef NSC_LINK_ETHTOOL_H
#define NSC_LINK_ETHTOOL_H

#include "nsc/op.h"

/*
 * Hand COMMAND, a structure of <linux/ethtool.h> that begins with its number, to the device NAME of
 * the caller's network namespace: 0, -errno, or OP_BROKEN. Source: ethtool(8), SIOCETHTOOL.
 */
int link_ethtool(struct op_ctx *ctx, const char *name, void *command);

#endif
