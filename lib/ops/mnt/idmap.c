// SPDX-License-Identifier: GPL-2.0-only
/*
 * A detached copy of a mount with attributes of its own, and the sizes of a mount request.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "../file.h"
#include "mnt.h"
#include "nsc/sys.h"
#include "nsc/syscall.h"
#include "uapi/mount.h"

#ifndef SYS_open_tree_attr /* since Linux 6.15; 467, and as far from its neighbours everywhere */
#define SYS_open_tree_attr (SYS_mount_setattr + 25)
#endif

enum { ATTR_IDMAP = 0x00100000, ATTR_SIZE = 32 };

/* struct mount_attr, whose header cannot be included together with libc's. */
struct attr {
	uint64_t set, clear, propagation, userns;
};

#define IDMAP_IN(F, S) \
	F(S, FD, at, OPTIONAL, MNT_AT_DOC) \
	F(S, STR_DEF, path, "", "root of the tree that is copied") \
	F(S, FD, userns, REQUIRED, "user namespace whose maps the copy applies")
FIELDS(idmap_in, IDMAP_IN);

#define IDMAP_OUT(F, S) \
	F(S, FD, fd, REQUIRED, "the mount, as an O_PATH descriptor")
FIELDS(idmap_out, IDMAP_OUT);

static int mnt_copy_idmapped_run(struct op_ctx *ctx, const struct idmap_in *in,
				 struct idmap_out *out)
{
	struct attr attr = { .set = ATTR_IDMAP, .userns = (uint64_t)in->userns };
	unsigned flags = OPEN_TREE_CLONE | O_CLOEXEC | (*in->path ? 0 : AT_EMPTY_PATH);

	out->fd = (int)sys_call(SYS_open_tree_attr, file_at(in->at), in->path, flags, &attr,
				ATTR_SIZE);
	return out->fd < 0 ? -errno : 0;
}
OP(mnt_copy_idmapped, "mnt.copy_idmapped", idmap_in, idmap_out,
	.doc = "Get a detached copy of a mount that maps ids, in one call (Linux 6.15).",
	.source = "open_tree_attr(2)",
	.touches = NSM_MNT, .mutates = NSM_MNT);

enum { REQUEST_ROOM = 1 << 17, REQUEST_KNOWN = 32 };

#define REQUEST_IN(F, S) \
	F(S, INT, size, REQUIRED, 0, REQUEST_ROOM, "size of the request in bytes") \
	F(S, INT, tail, OPTIONAL, 0, 255, "value of each byte behind the known members")
FIELDS(request_in, REQUEST_IN);

#define REQUEST_OUT(F, S) \
	F(S, TOTAL, count, "number of mounts")
FIELDS(request_out, REQUEST_OUT);

static int mnt_request_size_run(struct op_ctx *ctx, const struct request_in *in,
				struct request_out *out)
{
	unsigned char *req = pool_alloc(ctx->pool, REQUEST_ROOM + REQUEST_KNOWN);
	uint32_t size = (uint32_t)in->size;
	uint64_t root = LSMT_ROOT, ids[64];

	memcpy(req, &size, sizeof(size));
	memcpy(req + 8, &root, sizeof(root));
	memset(req + REQUEST_KNOWN, (int)in->tail, REQUEST_ROOM);
	long n = sys_call(SYS_listmount, req, ids, 64, 0);

	if (n < 0)
		return -errno;
	out->count = n;
	return 0;
}
OP(mnt_request_size, "mnt.request_size", request_in, request_out,
	.doc = "List mounts by a request of a given size.",
	.source = "listmount(2)",
	.touches = NSM_MNT);
