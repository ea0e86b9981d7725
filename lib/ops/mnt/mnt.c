// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mounts by the classic calls: mount(2), umount2(2), pivot_root(2), chroot(2).  The calls on
 * descriptors are in mnt_tree.c, what is read about mounts in mnt_info.c.
 *
 * Options of a superblock are changed only where that superblock can be the arena's own.
 */
#define _GNU_SOURCE
#include <errno.h>
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
	/* Of 32 bits, signed or not by architecture. */
	uint32_t type = (uint32_t)fs.f_type;

	if (type != TMPFS_MAGIC && type != RAMFS_MAGIC && type != PROC_SUPER_MAGIC)
		return op_broken(ctx, "refused: the superblock of %s may be the host's", path);
	return 0;
}

#define MOUNT_IN(F, S) \
	F(S, STR, type, OPTIONAL, "file system type") \
	F(S, STR_DEF, source, "none", "device, or whatever the type makes of it") \
	F(S, STR, target, REQUIRED, "mount point") \
	F(S, FD, at, OPTIONAL, MNT_AT_DOC) \
	F(S, FLAGS, flags, OPTIONAL, flag_symbols, "MS_* flags without the prefix") \
	F(S, STR, data, OPTIONAL, "options of the file system")
FIELDS(mount_in, MOUNT_IN);

static int mnt_mount_run(struct op_ctx *ctx, const struct mount_in *in, struct none *out)
{
	const char *target = mnt_path(ctx, in->at, in->target);

	if ((in->flags & (MS_REMOUNT | MS_BIND)) == MS_REMOUNT && own_superblock(ctx, target))
		return OP_BROKEN;
	return mount(in->source, target, in->type, in->flags, in->data) < 0 ? -errno : 0;
}

static void mnt_mount_before(struct op_ctx *ctx, const struct mount_in *in)
{
	mnt_note(ctx, mnt_path(ctx, in->at, in->target));
}
OP_BEFORE(mnt_mount, mount_in)

static int mnt_mount_check(struct op_ctx *ctx, const struct mount_in *in, const struct none *out)
{
	const char *target = mnt_path(ctx, in->at, in->target);
	unsigned long types = MS_SHARED | MS_SLAVE | MS_PRIVATE | MS_UNBINDABLE;

	if (in->flags & MS_REMOUNT)
		return mnt_has_flags(ctx, target, in->flags, ~in->flags);
	if (in->flags & (types | MS_MOVE))
		return 0;
	int rc = mnt_is_covered(ctx, target);

	return rc || in->flags & MS_BIND ? rc : mnt_has_flags(ctx, target, in->flags, 0);
}
OP_CHECK(mnt_mount, mount_in, none)
OP(mnt_mount, "mnt.mount", mount_in, none,
	.doc = "Mount a file system.",
	.source = "mount(2)",
	.touches = NSM_MNT, .mutates = NSM_MNT,
	.check = mnt_mount_checked, .before = mnt_mount_noted);

#define BIND_IN(F, S) \
	F(S, STR_DEF, source, "", "what to bind") \
	F(S, FD, source_at, OPTIONAL, "directory or mount that the source starts from") \
	F(S, STR_DEF, target, "", "mount point") \
	F(S, FD, at, OPTIONAL, "directory or mount that the target starts from") \
	F(S, BOOL, recursive, "with the mounts below it (MS_REC)")
FIELDS(bind_in, BIND_IN);

static int mnt_bind_run(struct op_ctx *ctx, const struct bind_in *in, struct none *out)
{
	return mount(mnt_path(ctx, in->source_at, in->source), mnt_path(ctx, in->at, in->target),
		     NULL, MS_BIND | (in->recursive ? MS_REC : 0), NULL) < 0 ? -errno : 0;
}

static void mnt_bind_before(struct op_ctx *ctx, const struct bind_in *in)
{
	mnt_note(ctx, mnt_path(ctx, in->at, in->target));
}
OP_BEFORE(mnt_bind, bind_in)

static int mnt_bind_check(struct op_ctx *ctx, const struct bind_in *in, const struct none *out)
{
	return mnt_is_covered(ctx, mnt_path(ctx, in->at, in->target));
}
OP_CHECK(mnt_bind, bind_in, none)
OP(mnt_bind, "mnt.bind", bind_in, none,
	.doc = "Bind a file or directory to another place.",
	.source = "mount(2) MS_BIND",
	.touches = NSM_MNT, .mutates = NSM_MNT,
	.check = mnt_bind_checked, .before = mnt_bind_noted);

#define MOVE_IN(F, S) \
	F(S, STR_DEF, source, "", "mount to move") \
	F(S, FD, source_at, OPTIONAL, "directory or mount that the source starts from") \
	F(S, STR_DEF, target, "", "new mount point") \
	F(S, FD, at, OPTIONAL, "directory or mount that the target starts from")
FIELDS(move_in, MOVE_IN);

static int mnt_move_run(struct op_ctx *ctx, const struct move_in *in, struct none *out)
{
	return mount(mnt_path(ctx, in->source_at, in->source), mnt_path(ctx, in->at, in->target),
		     NULL, MS_MOVE, NULL) < 0 ? -errno : 0;
}

static void mnt_move_before(struct op_ctx *ctx, const struct move_in *in)
{
	mnt_note(ctx, mnt_path(ctx, in->source_at, in->source));
}
OP_BEFORE(mnt_move, move_in)

static int mnt_move_check(struct op_ctx *ctx, const struct move_in *in, const struct none *out)
{
	return mnt_is_at(ctx, mnt_path(ctx, in->at, in->target));
}
OP_CHECK(mnt_move, move_in, none)
OP(mnt_move, "mnt.move", move_in, none,
	.doc = "Move a mount to another mount point.",
	.source = "mount(2) MS_MOVE",
	.touches = NSM_MNT, .mutates = NSM_MNT,
	.check = mnt_move_checked, .before = mnt_move_noted);

#define REMOUNT_IN(F, S) \
	F(S, STR_DEF, target, "", "mount point") \
	F(S, FD, at, OPTIONAL, MNT_AT_DOC) \
	F(S, FLAGS, flags, OPTIONAL, flag_symbols, \
	  "MS_* flags that shall hold; what is not named is cleared") \
	F(S, BOOL, superblock, "options of the file system instead of this mount (no MS_BIND)") \
	F(S, STR, data, OPTIONAL, "options of the file system")
FIELDS(remount_in, REMOUNT_IN);

static int mnt_remount_run(struct op_ctx *ctx, const struct remount_in *in, struct none *out)
{
	const char *target = mnt_path(ctx, in->at, in->target);
	unsigned long flags = MS_REMOUNT | in->flags | (in->superblock ? 0 : MS_BIND);

	if (in->superblock && own_superblock(ctx, target))
		return OP_BROKEN;
	return mount(NULL, target, NULL, flags, in->data) < 0 ? -errno : 0;
}

static int mnt_remount_check(struct op_ctx *ctx, const struct remount_in *in,
			   const struct none *out)
{
	return mnt_has_flags(ctx, mnt_path(ctx, in->at, in->target), in->flags,
			     in->superblock ? 0 : ~in->flags);
}
OP_CHECK(mnt_remount, remount_in, none)
OP(mnt_remount, "mnt.remount", remount_in, none,
	.doc = "Change the flags of a mount.",
	.source = "mount(2) MS_REMOUNT",
	.touches = NSM_MNT, .mutates = NSM_MNT,
	.check = mnt_remount_checked);

#define PROPAGATION_IN(F, S) \
	F(S, STR_DEF, target, "", "mount point") \
	F(S, FD, at, OPTIONAL, MNT_AT_DOC) \
	F(S, ENUM, type, REQUIRED, mnt_type_symbols, "propagation type asked for") \
	F(S, BOOL, recursive, "with the mounts below it (MS_REC)")
FIELDS(propagation_in, PROPAGATION_IN);

static int mnt_propagation_run(struct op_ctx *ctx, const struct propagation_in *in,
			       struct none *out)
{
	unsigned long flags = (unsigned long)in->type | (in->recursive ? MS_REC : 0);

	return mount(NULL, mnt_path(ctx, in->at, in->target), NULL, flags, NULL) < 0 ? -errno : 0;
}

static int mnt_propagation_check(struct op_ctx *ctx, const struct propagation_in *in,
			   const struct none *out)
{
	return mnt_is_of_type(ctx, mnt_path(ctx, in->at, in->target), in->type);
}
OP_CHECK(mnt_propagation, propagation_in, none)
OP(mnt_propagation, "mnt.propagation", propagation_in, none,
	.doc = "Change the propagation type of a mount.",
	.source = "mount(2) MS_SHARED, MS_SLAVE, MS_PRIVATE, MS_UNBINDABLE",
	.touches = NSM_MNT, .mutates = NSM_MNT,
	.check = mnt_propagation_checked);

static const struct symbol umount_symbols[] = {
	{ "FORCE", MNT_FORCE, NULL },
	{ "DETACH", MNT_DETACH, "lazily: gone from view at once, undone when no longer used" },
	{ "EXPIRE", MNT_EXPIRE, NULL },
	{ "NOFOLLOW", UMOUNT_NOFOLLOW, NULL },
	{ 0 }
};

#define UMOUNT_IN(F, S) \
	F(S, STR_DEF, target, "", "mount point") \
	F(S, FD, at, OPTIONAL, MNT_AT_DOC) \
	F(S, FLAGS, flags, OPTIONAL, umount_symbols, "flags of umount2(2)")
FIELDS(umount_in, UMOUNT_IN);

static int mnt_umount_run(struct op_ctx *ctx, const struct umount_in *in, struct none *out)
{
	return umount2(mnt_path(ctx, in->at, in->target), (int)in->flags) < 0 ? -errno : 0;
}

static void mnt_umount_before(struct op_ctx *ctx, const struct umount_in *in)
{
	mnt_note(ctx, mnt_path(ctx, in->at, in->target));
}
OP_BEFORE(mnt_umount, umount_in)

static int mnt_umount_check(struct op_ctx *ctx, const struct umount_in *in, const struct none *out)
{
	return mnt_is_gone(ctx, mnt_path(ctx, in->at, in->target));
}
OP_CHECK(mnt_umount, umount_in, none)
OP(mnt_umount, "mnt.umount", umount_in, none,
	.doc = "Unmount what is topmost at a mount point.",
	.source = "umount2(2)",
	.touches = NSM_MNT, .mutates = NSM_MNT,
	.check = mnt_umount_checked, .before = mnt_umount_noted);

#define PIVOT_ROOT_IN(F, S) \
	F(S, STR, new_root, REQUIRED, "mount that becomes the root") \
	F(S, STR, put_old, REQUIRED, "where the old root goes, at or below new_root")
FIELDS(pivot_root_in, PIVOT_ROOT_IN);

static int mnt_pivot_root_run(struct op_ctx *ctx, const struct pivot_root_in *in, struct none *out)
{
	return sys_pivot_root(in->new_root, in->put_old);
}

static void mnt_pivot_root_before(struct op_ctx *ctx, const struct pivot_root_in *in)
{
	mnt_note(ctx, in->new_root);
}
OP_BEFORE(mnt_pivot_root, pivot_root_in)

static int mnt_pivot_root_check(struct op_ctx *ctx, const struct pivot_root_in *in,
			   const struct none *out)
{
	return mnt_is_root(ctx);
}
OP_CHECK(mnt_pivot_root, pivot_root_in, none)
OP(mnt_pivot_root, "mnt.pivot_root", pivot_root_in, none,
	.doc = "Exchange the root of the mount namespace.",
	.source = "pivot_root(2)",
	.touches = NSM_MNT, .mutates = NSM_MNT,
	.check = mnt_pivot_root_checked, .before = mnt_pivot_root_noted);

#define CHROOT_IN(F, S) \
	F(S, STR_DEF, path, "", "directory") \
	F(S, FD, at, OPTIONAL, MNT_AT_DOC)
FIELDS(chroot_in, CHROOT_IN);

static int mnt_chroot_run(struct op_ctx *ctx, const struct chroot_in *in, struct none *out)
{
	return chroot(mnt_path(ctx, in->at, in->path)) < 0 ? -errno : 0;
}

static void mnt_chroot_before(struct op_ctx *ctx, const struct chroot_in *in)
{
	mnt_note(ctx, mnt_path(ctx, in->at, in->path));
}
OP_BEFORE(mnt_chroot, chroot_in)

static int mnt_chroot_check(struct op_ctx *ctx, const struct chroot_in *in, const struct none *out)
{
	return mnt_is_root(ctx);
}
OP_CHECK(mnt_chroot, chroot_in, none)
OP(mnt_chroot, "mnt.chroot", chroot_in, none,
	.doc = "Change the actor's root directory; its working directory stays.",
	.source = "chroot(2)",
	.touches = NSM_MNT, .flags = OP_SINGLE,
	.check = mnt_chroot_checked, .before = mnt_chroot_noted);
