// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who owns a file, and which privilege it gives: owners, extended attributes and file
 * capabilities.
 */
#define _GNU_SOURCE
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <linux/capability.h>

#include "nsc/op.h"
#include "nsc/place.h"
#include "nsc/sys.h"

#define ID_MAX 4294967295ll
#define FCAP_NAME "security.capability"

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
OP(file_chown, "file.chown", chown_in, none,
	.doc = "Change owner and group of a file.",
	.source = "chown(2)",
	.touches = NSM_MNT, .mutates = NSM_MNT);

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
	.touches = NSM_MNT);

#define SET_XATTR_IN(F, S) \
	F(S, STR, path, REQUIRED, "file") \
	F(S, STR, name, REQUIRED, "attribute with its class, as user.NAME") \
	F(S, STR, text, REQUIRED, "new value")
FIELDS(set_xattr_in, SET_XATTR_IN);

static int file_set_xattr_run(struct op_ctx *ctx, const struct set_xattr_in *in, struct none *out)
{
	return setxattr(in->path, in->name, in->text, strlen(in->text), 0) < 0 ? -errno : 0;
}
OP(file_set_xattr, "file.set_xattr", set_xattr_in, none,
	.doc = "Set an extended attribute.",
	.source = "setxattr(2)", .config = "TMPFS_XATTR",
	.touches = NSM_MNT, .mutates = NSM_MNT);

/* Revision 3 ends with the root id; revision 2 is the same without it. */
struct fcap_data {
	uint32_t magic;
	uint32_t sets[4]; /* permitted, inheritable, and the same for the upper half */
	uint32_t rootid;
};

enum { FCAP_SIZE_2 = 20, FCAP_SIZE_3 = 24, SIZE_USUAL = -1 };

#define FCAP_SET_IN(F, S) \
	F(S, STR, path, REQUIRED, "file") \
	F(S, FLAGS, permitted, OPTIONAL, cap_symbols, "permitted set") \
	F(S, FLAGS, inheritable, OPTIONAL, cap_symbols, "inheritable set") \
	F(S, BOOL, effective, "the effective bit") \
	F(S, INT_DEF, revision, 2, 0, 255, "revision of the header") \
	F(S, INT_DEF, size, SIZE_USUAL, SIZE_USUAL, FCAP_SIZE_3, \
	  "bytes written; -1: as many as the revision has") \
	F(S, INT_DEF, rootid, 0, 0, ID_MAX, "root id, from revision 3 on")
FIELDS(fcap_set_in, FCAP_SET_IN);

static int fcap_set_run(struct op_ctx *ctx, const struct fcap_set_in *in, struct none *out)
{
	struct fcap_data data = {
		.magic = htole32((uint32_t)in->revision << 24 |
				 (in->effective ? VFS_CAP_FLAGS_EFFECTIVE : 0)),
		.sets = { htole32((uint32_t)in->permitted), htole32((uint32_t)in->inheritable),
			  htole32((uint32_t)(in->permitted >> 32)),
			  htole32((uint32_t)(in->inheritable >> 32)) },
		.rootid = htole32((uint32_t)in->rootid),
	};
	size_t size = in->size != SIZE_USUAL ? (size_t)in->size :
		      in->revision == 3	     ? FCAP_SIZE_3 : FCAP_SIZE_2;

	return setxattr(in->path, FCAP_NAME, &data, size, 0) < 0 ? -errno : 0;
}
OP(fcap_set, "fcap.set", fcap_set_in, none,
	.doc = "Give a file capabilities.",
	.source = "capabilities(7)", .config = "TMPFS_XATTR", .asks = "cap.SETFCAP",
	.touches = NSM_MNT, .mutates = NSM_MNT);

#define FCAP_GET_IN(F, S) \
	F(S, STR, path, REQUIRED, "file")
FIELDS(fcap_get_in, FCAP_GET_IN);

#define FCAP_GET_OUT(F, S) \
	F(S, INT, size, REQUIRED, 0, 0, "bytes of the attribute") \
	F(S, INT, revision, REQUIRED, 0, 0, "revision of the header") \
	F(S, INT, rootid, REQUIRED, 0, 0, "root id, 0 before revision 3") \
	F(S, FLAGS, permitted, REQUIRED, cap_symbols, "permitted set") \
	F(S, FLAGS, inheritable, REQUIRED, cap_symbols, "inheritable set") \
	F(S, BOOL, effective, "the effective bit")
FIELDS(fcap_get_out, FCAP_GET_OUT);

static int fcap_get_run(struct op_ctx *ctx, const struct fcap_get_in *in, struct fcap_get_out *out)
{
	struct fcap_data data = { 0 };
	ssize_t size = getxattr(in->path, FCAP_NAME, &data, sizeof(data));

	if (size < 0)
		return -errno;
	out->size = size;
	out->revision = le32toh(data.magic) >> 24;
	out->effective = le32toh(data.magic) & VFS_CAP_FLAGS_EFFECTIVE;
	out->rootid = le32toh(data.rootid);
	out->permitted = le32toh(data.sets[0]) | (uint64_t)le32toh(data.sets[2]) << 32;
	out->inheritable = le32toh(data.sets[1]) | (uint64_t)le32toh(data.sets[3]) << 32;
	return 0;
}
OP(fcap_get, "fcap.get", fcap_get_in, fcap_get_out,
	.doc = "Read the capabilities of a file as they are stored for the caller.",
	.source = "capabilities(7)",
	.touches = NSM_MNT);
