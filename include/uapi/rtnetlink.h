/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rtnetlink constants that the headers of Linux 6.1 lack.
 */
#ifndef NSC_UAPI_RTNETLINK_H
#define NSC_UAPI_RTNETLINK_H

#include <linux/if_link.h>

/* Since 6.15: u8, 1 when the device refuses to change network namespace. */
#ifndef NSC_IFLA_NETNS_IMMUTABLE
#define NSC_IFLA_NETNS_IMMUTABLE 67
#endif

/* Since 6.7: pairs of netkit devices. */
#ifndef NSC_IFLA_NETKIT_PEER_INFO
#define NSC_IFLA_NETKIT_PEER_INFO 1
#define NSC_IFLA_NETKIT_MODE 5
#define NSC_NETKIT_L2 0
#define NSC_NETKIT_L3 1
#endif

#endif
