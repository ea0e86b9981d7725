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

#define SET_IN(F, S) \
	F(S, STR, path, REQUIRED, "file") \
	F(S, INT, uid, REQUIRED, 0, UINT32_MAX, "user who may read and write besides the owner")
FIELDS(set_in, SET_IN);

static struct posix_acl_xattr_entry entry(int tag, int permissions, int64_t id)
{
	return (struct posix_acl_xattr_entry){
		htole16((uint16_t)tag), htole16((uint16_t)permissions), htole32((uint32_t)id)
	};
}

static int acl_set_run(struct op_ctx *ctx, const struct set_in *in, struct none *out)
{
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

	return setxattr(in->path, ACL_NAME, &acl, size, 0) < 0 ? -errno : 0;
}

static int acl_set_check(struct op_ctx *ctx, const struct set_in *in, const struct none *out)
{
	struct acl now;
	ssize_t size = getxattr(in->path, ACL_NAME, &now, sizeof(now));
	size_t n = size < 0 ? 0 : ((size_t)size - sizeof(now.header)) / sizeof(now.entries[0]);

	if (size < 0 && errno != ENODATA)
		return 0;
	for (size_t i = 0; i < n; i++)
		if (le16toh(now.entries[i].e_tag) == ACL_USER &&
		    le32toh(now.entries[i].e_id) == (uint32_t)in->uid)
			return 0;
	return op_undone(ctx, "the list of %s does not name that user", in->path);
}
OP_CHECK(acl_set, set_in, none)
OP(acl_set, "acl.set", set_in, none,
	.doc = "Give one more user access to a file.",
	.source = "acl(5)", .config = "TMPFS_POSIX_ACL",
	.touches = NSM_MNT, .mutates = NSM_MNT,
	.check = acl_set_checked);

#define GET_IN(F, S) \
	F(S, STR, path, REQUIRED, "file")
FIELDS(get_in, GET_IN);

#define GET_OUT(F, S) \
	F(S, INTS, users, REQUIRED, 0, 0, "users who are named in the list") \
	F(S, BOOL, stable, "a second read gave the same bytes")
FIELDS(get_out, GET_OUT);

static int acl_get_run(struct op_ctx *ctx, const struct get_in *in, struct get_out *out)
{
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
OP(acl_get, "acl.get", get_in, get_out,
	.doc = "Read who is named in a file's access control list.",
	.source = "acl(5)", .config = "TMPFS_POSIX_ACL",
	.touches = NSM_MNT);
