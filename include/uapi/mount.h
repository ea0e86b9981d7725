/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Mount API constants that headers of Linux 6.1 (and older C libraries) lack.
 * Include after <sys/mount.h>.
 */
#ifndef NSC_UAPI_MOUNT_H
#define NSC_UAPI_MOUNT_H

#include <stdint.h>
#include <sys/mount.h>
#include <sys/syscall.h>

/* All of it, with musl. */
#ifndef OPEN_TREE_CLONE
#include <linux/mount.h>
#endif

/* statmount(2) and listmount(2), since Linux 6.8; one number everywhere but on alpha and mips. */
#ifndef SYS_statmount
#ifdef __alpha__
#define SYS_statmount 567
#define SYS_listmount 568
#elif defined(__mips__)
#define SYS_statmount (SYS_mount_setattr + 15)
#define SYS_listmount (SYS_mount_setattr + 16)
#else
#define SYS_statmount 457
#define SYS_listmount 458
#endif
#endif

#ifndef MS_NOSYMFOLLOW /* since Linux 5.10 */
#define MS_NOSYMFOLLOW 256
#endif

#ifndef OPEN_TREE_NAMESPACE /* since Linux 7.0 */
#define OPEN_TREE_NAMESPACE 2
#endif
#ifndef FSMOUNT_NAMESPACE /* since Linux 7.1 */
#define FSMOUNT_NAMESPACE 2
#endif
#ifndef MOVE_MOUNT_SET_GROUP /* since Linux 5.15 */
#define MOVE_MOUNT_SET_GROUP 0x100
#endif
#ifndef MOVE_MOUNT_BENEATH /* since Linux 6.5 */
#define MOVE_MOUNT_BENEATH 0x200
#endif
#ifndef MOUNT_ATTR_NOSYMFOLLOW /* since Linux 5.14 */
#define MOUNT_ATTR_NOSYMFOLLOW 0x00200000
#endif
#ifndef STATX_MNT_ID_UNIQUE /* since Linux 6.8 */
#define STATX_MNT_ID_UNIQUE 0x4000U
#endif

#ifndef STATMOUNT_BY_FD /* since Linux 7.0: .fd of the request is a descriptor of the mount */
#define STATMOUNT_BY_FD 1U
#endif

/*
 * struct mnt_id_req: since Linux 6.8, mnt_ns_id since 6.11. The header of 6.8 calls the second word
 * spare, Debian 13's mnt_ns_fd, and later ones give it two names.
 */
struct uapi_mnt_id_req {
	uint32_t size, fd;
	uint64_t mnt_id, param, mnt_ns_id;
};

#ifndef MNT_ID_REQ_SIZE_VER0 /* since Linux 6.8 */
#define MNT_ID_REQ_SIZE_VER0 24
#define LSMT_ROOT UINT64_MAX
#define STATMOUNT_MNT_BASIC 0x002
#define STATMOUNT_PROPAGATE_FROM 0x004
#define STATMOUNT_MNT_ROOT 0x008
#define STATMOUNT_MNT_POINT 0x010
#define STATMOUNT_FS_TYPE 0x020
#endif
#ifndef MNT_ID_REQ_SIZE_VER1 /* since Linux 6.11 */
#define MNT_ID_REQ_SIZE_VER1 32
#endif
#ifndef LISTMOUNT_REVERSE /* since Linux 6.12 */
#define LISTMOUNT_REVERSE 1
#endif
#ifndef STATMOUNT_MNT_NS_ID /* since Linux 6.11 */
#define STATMOUNT_MNT_NS_ID 0x040
#endif

/* struct statmount: since Linux 6.8, mnt_ns_id since 6.11. Text members are offsets into str. */
struct uapi_statmount {
	uint32_t size, mnt_opts;
	uint64_t mask;
	uint32_t sb_dev_major, sb_dev_minor;
	uint64_t sb_magic;
	uint32_t sb_flags, fs_type;
	uint64_t mnt_id, mnt_parent_id;
	uint32_t mnt_id_old, mnt_parent_id_old;
	uint64_t mnt_attr, mnt_propagation, mnt_peer_group, mnt_master, propagate_from;
	uint32_t mnt_root, mnt_point;
	uint64_t mnt_ns_id;
	uint64_t later[49]; /* what releases after 6.11 added */
	char str[];
};
_Static_assert(sizeof(struct uapi_statmount) == 512, "struct statmount");

#endif
