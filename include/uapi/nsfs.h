/* SPDX-License-Identifier: GPL-2.0-only */
/* Ioctls and handles of namespace descriptors that kernel headers may lack. */
#ifndef UAPI_NSFS_H
#define UAPI_NSFS_H

#include <linux/ioctl.h>
#include <linux/nsfs.h>
#include <linux/types.h>

#ifndef NS_GET_MNTNS_ID /* since Linux 6.11 */
#define NS_GET_MNTNS_ID _IOR(NSIO, 5, __u64)
#endif

#ifndef NS_GET_PID_FROM_PIDNS /* since Linux 6.11 */
#define NS_GET_PID_FROM_PIDNS _IOR(NSIO, 6, int)
#define NS_GET_TGID_FROM_PIDNS _IOR(NSIO, 7, int)
#define NS_GET_PID_IN_PIDNS _IOR(NSIO, 8, int)
#define NS_GET_TGID_IN_PIDNS _IOR(NSIO, 9, int)
#endif

/* struct mnt_ns_info and its ioctls: since Linux 6.12. */
struct uapi_mnt_ns_info {
	__u32 size;
	__u32 nr_mounts;
	__u64 mnt_ns_id;
};

#define UAPI_MNT_NS_INFO(nr, size) _IOC(_IOC_READ, NSIO, nr, size)
enum { UAPI_NS_MNT_GET_INFO = 10, UAPI_NS_MNT_GET_NEXT = 11, UAPI_NS_MNT_GET_PREV = 12 };

#ifndef NS_GET_ID /* since Linux 6.18 */
#define NS_GET_ID _IOR(NSIO, 13, __u64)
#endif

/* struct nsfs_file_handle: since Linux 6.18. */
struct uapi_nsfs_handle {
	__u64 ns_id;
	__u32 ns_type;
	__u32 ns_inum;
};

#ifndef FILEID_NSFS /* since Linux 6.18; internal to the kernel, but what callers see */
#define FILEID_NSFS 0xf1
#endif

#ifndef FD_NSFS_ROOT /* since Linux 6.18 */
#define FD_NSFS_ROOT -10003
#endif

/* struct ns_id_req of listns(2): since Linux 6.19. */
struct uapi_ns_id_req {
	__u32 size;
	__u32 spare;
	__u64 ns_id;
	__u32 ns_type;
	__u32 spare2;
	__u64 user_ns_id;
};

#ifndef SYS_listns /* since Linux 6.19; 470, and as far from its neighbours everywhere */
#define SYS_listns (SYS_mount_setattr + 28)
#endif

#endif
