/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fanotify constants that headers of Linux 6.1 lack.  Include after <sys/fanotify.h>.
 */
#ifndef NSC_UAPI_FANOTIFY_H
#define NSC_UAPI_FANOTIFY_H

#include <stdint.h>
#include <sys/fanotify.h>

#ifndef FAN_REPORT_MNT /* since Linux 6.15 */
#define FAN_REPORT_MNT 0x00004000
#define FAN_MARK_MNTNS 0x00000110
#define FAN_MNT_ATTACH 0x01000000
#define FAN_MNT_DETACH 0x02000000
#define FAN_EVENT_INFO_TYPE_MNT 7
struct fanotify_event_info_mnt {
	struct fanotify_event_info_header hdr;
	uint64_t mnt_id;
};
#endif

#endif
