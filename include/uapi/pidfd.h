/* SPDX-License-Identifier: GPL-2.0-only */
/* Ioctls of pidfds that kernel headers may lack. */
#ifndef UAPI_PIDFD_H
#define UAPI_PIDFD_H

#include <fcntl.h>
#include <linux/ioctl.h>
#include <linux/types.h>

enum { UAPI_PIDFD_MAGIC = 0xFF };

/* Since Linux 6.11: _IO(0xFF, 1..10). */
enum {
	UAPI_PIDFD_GET_CGROUP = 1,
	UAPI_PIDFD_GET_IPC,
	UAPI_PIDFD_GET_MNT,
	UAPI_PIDFD_GET_NET,
	UAPI_PIDFD_GET_PID,
	UAPI_PIDFD_GET_PID_FOR_CHILDREN,
	UAPI_PIDFD_GET_TIME,
	UAPI_PIDFD_GET_TIME_FOR_CHILDREN,
	UAPI_PIDFD_GET_USER,
	UAPI_PIDFD_GET_UTS,
	UAPI_PIDFD_GET_INFO, /* since Linux 6.13: _IOWR(0xFF, 11, struct pidfd_info) */
};

/* struct pidfd_info as of Linux 6.15; 64 bytes are the first version. */
struct uapi_pidfd_info {
	__u64 mask, cgroupid;
	__u32 pid, tgid, ppid;
	__u32 ruid, rgid, euid, egid, suid, sgid, fsuid, fsgid;
	__s32 exit_code;
};

enum {
	UAPI_PIDFD_INFO_PID = 1,
	UAPI_PIDFD_INFO_CREDS = 2,
	UAPI_PIDFD_INFO_CGROUPID = 4,
	UAPI_PIDFD_INFO_EXIT = 8, /* since Linux 6.15 */
};

#ifndef PIDFD_THREAD /* since Linux 6.9 */
#define PIDFD_THREAD O_EXCL
#endif

enum { UAPI_PIDFD_SIGNAL_PROCESS_GROUP = 4 }; /* since Linux 6.9 */

#endif
