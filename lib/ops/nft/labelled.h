/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Extensions of xtables in nftables rules (nft_compat) that keep something under a user's label.
 */
#ifndef NSC_OPS_NFT_LABELLED_H
#define NSC_OPS_NFT_LABELLED_H

#include "../../net/netlink.h"

enum labelled { LABELLED_NONE, LABELLED_HASHLIMIT, LABELLED_IDLETIMER, LABELLED_RECENT };
extern const struct symbol nft_labelled[];

/*
 * The expression of an extension that keeps what it has under LABEL, of a timer for SECONDS;
 * 0, or op_broken() when the label is too long.
 */
int nft_put_labelled(struct op_ctx *ctx, struct nl_msg *msg, enum labelled kind, const char *label,
		     uint32_t seconds);

#endif
