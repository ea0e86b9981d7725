/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Families of ops whose results show what others have changed, for .seen of their rows.
 */
#ifndef NSC_OPS_SEEN_H
#define NSC_OPS_SEEN_H

/* What the configuration of a network namespace, and what is sent there, shows in. */
#define SEEN_NET \
	"addr bridge conntrack diag icmp link mcast monitor neigh net nexthop nft nflog nfqueue nsid " \
	"packet route rule sock tun uevent unix xfrm"

/* What the death of a process, or a signal, shows in. */
#define SEEN_PROC \
	"cgroup fd file ipc link mnt mq ns pid pidfd proc rlimit signal sock time"

#endif
