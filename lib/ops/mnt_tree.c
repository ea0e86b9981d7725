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
#include <sys/syscall.h>
#include <unistd.h>

#include "file.h"
#include "mnt.h"
#include "nsc/sys.h"
#include "uapi/mount.h"

#ifndef AT_RECURSIVE /* since Linux 5.2 */
#define AT_RECURSIVE 0x8000
#endif

struct fd_out {
	int fd;
};

static int fd_result(struct fd_out *out, long fd)
{
	if (fd < 0)
		return -errno;
	out->fd = (int)fd;
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

struct open_tree_in {
	int at;
	const char *path;
	uint64_t flags;
};

static const struct field open_tree_in_fields[] = {
	F_FD(struct open_tree_in, at, OPTIONAL, MNT_AT_DOC),
	F_STR_DEF(struct open_tree_in, path, "", "directory or file"),
	F_FLAGS(struct open_tree_in, flags, OPTIONAL, open_tree_symbols,
		"flags of open_tree(2); O_CLOEXEC is implied"),
	F_END
};

static const struct field mount_out_fields[] = {
	F_FD(struct fd_out, fd, REQUIRED, "the mount, as an O_PATH descriptor"),
	F_END
};

static int open_tree_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct open_tree_in *in = params;
	unsigned flags = (unsigned)in->flags | O_CLOEXEC | (*in->path ? 0 : AT_EMPTY_PATH);

	(void)ctx;
	return fd_result(results, syscall(SYS_open_tree, file_at(in->at), in->path, flags));
}

static const struct symbol move_symbols[] = {
	{ "BENEATH", MOVE_MOUNT_BENEATH, "under the mount that is topmost there" },
	{ "SET_GROUP", MOVE_MOUNT_SET_GROUP, "copy peer group and master instead of moving" },
	{ 0 }
};

struct move_mount_in {
	int from_at, to_at;
	const char *from, *to;
	uint64_t flags;
};

static const struct field move_mount_in_fields[] = {
	F_FD(struct move_mount_in, from_at, OPTIONAL,
	     "mount, or directory that `from` starts from"),
	F_STR_DEF(struct move_mount_in, from, "", "mount to move; empty for from_at itself"),
	F_FD(struct move_mount_in, to_at, OPTIONAL, "directory that `to` starts from"),
	F_STR_DEF(struct move_mount_in, to, "", "new mount point; empty for to_at itself"),
	F_FLAGS(struct move_mount_in, flags, OPTIONAL, move_symbols, "flags of move_mount(2)"),
	F_END
};

static int move_mount_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct move_mount_in *in = params;
	unsigned flags = (unsigned)in->flags | (*in->from ? 0 : MOVE_MOUNT_F_EMPTY_PATH) |
			 (*in->to ? 0 : MOVE_MOUNT_T_EMPTY_PATH);

	(void)ctx, (void)results;
	return syscall(SYS_move_mount, file_at(in->from_at), in->from, file_at(in->to_at), in->to,
		       flags) < 0 ? -errno : 0;
}

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

struct setattr_in {
	int at, userns;
	const char *path;
	uint64_t set, clear;
	int64_t propagation;
	bool recursive;
};

static const struct field setattr_in_fields[] = {
	F_FD(struct setattr_in, at, OPTIONAL, MNT_AT_DOC),
	F_STR_DEF(struct setattr_in, path, "", "mount point; empty for `at` itself"),
	F_FLAGS(struct setattr_in, set, OPTIONAL, attr_symbols,
		"MOUNT_ATTR_* to set, without the prefix"),
	F_FLAGS(struct setattr_in, clear, OPTIONAL, attr_symbols, "MOUNT_ATTR_* to clear"),
	F_ENUM(struct setattr_in, propagation, OPTIONAL, mnt_type_symbols,
	       "propagation type; default unchanged"),
	F_FD(struct setattr_in, userns, OPTIONAL, "user namespace, for IDMAP"),
	F_BOOL(struct setattr_in, recursive, "with the mounts below it"),
	F_END
};

static int setattr_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct setattr_in *in = params;
	struct mount_attr attr = { .attr_set = in->set, .attr_clr = in->clear,
				   .propagation = (uint64_t)in->propagation };
	unsigned flags = (in->recursive ? AT_RECURSIVE : 0) | (*in->path ? 0 : AT_EMPTY_PATH);

	(void)ctx, (void)results;
	if (in->set & MOUNT_ATTR_IDMAP)
		attr.userns_fd = (uint64_t)(int64_t)in->userns;
	return syscall(SYS_mount_setattr, file_at(in->at), in->path, flags, &attr,
		       sizeof(attr)) < 0 ? -errno : 0;
}

struct fsopen_in {
	const char *type;
};

static const struct field fsopen_in_fields[] = {
	F_STR(struct fsopen_in, type, REQUIRED, "file system type"),
	F_END
};

static const struct field fsopen_out_fields[] = {
	F_FD(struct fd_out, fd, REQUIRED, "the context"),
	F_END
};

static int fsopen_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct fsopen_in *in = params;

	(void)ctx;
	return fd_result(results, syscall(SYS_fsopen, in->type, FSOPEN_CLOEXEC));
}

struct context_in {
	int fd;
};

static const struct field fscreate_in_fields[] = {
	F_FD(struct context_in, fd, REQUIRED, "context"),
	F_END
};

static int fscreate_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct context_in *in = params;

	(void)ctx, (void)results;
	return syscall(SYS_fsconfig, in->fd, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0 ? -errno : 0;
}

struct fsmount_in {
	int fd;
	uint64_t attributes;
	bool namespace;
};

static const struct field fsmount_in_fields[] = {
	F_FD(struct fsmount_in, fd, REQUIRED, "context whose superblock exists"),
	F_FLAGS(struct fsmount_in, attributes, OPTIONAL, attr_symbols, "MOUNT_ATTR_* of the mount"),
	F_BOOL(struct fsmount_in, namespace,
	       "in a new mount namespace, which is the result; since Linux 7.1"),
	F_END
};

static int fsmount_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct fsmount_in *in = params;
	unsigned flags = FSMOUNT_CLOEXEC | (in->namespace ? FSMOUNT_NAMESPACE : 0);

	(void)ctx;
	return fd_result(results, syscall(SYS_fsmount, in->fd, flags, (unsigned)in->attributes));
}

struct watch_in {
	int at;
	const char *path;
};

static const struct field watch_in_fields[] = {
	F_FD(struct watch_in, at, OPTIONAL, MNT_AT_DOC),
	F_STR_DEF(struct watch_in, path, "", "any file of the file system"),
	F_END
};

static const struct field watch_out_fields[] = {
	F_FD(struct fd_out, fd, REQUIRED, "the watch, for mnt.await_death"),
	F_END
};

/* A watch does not pin the superblock; IN_UNMOUNT is reported whatever the mask. */
static int watch_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct watch_in *in = params;
	struct fd_out *out = results;
	AUTO_FD fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);

	if (fd < 0)
		return op_broken(ctx, "inotify_init1: %m");
	if (inotify_add_watch(fd, mnt_path(ctx, in->at, in->path), IN_DELETE_SELF) < 0)
		return -errno;
	out->fd = fd_take(&fd);
	return 0;
}

struct death_in {
	int fd;
	bool wait;
};

static const struct field death_in_fields[] = {
	F_FD(struct death_in, fd, REQUIRED, "watch made by mnt.watch"),
	F_BOOL(struct death_in, wait, "wait for it; default: look only"),
	F_END
};

struct death_out {
	bool dead;
};

static const struct field death_out_fields[] = {
	F_BOOL(struct death_out, dead, "the superblock was shut down"),
	F_END
};

static int death_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct death_in *in = params;
	struct death_out *out = results;
	_Alignas(struct inotify_event) char buf[4096];
	int rc = sys_wait_readable(in->fd, in->wait ? ctx->deadline_ns : 0);

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

#define TREE_OP(verb, doc_, source_) \
	.name = "mnt." #verb, .doc = doc_, .source = source_, OP_IN(verb), \
	.touches = NSM_MNT, .mutates = NSM_MNT, .run = verb##_run
#define TREE_OUT(fields) .out = fields, .out_size = sizeof(struct fd_out)

const struct op mnt_tree_ops[] = {
	{ TREE_OP(open_tree, "Get a mount, or a detached copy of one, as a descriptor.",
		  "open_tree(2)"),
	  TREE_OUT(mount_out_fields) },
	{ TREE_OP(move_mount, "Attach a detached tree, or move a mount.", "move_mount(2)") },
	{ TREE_OP(setattr, "Change the attributes of a mount.", "mount_setattr(2)") },
	{ TREE_OP(fsopen, "Begin the context of a new file system.", "fsopen(2)"),
	  TREE_OUT(fsopen_out_fields) },
	{
		.name = "mnt.fscreate",
		.doc = "Make the superblock of a file system context.",
		.source = "fsconfig(2) FSCONFIG_CMD_CREATE",
		.in = fscreate_in_fields, .in_size = sizeof(struct context_in),
		.touches = NSM_MNT, .mutates = NSM_MNT,
		.run = fscreate_run,
	},
	{ TREE_OP(fsmount, "Make a detached mount of a file system context.", "fsmount(2)"),
	  TREE_OUT(mount_out_fields) },
	{
		.name = "mnt.watch",
		.doc = "Watch for the end of a superblock without keeping it.",
		.source = "inotify(7) IN_UNMOUNT",
		.config = "INOTIFY_USER",
		OP_IN(watch), TREE_OUT(watch_out_fields),
		.touches = NSM_MNT,
		.run = watch_run,
	},
	{
		.name = "mnt.await_death",
		.doc = "Look, or wait until the deadline, for the end of a watched superblock.",
		.source = "inotify(7) IN_UNMOUNT",
		OP_IN(death), OP_OUT(death),
		.touches = NSM_MNT,
		.run = death_run,
	},
	{ 0 }
};
