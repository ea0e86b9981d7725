// SPDX-License-Identifier: GPL-2.0-only
/*
 * Owners, handles and extended attributes of files.  File capabilities: lib/ops/fcap.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#include "nsc/op.h"
#include "nsc/sys.h"

#define ID_MAX 4294967295ll

#define CHOWN_IN(F, S) \
	F(S, STR, path, REQUIRED, "file") \
	F(S, INT_DEF, uid, -1, -1, ID_MAX, "new owner; -1: as it is") \
	F(S, INT_DEF, gid, -1, -1, ID_MAX, "new group; -1: as it is") \
	F(S, BOOL, nofollow, "a symbolic link itself, not what it leads to")
FIELDS(chown_in, CHOWN_IN);

static int file_chown_run(struct op_ctx *ctx, const struct chown_in *in, struct none *out)
{
	int flags = in->nofollow ? AT_SYMLINK_NOFOLLOW : 0;

	return fchownat(AT_FDCWD, in->path, (uid_t)in->uid, (gid_t)in->gid, flags) < 0 ? -errno : 0;
}

static int file_chown_check(struct op_ctx *ctx, const struct chown_in *in, const struct none *out)
{
	struct stat st;

	if (fstatat(AT_FDCWD, in->path, &st, in->nofollow ? AT_SYMLINK_NOFOLLOW : 0) < 0 ||
	    (((uid_t)in->uid == (uid_t)-1 || st.st_uid == (uid_t)in->uid) &&
	     ((gid_t)in->gid == (gid_t)-1 || st.st_gid == (gid_t)in->gid)))
		return 0;
	return op_undone(ctx, "%s belongs to %u and %u", in->path, st.st_uid, st.st_gid);
}
OP_CHECK(file_chown, chown_in, none)
OP(file_chown, "file.chown", chown_in, none,
	.doc = "Change owner and group of a file.",
	.source = "chown(2)",
	.touches = NSM_MNT, .mutates = NSM_MNT,
	.check = file_chown_checked);

#define HANDLE_IN(F, S) \
	F(S, STR, path, REQUIRED, "file")
FIELDS(handle_in, HANDLE_IN);

static int file_open_by_handle_run(struct op_ctx *ctx, const struct handle_in *in, struct none *out)
{
	_Alignas(struct file_handle) char room[sizeof(struct file_handle) + MAX_HANDLE_SZ];
	struct file_handle *handle = (struct file_handle *)room;
	AUTO_FD mount = open(in->path, O_RDONLY | O_CLOEXEC);
	int id;

	handle->handle_bytes = MAX_HANDLE_SZ;
	if (mount < 0 || name_to_handle_at(AT_FDCWD, in->path, handle, &id, 0) < 0)
		return op_broken(ctx, "make a handle of %s: %m", in->path);
	AUTO_FD fd = open_by_handle_at(mount, handle, O_RDONLY | O_CLOEXEC);

	return fd < 0 ? -errno : 0;
}
OP(file_open_by_handle, "file.open_by_handle", handle_in, none,
	.doc = "Make a handle of a file that can be read, and open the file by it.",
	.source = "open_by_handle_at(2)", .config = "FHANDLE",
	.touches = NSM_MNT,
	.unseen = "that the file is opened is all that it asks");

#define SET_XATTR_IN(F, S) \
	F(S, STR, path, REQUIRED, "file") \
	F(S, STR, name, REQUIRED, "attribute with its class, as user.NAME") \
	F(S, STR, text, REQUIRED, "new value")
FIELDS(set_xattr_in, SET_XATTR_IN);

static int file_set_xattr_run(struct op_ctx *ctx, const struct set_xattr_in *in, struct none *out)
{
	return setxattr(in->path, in->name, in->text, strlen(in->text), 0) < 0 ? -errno : 0;
}

static int file_set_xattr_check(struct op_ctx *ctx, const struct set_xattr_in *in,
			   const struct none *out)
{
	size_t len = strlen(in->text);
	char *now = pool_alloc(ctx->pool, len + 1);
	ssize_t got = getxattr(in->path, in->name, now, len + 1);

	if (got < 0)
		return errno == ENODATA ? op_undone(ctx, "%s has no %s", in->path, in->name) : 0;
	return (size_t)got == len && !memcmp(now, in->text, len) ? 0 :
		       op_undone(ctx, "%s has another value", in->name);
}
OP_CHECK(file_set_xattr, set_xattr_in, none)
OP(file_set_xattr, "file.set_xattr", set_xattr_in, none,
	.doc = "Set an extended attribute.",
	.source = "setxattr(2)", .config = "TMPFS_XATTR",
	.touches = NSM_MNT, .mutates = NSM_MNT,
	.check = file_set_xattr_checked);

/* Revision 3 ends with the root id; revision 2 is the same without it. */
