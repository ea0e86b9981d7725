// SPDX-License-Identifier: GPL-2.0-only
/*
 * What extensions of xtables take, each in the structure of its own.
 */
#define _GNU_SOURCE
/* First: the kernel's headers leave out what those of the C library have defined. */
#include <netinet/in.h>

#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nf_tables_compat.h>
#include <linux/netfilter/xt_IDLETIMER.h>
#include <linux/netfilter/xt_hashlimit.h>
#include <linux/netfilter/xt_recent.h>
#include <string.h>

#include "labelled.h"

const struct symbol nft_labelled[] = {
	{ .name = "none", .value = LABELLED_NONE },
	{ .name = "hashlimit", .value = LABELLED_HASHLIMIT, .doc = "table of rates" },
	{ .name = "idletimer", .value = LABELLED_IDLETIMER, .doc = "timer that packets restart" },
	{ .name = "recent", .value = LABELLED_RECENT, .doc = "list of addresses" },
	{ 0 }
};

union info {
	struct xt_hashlimit_mtinfo1 hashlimit;
	struct idletimer_tg_info idletimer;
	struct xt_recent_mtinfo recent;
};

static const union info initial[] = {
	[LABELLED_HASHLIMIT] = { .hashlimit.cfg = { .avg = XT_HASHLIMIT_SCALE, .burst = 5,
						    .gc_interval = 1000, .expire = 1000,
						    .srcmask = 32, .dstmask = 32 } },
	[LABELLED_IDLETIMER] = { .idletimer.timeout = 0 },
	[LABELLED_RECENT] = { .recent.check_set = XT_RECENT_SET },
};

#define ROW(member, label, ...) \
	{ sizeof(((union info *)0)->member), offsetof(union info, member.label), \
	  sizeof(((union info *)0)->member.label), __VA_ARGS__ }

static const struct {
	size_t len, label, label_len;
	bool target;
	uint32_t revision;
	const char *name;
} rows[] = {
	[LABELLED_HASHLIMIT] = ROW(hashlimit, name, false, 1, "hashlimit"),
	[LABELLED_IDLETIMER] = ROW(idletimer, label, true, 0, "IDLETIMER"),
	[LABELLED_RECENT] = ROW(recent, name, false, 0, "recent"),
};

/* Attributes of a target and of a match have the same numbers. */
int nft_put_labelled(struct op_ctx *ctx, struct nl_msg *msg, enum labelled kind, const char *label,
		     uint32_t seconds)
{
	union info info = initial[kind];
	struct nlattr *element, *data;

	if (!label || strlen(label) >= rows[kind].label_len)
		return op_broken(ctx, "no label, or too long a one");
	strcpy((char *)&info + rows[kind].label, label);
	if (kind == LABELLED_IDLETIMER)
		info.idletimer.timeout = seconds;
	element = netlink_nest(msg, NFTA_LIST_ELEM | NLA_F_NESTED);
	netlink_put_str(msg, NFTA_EXPR_NAME, rows[kind].target ? "target" : "match");
	data = netlink_nest(msg, NFTA_EXPR_DATA | NLA_F_NESTED);
	netlink_put_str(msg, NFTA_TARGET_NAME, rows[kind].name);
	netlink_put_be32(msg, NFTA_TARGET_REV, rows[kind].revision);
	netlink_put(msg, NFTA_TARGET_INFO, &info, rows[kind].len);
	nla_nest_end(msg, data);
	nla_nest_end(msg, element);
	return 0;
}
