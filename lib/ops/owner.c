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

struct chown_in {
	const char *path;
	int64_t uid, gid;
	bool nofollow;
};

static const struct field chown_in_fields[] = {
	F_STR(struct chown_in, path, REQUIRED, "file"),
	F_INT_DEF(struct chown_in, uid, -1, -1, ID_MAX, "new owner; -1: as it is"),
	F_INT_DEF(struct chown_in, gid, -1, -1, ID_MAX, "new group; -1: as it is"),
	F_BOOL(struct chown_in, nofollow, "a symbolic link itself, not what it leads to"),
	F_END
};

static int chown_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct chown_in *in = params;
	int flags = in->nofollow ? AT_SYMLINK_NOFOLLOW : 0;

	(void)ctx, (void)results;
	return fchownat(AT_FDCWD, in->path, (uid_t)in->uid, (gid_t)in->gid, flags) < 0 ? -errno : 0;
}

struct handle_in {
	const char *path;
};

static const struct field handle_in_fields[] = {
	F_STR(struct handle_in, path, REQUIRED, "file"),
	F_END
};

static int handle_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct handle_in *in = params;
	_Alignas(struct file_handle) char room[sizeof(struct file_handle) + MAX_HANDLE_SZ];
	struct file_handle *handle = (struct file_handle *)room;
	AUTO_FD mount = open(in->path, O_RDONLY | O_CLOEXEC);
	int id;

	(void)results;
	handle->handle_bytes = MAX_HANDLE_SZ;
	if (mount < 0 || name_to_handle_at(AT_FDCWD, in->path, handle, &id, 0) < 0)
		return op_broken(ctx, "make a handle of %s: %m", in->path);
	AUTO_FD fd = open_by_handle_at(mount, handle, O_RDONLY | O_CLOEXEC);

	return fd < 0 ? -errno : 0;
}

struct set_xattr_in {
	const char *path, *name, *text;
};

static const struct field set_xattr_in_fields[] = {
	F_STR(struct set_xattr_in, path, REQUIRED, "file"),
	F_STR(struct set_xattr_in, name, REQUIRED, "attribute with its class, as user.NAME"),
	F_STR(struct set_xattr_in, text, REQUIRED, "new value"),
	F_END
};

static int set_xattr_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct set_xattr_in *in = params;

	(void)ctx, (void)results;
	return setxattr(in->path, in->name, in->text, strlen(in->text), 0) < 0 ? -errno : 0;
}

/* Revision 3 ends with the root id; revision 2 is the same without it. */
struct fcap_data {
	uint32_t magic;
	uint32_t sets[4]; /* permitted, inheritable, and the same for the upper half */
	uint32_t rootid;
};

enum { FCAP_SIZE_2 = 20, FCAP_SIZE_3 = 24, SIZE_USUAL = -1 };

struct fcap_set_in {
	const char *path;
	uint64_t permitted, inheritable;
	bool effective;
	int64_t revision, size, rootid;
};

static const struct field fcap_set_in_fields[] = {
	F_STR(struct fcap_set_in, path, REQUIRED, "file"),
	F_FLAGS(struct fcap_set_in, permitted, OPTIONAL, cap_symbols, "permitted set"),
	F_FLAGS(struct fcap_set_in, inheritable, OPTIONAL, cap_symbols, "inheritable set"),
	F_BOOL(struct fcap_set_in, effective, "the effective bit"),
	F_INT_DEF(struct fcap_set_in, revision, 2, 0, 255, "revision of the header"),
	F_INT_DEF(struct fcap_set_in, size, SIZE_USUAL, SIZE_USUAL, FCAP_SIZE_3,
		  "bytes written; -1: as many as the revision has"),
	F_INT_DEF(struct fcap_set_in, rootid, 0, 0, ID_MAX, "root id, from revision 3 on"),
	F_END
};

static int fcap_set_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct fcap_set_in *in = params;
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

	(void)ctx, (void)results;
	return setxattr(in->path, FCAP_NAME, &data, size, 0) < 0 ? -errno : 0;
}

struct fcap_get_in {
	const char *path;
};

static const struct field fcap_get_in_fields[] = {
	F_STR(struct fcap_get_in, path, REQUIRED, "file"),
	F_END
};

struct fcap_get_out {
	int64_t size, revision, rootid;
	uint64_t permitted, inheritable;
	bool effective;
};

static const struct field fcap_get_out_fields[] = {
	F_INT(struct fcap_get_out, size, REQUIRED, 0, 0, "bytes of the attribute"),
	F_INT(struct fcap_get_out, revision, REQUIRED, 0, 0, "revision of the header"),
	F_INT(struct fcap_get_out, rootid, REQUIRED, 0, 0, "root id, 0 before revision 3"),
	F_FLAGS(struct fcap_get_out, permitted, REQUIRED, cap_symbols, "permitted set"),
	F_FLAGS(struct fcap_get_out, inheritable, REQUIRED, cap_symbols, "inheritable set"),
	F_BOOL(struct fcap_get_out, effective, "the effective bit"),
	F_END
};

static int fcap_get_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct fcap_get_in *in = params;
	struct fcap_get_out *out = results;
	struct fcap_data data = { 0 };
	ssize_t size = getxattr(in->path, FCAP_NAME, &data, sizeof(data));

	(void)ctx;
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

const struct op owner_ops[] = {
	{
		.name = "file.chown",
		.doc = "Change owner and group of a file.",
		.source = "chown(2)",
		OP_IN(chown),
		.touches = NSM_MNT, .mutates = NSM_MNT,
		.run = chown_run,
	},
	{
		.name = "file.open_by_handle",
		.doc = "Make a handle of a file that can be read, and open the file by it.",
		.source = "open_by_handle_at(2)",
		.config = "FHANDLE",
		OP_IN(handle),
		.touches = NSM_MNT,
		.run = handle_run,
	},
	{
		.name = "file.set_xattr",
		.doc = "Set an extended attribute.",
		.source = "setxattr(2)",
		.config = "TMPFS_XATTR",
		OP_IN(set_xattr),
		.touches = NSM_MNT, .mutates = NSM_MNT,
		.run = set_xattr_run,
	},
	{
		.name = "fcap.set",
		.doc = "Give a file capabilities.",
		.source = "capabilities(7)",
		.config = "TMPFS_XATTR",
		OP_IN(fcap_set),
		.touches = NSM_MNT, .mutates = NSM_MNT,
		.asks = "cap.SETFCAP",
		.run = fcap_set_run,
	},
	{
		.name = "fcap.get",
		.doc = "Read the capabilities of a file as they are stored for the caller.",
		.source = "capabilities(7)",
		OP_IN(fcap_get), OP_OUT(fcap_get),
		.touches = NSM_MNT,
		.run = fcap_get_run,
	},
	{ 0 }
};
