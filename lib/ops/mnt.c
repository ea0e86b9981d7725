// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mounts by the classic calls: mount(2), umount2(2), pivot_root(2), chroot(2).  The calls on
 * descriptors are in mnt_tree.c, what is read about mounts in mnt_info.c.
 *
 * Options of a superblock are changed only where that superblock can be the arena's own.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/mount.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "mnt.h"
#include "nsc/sys.h"
#include "uapi/mount.h"

const struct symbol mnt_type_symbols[] = {
	{ "private", MS_PRIVATE, "no propagation" },
	{ "shared", MS_SHARED, "events go to and come from the peer group" },
	{ "slave", MS_SLAVE, "events come from the master, none go back" },
	{ "unbindable", MS_UNBINDABLE, "private, and no source of a bind mount" },
	{ 0 }
};

static const struct symbol flag_symbols[] = {
	{ "RDONLY", MS_RDONLY, NULL },
	{ "NOSUID", MS_NOSUID, NULL },
	{ "NODEV", MS_NODEV, NULL },
	{ "NOEXEC", MS_NOEXEC, NULL },
	{ "NOSYMFOLLOW", MS_NOSYMFOLLOW, NULL },
	{ "NOATIME", MS_NOATIME, NULL },
	{ "NODIRATIME", MS_NODIRATIME, NULL },
	{ "RELATIME", MS_RELATIME, NULL },
	{ "STRICTATIME", MS_STRICTATIME, NULL },
	{ "BIND", MS_BIND, NULL },
	{ "REC", MS_REC, NULL },
	{ "MOVE", MS_MOVE, NULL },
	{ "REMOUNT", MS_REMOUNT, NULL },
	{ "SHARED", MS_SHARED, NULL },
	{ "SLAVE", MS_SLAVE, NULL },
	{ "PRIVATE", MS_PRIVATE, NULL },
	{ "UNBINDABLE", MS_UNBINDABLE, NULL },
	{ 0 }
};

const char *mnt_path(struct op_ctx *ctx, int at, const char *path)
{
	if (at < 0)
		return path;
	if (!path || !*path)
		return pool_printf(ctx->pool, "/proc/thread-self/fd/%d", at);
	return pool_printf(ctx->pool, "/proc/thread-self/fd/%d/%s", at, path);
}

/* 0, or OP_BROKEN where a new superblock option could be the host's. */
static int own_superblock(struct op_ctx *ctx, const char *path)
{
	struct statfs fs;

	if (statfs(path, &fs) < 0)
		return op_broken(ctx, "statfs %s: %m", path);
	if (fs.f_type != TMPFS_MAGIC && fs.f_type != RAMFS_MAGIC && fs.f_type != PROC_SUPER_MAGIC)
		return op_broken(ctx, "refused: the superblock of %s may be the host's", path);
	return 0;
}

struct mount_in {
	const char *type, *source, *target, *data;
	int at;
	uint64_t flags;
};

static const struct field mount_in_fields[] = {
	F_STR(struct mount_in, type, OPTIONAL, "file system type"),
	F_STR_DEF(struct mount_in, source, "none", "device, or whatever the type makes of it"),
	F_STR(struct mount_in, target, REQUIRED, "mount point"),
	F_FD(struct mount_in, at, OPTIONAL, MNT_AT_DOC),
	F_FLAGS(struct mount_in, flags, OPTIONAL, flag_symbols, "MS_* flags without the prefix"),
	F_STR(struct mount_in, data, OPTIONAL, "options of the file system"),
	F_END
};

static int mount_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct mount_in *in = params;
	const char *target = mnt_path(ctx, in->at, in->target);

	(void)results;
	if ((in->flags & (MS_REMOUNT | MS_BIND)) == MS_REMOUNT && own_superblock(ctx, target))
		return OP_BROKEN;
	return mount(in->source, target, in->type, in->flags, in->data) < 0 ? -errno : 0;
}

struct bind_in {
	const char *source, *target;
	int source_at, at;
	bool recursive;
};

static const struct field bind_in_fields[] = {
	F_STR_DEF(struct bind_in, source, "", "what to bind"),
	F_FD(struct bind_in, source_at, OPTIONAL, "directory or mount that the source starts from"),
	F_STR_DEF(struct bind_in, target, "", "mount point"),
	F_FD(struct bind_in, at, OPTIONAL, "directory or mount that the target starts from"),
	F_BOOL(struct bind_in, recursive, "with the mounts below it (MS_REC)"),
	F_END
};

static int bind_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct bind_in *in = params;

	(void)results;
	return mount(mnt_path(ctx, in->source_at, in->source), mnt_path(ctx, in->at, in->target),
		     NULL, MS_BIND | (in->recursive ? MS_REC : 0), NULL) < 0 ? -errno : 0;
}

static int move_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct bind_in *in = params;

	(void)results;
	return mount(mnt_path(ctx, in->source_at, in->source), mnt_path(ctx, in->at, in->target),
		     NULL, MS_MOVE, NULL) < 0 ? -errno : 0;
}

static const struct field move_in_fields[] = {
	F_STR_DEF(struct bind_in, source, "", "mount to move"),
	F_FD(struct bind_in, source_at, OPTIONAL, "directory or mount that the source starts from"),
	F_STR_DEF(struct bind_in, target, "", "new mount point"),
	F_FD(struct bind_in, at, OPTIONAL, "directory or mount that the target starts from"),
	F_END
};

struct remount_in {
	const char *target, *data;
	int at;
	uint64_t flags;
	bool superblock;
};

static const struct field remount_in_fields[] = {
	F_STR_DEF(struct remount_in, target, "", "mount point"),
	F_FD(struct remount_in, at, OPTIONAL, MNT_AT_DOC),
	F_FLAGS(struct remount_in, flags, OPTIONAL, flag_symbols,
		"MS_* flags that shall hold; what is not named is cleared"),
	F_BOOL(struct remount_in, superblock,
	       "options of the file system instead of this mount (no MS_BIND)"),
	F_STR(struct remount_in, data, OPTIONAL, "options of the file system"),
	F_END
};

static int remount_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct remount_in *in = params;
	const char *target = mnt_path(ctx, in->at, in->target);
	unsigned long flags = MS_REMOUNT | in->flags | (in->superblock ? 0 : MS_BIND);

	(void)results;
	if (in->superblock && own_superblock(ctx, target))
		return OP_BROKEN;
	return mount(NULL, target, NULL, flags, in->data) < 0 ? -errno : 0;
}

struct propagation_in {
	const char *target;
	int at;
	int64_t type;
	bool recursive;
};

static const struct field propagation_in_fields[] = {
	F_STR_DEF(struct propagation_in, target, "", "mount point"),
	F_FD(struct propagation_in, at, OPTIONAL, MNT_AT_DOC),
	F_ENUM(struct propagation_in, type, REQUIRED, mnt_type_symbols,
	       "propagation type asked for"),
	F_BOOL(struct propagation_in, recursive, "with the mounts below it (MS_REC)"),
	F_END
};

static int propagation_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct propagation_in *in = params;
	unsigned long flags = (unsigned long)in->type | (in->recursive ? MS_REC : 0);

	(void)results;
	return mount(NULL, mnt_path(ctx, in->at, in->target), NULL, flags, NULL) < 0 ? -errno : 0;
}

static const struct symbol umount_symbols[] = {
	{ "FORCE", MNT_FORCE, NULL },
	{ "DETACH", MNT_DETACH, "lazily: gone from view at once, undone when no longer used" },
	{ "EXPIRE", MNT_EXPIRE, NULL },
	{ "NOFOLLOW", UMOUNT_NOFOLLOW, NULL },
	{ 0 }
};

struct umount_in {
	const char *target;
	int at;
	uint64_t flags;
};

static const struct field umount_in_fields[] = {
	F_STR_DEF(struct umount_in, target, "", "mount point"),
	F_FD(struct umount_in, at, OPTIONAL, MNT_AT_DOC),
	F_FLAGS(struct umount_in, flags, OPTIONAL, umount_symbols, "flags of umount2(2)"),
	F_END
};

static int umount_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct umount_in *in = params;

	(void)results;
	return umount2(mnt_path(ctx, in->at, in->target), (int)in->flags) < 0 ? -errno : 0;
}

struct pivot_root_in {
	const char *new_root, *put_old;
};

static const struct field pivot_root_in_fields[] = {
	F_STR(struct pivot_root_in, new_root, REQUIRED, "mount that becomes the root"),
	F_STR(struct pivot_root_in, put_old, REQUIRED,
	      "where the old root goes, at or below new_root"),
	F_END
};

static int pivot_root_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct pivot_root_in *in = params;

	(void)ctx, (void)results;
	return sys_pivot_root(in->new_root, in->put_old);
}

struct chroot_in {
	const char *path;
	int at;
};

static const struct field chroot_in_fields[] = {
	F_STR_DEF(struct chroot_in, path, "", "directory"),
	F_FD(struct chroot_in, at, OPTIONAL, MNT_AT_DOC),
	F_END
};

static int chroot_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct chroot_in *in = params;

	(void)results;
	return chroot(mnt_path(ctx, in->at, in->path)) < 0 ? -errno : 0;
}

#define MNT_OP(verb, in_, doc_, source_) \
	{ .name = "mnt." #verb, .doc = doc_, .source = source_, \
	  .in = verb##_in_fields, .in_size = sizeof(struct in_##_in), \
	  .touches = NSM_MNT, .mutates = NSM_MNT, .run = verb##_run }

const struct op mnt_ops[] = {
	MNT_OP(mount, mount, "Mount a file system.", "mount(2)"),
	MNT_OP(bind, bind, "Bind a file or directory to another place.", "mount(2) MS_BIND"),
	MNT_OP(move, bind, "Move a mount to another mount point.", "mount(2) MS_MOVE"),
	MNT_OP(remount, remount, "Change the flags of a mount.", "mount(2) MS_REMOUNT"),
	MNT_OP(propagation, propagation, "Change the propagation type of a mount.",
	       "mount(2) MS_SHARED, MS_SLAVE, MS_PRIVATE, MS_UNBINDABLE"),
	MNT_OP(umount, umount, "Unmount what is topmost at a mount point.", "umount2(2)"),
	MNT_OP(pivot_root, pivot_root, "Exchange the root of the mount namespace.",
	       "pivot_root(2)"),
	{
		.name = "mnt.chroot",
		.doc = "Change the actor's root directory; its working directory stays.",
		.source = "chroot(2)",
		OP_IN(chroot),
		.touches = NSM_MNT,
		.flags = OP_SINGLE,
		.run = chroot_run,
	},
	{ 0 }
};
