// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mounts as descriptors: open_tree(2), move_mount(2), mount_setattr(2) and the context of a
 * file system (fsopen, fsconfig, fsmount).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/mount.h>
#include <unistd.h>

#include "../file.h"
#include "mnt.h"
#include "nsc/sys.h"
#include "nsc/syscall.h"
#include "uapi/mount.h"

#ifndef AT_RECURSIVE /* since Linux 5.2 */
#define AT_RECURSIVE 0x8000
#endif

static int fd_result(int *out, long fd)
{
	if (fd < 0)
		return -errno;
	*out = (int)fd;
	return 0;
}

static const struct symbol open_tree_symbols[] = {
	{ "CLONE", OPEN_TREE_CLONE, "a detached copy" },
	{ "NAMESPACE", OPEN_TREE_NAMESPACE,
	  "a new mount namespace with a copy as its root; since Linux 7.0" },
	{ "RECURSIVE", AT_RECURSIVE, "with the mounts below it" },
	{ "NOFOLLOW", AT_SYMLINK_NOFOLLOW, NULL },
	{ 0 }
};

#define OPEN_TREE_IN(F, S) \
	F(S, FD, at, OPTIONAL, MNT_AT_DOC) \
	F(S, STR_DEF, path, "", "directory or file") \
	F(S, FLAGS, flags, OPTIONAL, open_tree_symbols, \
	  "flags of open_tree(2); O_CLOEXEC is implied")
FIELDS(open_tree_in, OPEN_TREE_IN);

#define MOUNT_OUT(F, S) \
	F(S, FD, fd, REQUIRED, "the mount, as an O_PATH descriptor")
FIELDS(mount_out, MOUNT_OUT);

static int mnt_open_tree_run(struct op_ctx *ctx, const struct open_tree_in *in,
			     struct mount_out *out)
{
	unsigned flags = (unsigned)in->flags | O_CLOEXEC | (*in->path ? 0 : AT_EMPTY_PATH);

	return fd_result(&out->fd, sys_call(SYS_open_tree, file_at(in->at), in->path, flags));
}
OP(mnt_open_tree, "mnt.open_tree", open_tree_in, mount_out,
	.doc = "Get a mount, or a detached copy of one, as a descriptor.",
	.source = "open_tree(2)",
	.touches = NSM_MNT, .mutates = NSM_MNT);

static const struct symbol move_symbols[] = {
	{ "BENEATH", MOVE_MOUNT_BENEATH, "under the mount that is topmost there" },
	{ "SET_GROUP", MOVE_MOUNT_SET_GROUP, "copy peer group and master instead of moving" },
	{ 0 }
};

#define MOVE_MOUNT_IN(F, S) \
	F(S, FD, from_at, OPTIONAL, "mount, or directory that `from` starts from") \
	F(S, STR_DEF, from, "", "mount to move; empty for from_at itself") \
	F(S, FD, to_at, OPTIONAL, "directory that `to` starts from") \
	F(S, STR_DEF, to, "", "new mount point; empty for to_at itself") \
	F(S, FLAGS, flags, OPTIONAL, move_symbols, "flags of move_mount(2)")
FIELDS(move_mount_in, MOVE_MOUNT_IN);

static int mnt_move_mount_run(struct op_ctx *ctx, const struct move_mount_in *in, struct none *out)
{
	unsigned flags = (unsigned)in->flags | (*in->from ? 0 : MOVE_MOUNT_F_EMPTY_PATH) |
			 (*in->to ? 0 : MOVE_MOUNT_T_EMPTY_PATH);

	return sys_call(SYS_move_mount, file_at(in->from_at), in->from, file_at(in->to_at), in->to,
			flags) < 0 ? -errno : 0;
}

static void mnt_move_mount_before(struct op_ctx *ctx, const struct move_mount_in *in)
{
	mnt_note(ctx, mnt_path(ctx, in->from_at, in->from));
}
OP_BEFORE(mnt_move_mount, move_mount_in)

static int mnt_move_mount_check(struct op_ctx *ctx, const struct move_mount_in *in,
			   const struct none *out)
{
	return in->flags & MOVE_MOUNT_SET_GROUP ? 0 :
	       mnt_is_at(ctx, mnt_path(ctx, in->to_at, in->to));
}
OP_CHECK(mnt_move_mount, move_mount_in, none)
OP(mnt_move_mount, "mnt.move_mount", move_mount_in, none,
	.doc = "Attach a detached tree, or move a mount.",
	.source = "move_mount(2)",
	.touches = NSM_MNT, .mutates = NSM_MNT,
	.check = mnt_move_mount_checked, .before = mnt_move_mount_noted);

static const struct symbol attr_symbols[] = {
	{ "RDONLY", MOUNT_ATTR_RDONLY, NULL },
	{ "NOSUID", MOUNT_ATTR_NOSUID, NULL },
	{ "NODEV", MOUNT_ATTR_NODEV, NULL },
	{ "NOEXEC", MOUNT_ATTR_NOEXEC, NULL },
	{ "NOATIME", MOUNT_ATTR_NOATIME, NULL },
	{ "STRICTATIME", MOUNT_ATTR_STRICTATIME, NULL },
	{ "RELATIME", MOUNT_ATTR_RELATIME, NULL },
	{ "ATIME", MOUNT_ATTR__ATIME, "all access time modes; to be cleared when one is set" },
	{ "NODIRATIME", MOUNT_ATTR_NODIRATIME, NULL },
	{ "NOSYMFOLLOW", MOUNT_ATTR_NOSYMFOLLOW, NULL },
	{ "IDMAP", MOUNT_ATTR_IDMAP, "map ids by the user namespace `userns`" },
	{ 0 }
};

#define SETATTR_IN(F, S) \
	F(S, FD, at, OPTIONAL, MNT_AT_DOC) \
	F(S, STR_DEF, path, "", "mount point; empty for `at` itself") \
	F(S, FLAGS, set, OPTIONAL, attr_symbols, "MOUNT_ATTR_* to set, without the prefix") \
	F(S, FLAGS, clear, OPTIONAL, attr_symbols, "MOUNT_ATTR_* to clear") \
	F(S, ENUM, propagation, OPTIONAL, mnt_type_symbols, "propagation type; default unchanged") \
	F(S, FD, userns, OPTIONAL, "user namespace, for IDMAP") \
	F(S, INT_DEF, userns_number, -1, 0, UINT32_MAX, \
	  "a descriptor number as it is instead, for those that name nothing") \
	F(S, BOOL, recursive, "with the mounts below it")
FIELDS(setattr_in, SETATTR_IN);

static int mnt_setattr_run(struct op_ctx *ctx, const struct setattr_in *in, struct none *out)
{
	struct mount_attr attr = { .attr_set = in->set, .attr_clr = in->clear,
				   .propagation = (uint64_t)in->propagation };
	unsigned flags = (in->recursive ? AT_RECURSIVE : 0) | (*in->path ? 0 : AT_EMPTY_PATH);

	if (in->set & MOUNT_ATTR_IDMAP)
		attr.userns_fd = in->userns_number >= 0 ? (uint64_t)in->userns_number :
							  (uint64_t)(int64_t)in->userns;
	return sys_call(SYS_mount_setattr, file_at(in->at), in->path, flags, &attr,
			sizeof(attr)) < 0 ? -errno : 0;
}

static int mnt_setattr_check(struct op_ctx *ctx, const struct setattr_in *in,
			   const struct none *out)
{
	const char *path = mnt_path(ctx, in->at, in->path);
	int rc = mnt_has_flags(ctx, path, in->set, in->clear & ~in->set);

	return rc || !in->propagation ? rc : mnt_is_of_type(ctx, path, in->propagation);
}
OP_CHECK(mnt_setattr, setattr_in, none)
OP(mnt_setattr, "mnt.setattr", setattr_in, none,
	.doc = "Change the attributes of a mount.",
	.source = "mount_setattr(2)",
	.touches = NSM_MNT, .mutates = NSM_MNT,
	.check = mnt_setattr_checked);

#define FSOPEN_IN(F, S) \
	F(S, STR, type, REQUIRED, "file system type")
FIELDS(fsopen_in, FSOPEN_IN);

#define FSOPEN_OUT(F, S) \
	F(S, FD, fd, REQUIRED, "the context")
FIELDS(fsopen_out, FSOPEN_OUT);

static int mnt_fsopen_run(struct op_ctx *ctx, const struct fsopen_in *in, struct fsopen_out *out)
{
	return fd_result(&out->fd, sys_call(SYS_fsopen, in->type, FSOPEN_CLOEXEC));
}
OP(mnt_fsopen, "mnt.fsopen", fsopen_in, fsopen_out,
	.doc = "Begin the context of a new file system.",
	.source = "fsopen(2)",
	.touches = NSM_MNT, .mutates = NSM_MNT);

#define FSCREATE_IN(F, S) \
	F(S, FD, fd, REQUIRED, "context")
FIELDS(fscreate_in, FSCREATE_IN);

static int mnt_fscreate_run(struct op_ctx *ctx, const struct fscreate_in *in, struct none *out)
{
	return sys_call(SYS_fsconfig, in->fd, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0 ? -errno : 0;
}
OP(mnt_fscreate, "mnt.fscreate", fscreate_in, none,
	.doc = "Make the superblock of a file system context.",
	.source = "fsconfig(2) FSCONFIG_CMD_CREATE",
	.touches = NSM_MNT, .mutates = NSM_MNT,
	.seen = "bpf fd file mnt proc");

#define FSMOUNT_IN(F, S) \
	F(S, FD, fd, REQUIRED, "context whose superblock exists") \
	F(S, FLAGS, attributes, OPTIONAL, attr_symbols, "MOUNT_ATTR_* of the mount") \
	F(S, BOOL, namespace, "in a new mount namespace, which is the result; since Linux 7.1")
FIELDS(fsmount_in, FSMOUNT_IN);

static int mnt_fsmount_run(struct op_ctx *ctx, const struct fsmount_in *in, struct mount_out *out)
{
	unsigned flags = FSMOUNT_CLOEXEC | (in->namespace ? FSMOUNT_NAMESPACE : 0);

	return fd_result(&out->fd, sys_call(SYS_fsmount, in->fd, flags, (unsigned)in->attributes));
}
OP(mnt_fsmount, "mnt.fsmount", fsmount_in, mount_out,
	.doc = "Make a detached mount of a file system context.",
	.source = "fsmount(2)",
	.touches = NSM_MNT, .mutates = NSM_MNT);

#define WATCH_IN(F, S) \
	F(S, FD, at, OPTIONAL, MNT_AT_DOC) \
	F(S, STR_DEF, path, "", "any file of the file system")
FIELDS(watch_in, WATCH_IN);

#define WATCH_OUT(F, S) \
	F(S, FD, fd, REQUIRED, "the watch, for mnt.await_death")
FIELDS(watch_out, WATCH_OUT);

/* A watch does not pin the superblock; IN_UNMOUNT is reported whatever the mask. */
static int mnt_watch_run(struct op_ctx *ctx, const struct watch_in *in, struct watch_out *out)
{
	AUTO_FD fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);

	if (fd < 0)
		return op_broken(ctx, "inotify_init1: %m");
	if (inotify_add_watch(fd, mnt_path(ctx, in->at, in->path), IN_DELETE_SELF) < 0)
		return -errno;
	out->fd = fd_take(&fd);
	return 0;
}
OP(mnt_watch, "mnt.watch", watch_in, watch_out,
	.doc = "Watch for the end of a superblock without keeping it.",
	.source = "inotify(7) IN_UNMOUNT", .config = "INOTIFY_USER",
	.touches = NSM_MNT);

#define DEATH_IN(F, S) \
	F(S, FD, fd, REQUIRED, "watch made by mnt.watch") \
	F(S, BOOL, wait, "wait for it; default: look only")
FIELDS(death_in, DEATH_IN);

#define DEATH_OUT(F, S) \
	F(S, BOOL, dead, "the superblock was shut down")
FIELDS(death_out, DEATH_OUT);

static int mnt_await_death_run(struct op_ctx *ctx, const struct death_in *in, struct death_out *out)
{
	_Alignas(struct inotify_event) char buf[4096];
	int rc = sys_wait_readable(in->fd, in->wait ? op_deadline(ctx) : 0);

	if (rc < 0)
		return op_broken(ctx, "poll: %s", strerror(-rc));
	ssize_t got = rc ? read(in->fd, buf, sizeof(buf)) : 0;

	if (got < 0)
		return op_broken(ctx, "read: %m");
	for (char *at = buf; at < buf + got;) {
		const struct inotify_event *event = (const void *)at;

		out->dead |= (event->mask & IN_UNMOUNT) != 0;
		at += sizeof(*event) + event->len;
	}
	return 0;
}
OP(mnt_await_death, "mnt.await_death", death_in, death_out,
	.doc = "Look, or wait until the deadline, for the end of a watched superblock.",
	.source = "inotify(7) IN_UNMOUNT",
	.touches = NSM_MNT);
