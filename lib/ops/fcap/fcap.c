// SPDX-License-Identifier: GPL-2.0-only
/*
 * File capabilities, as the extended attribute that the kernel reads at execve(2).
 */
#define _GNU_SOURCE
#include <endian.h>
#include <errno.h>
#include <sys/xattr.h>

#include <linux/capability.h>

#include "nsc/op.h"
#include "nsc/place.h"

#define FCAP_NAME "security.capability"

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
	F(S, INT_DEF, rootid, 0, 0, UINT32_MAX, "root id, from revision 3 on")
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

static int fcap_set_check(struct op_ctx *ctx, const struct fcap_set_in *in, const struct none *out)
{
	struct fcap_data now;

	/* What is read back is in the terms of the reader, and of another revision then. */
	if (getxattr(in->path, FCAP_NAME, &now, sizeof(now)) >= 0 || errno != ENODATA)
		return 0;
	return op_undone(ctx, "%s has no capabilities", in->path);
}
OP_CHECK(fcap_set, fcap_set_in, none)
OP(fcap_set, "fcap.set", fcap_set_in, none,
	.doc = "Give a file capabilities.",
	.source = "capabilities(7)", .config = "TMPFS_XATTR", .asks = "cap.SETFCAP",
	.touches = NSM_MNT, .mutates = NSM_MNT,
	.check = fcap_set_checked);

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
