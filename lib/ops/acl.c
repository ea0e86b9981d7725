// SPDX-License-Identifier: GPL-2.0-only
/*
 * POSIX access control lists, as far as they name users: in the form of the attribute
 * system.posix_acl_access (linux/posix_acl_xattr.h).
 */
#define _GNU_SOURCE
#include <endian.h>
#include <errno.h>
#include <linux/posix_acl.h>
#include <linux/posix_acl_xattr.h>
#include <string.h>
#include <sys/xattr.h>

#include "nsc/op.h"

#define ACL_NAME "system.posix_acl_access"

enum { ENTRIES_MAX = 16, ANY_ID = -1 };

struct acl {
	struct posix_acl_xattr_header header;
	struct posix_acl_xattr_entry entries[ENTRIES_MAX];
};

struct set_in {
	const char *path;
	int64_t uid;
};

static const struct field set_in_fields[] = {
	F_STR(struct set_in, path, REQUIRED, "file"),
	F_INT(struct set_in, uid, REQUIRED, 0, UINT32_MAX,
	      "user who may read and write besides the owner"),
	F_END
};

static struct posix_acl_xattr_entry entry(int tag, int permissions, int64_t id)
{
	return (struct posix_acl_xattr_entry){
		htole16((uint16_t)tag), htole16((uint16_t)permissions), htole32((uint32_t)id)
	};
}

static int set_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct set_in *in = params;
	struct acl acl = {
		.header = { htole32(POSIX_ACL_XATTR_VERSION) },
		.entries = {
			entry(ACL_USER_OBJ, ACL_READ | ACL_WRITE, ANY_ID),
			entry(ACL_USER, ACL_READ | ACL_WRITE, in->uid),
			entry(ACL_GROUP_OBJ, 0, ANY_ID),
			entry(ACL_MASK, ACL_READ | ACL_WRITE, ANY_ID),
			entry(ACL_OTHER, 0, ANY_ID),
		},
	};
	size_t size = sizeof(acl.header) + 5 * sizeof(acl.entries[0]);

	(void)ctx, (void)results;
	return setxattr(in->path, ACL_NAME, &acl, size, 0) < 0 ? -errno : 0;
}

struct get_in {
	const char *path;
};

static const struct field get_in_fields[] = {
	F_STR(struct get_in, path, REQUIRED, "file"),
	F_END
};

struct get_out {
	struct ints users;
	bool stable;
};

static const struct field get_out_fields[] = {
	F_INTS(struct get_out, users, REQUIRED, 0, 0, "users who are named in the list"),
	F_BOOL(struct get_out, stable, "a second read gave the same bytes"),
	F_END
};

static int get_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct get_in *in = params;
	struct get_out *out = results;
	struct acl acl, again;
	ssize_t size = getxattr(in->path, ACL_NAME, &acl, sizeof(acl));

	if (size < 0)
		return -errno;
	if (getxattr(in->path, ACL_NAME, &again, sizeof(again)) != size)
		return op_broken(ctx, "the list changed between two reads");
	out->stable = !memcmp(&acl, &again, (size_t)size);
	size_t n = ((size_t)size - sizeof(acl.header)) / sizeof(acl.entries[0]);

	out->users.v = pool_array(ctx->pool, int64_t, n + 1);
	for (size_t i = 0; i < n; i++)
		if (le16toh(acl.entries[i].e_tag) == ACL_USER)
			out->users.v[out->users.n++] = le32toh(acl.entries[i].e_id);
	return 0;
}

const struct op acl_ops[] = {
	{
		.name = "acl.set",
		.doc = "Give one more user access to a file.",
		.source = "acl(5)",
		.config = "TMPFS_POSIX_ACL",
		OP_IN(set),
		.touches = NSM_MNT, .mutates = NSM_MNT,
		.run = set_run,
	},
	{
		.name = "acl.get",
		.doc = "Read who is named in a file's access control list.",
		.source = "acl(5)",
		.config = "TMPFS_POSIX_ACL",
		OP_IN(get), OP_OUT(get),
		.touches = NSM_MNT,
		.run = get_run,
	},
	{ 0 }
};
