// SPDX-License-Identifier: GPL-2.0-only
/*
 * A detached copy of a mount with attributes of its own, and the sizes of a mount request.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "file.h"
#include "mnt.h"
#include "nsc/sys.h"
#include "uapi/mount.h"

#ifndef SYS_open_tree_attr /* since Linux 6.15; 467, and as far from its neighbours everywhere */
#define SYS_open_tree_attr (SYS_mount_setattr + 25)
#endif

enum { ATTR_IDMAP = 0x00100000, ATTR_SIZE = 32 };

/* struct mount_attr, whose header cannot be included together with libc's. */
struct attr {
	uint64_t set, clear, propagation, userns;
};

struct idmap_in {
	int at, userns;
	const char *path;
};

static const struct field idmap_in_fields[] = {
	F_FD(struct idmap_in, at, OPTIONAL, MNT_AT_DOC),
	F_STR_DEF(struct idmap_in, path, "", "root of the tree that is copied"),
	F_FD(struct idmap_in, userns, REQUIRED, "user namespace whose maps the copy applies"),
	F_END
};

struct idmap_out {
	int fd;
};

static const struct field idmap_out_fields[] = {
	F_FD(struct idmap_out, fd, REQUIRED, "the mount, as an O_PATH descriptor"),
	F_END
};

static int idmap_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct idmap_in *in = params;
	struct idmap_out *out = results;
	struct attr attr = { .set = ATTR_IDMAP, .userns = (uint64_t)in->userns };
	unsigned flags = OPEN_TREE_CLONE | O_CLOEXEC | (*in->path ? 0 : AT_EMPTY_PATH);

	(void)ctx;
	out->fd = (int)syscall(SYS_open_tree_attr, file_at(in->at), in->path, flags, &attr,
			       ATTR_SIZE);
	return out->fd < 0 ? -errno : 0;
}

enum { REQUEST_ROOM = 1 << 17, REQUEST_KNOWN = 32 };

struct request_in {
	int64_t size, tail;
};

static const struct field request_in_fields[] = {
	F_INT(struct request_in, size, REQUIRED, 0, REQUEST_ROOM, "size of the request in bytes"),
	F_INT(struct request_in, tail, OPTIONAL, 0, 255,
	      "value of each byte behind the known members"),
	F_END
};

struct request_out {
	int64_t count;
};

static const struct field request_out_fields[] = {
	F_INT(struct request_out, count, REQUIRED, 0, 0, "number of mounts"),
	F_END
};

static int request_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct request_in *in = params;
	struct request_out *out = results;
	unsigned char *req = pool_alloc(ctx->pool, REQUEST_ROOM + REQUEST_KNOWN);
	uint32_t size = (uint32_t)in->size;
	uint64_t root = LSMT_ROOT, ids[64];

	memcpy(req, &size, sizeof(size));
	memcpy(req + 8, &root, sizeof(root));
	memset(req + REQUEST_KNOWN, (int)in->tail, REQUEST_ROOM);
	long n = syscall(SYS_listmount, req, ids, 64, 0);

	if (n < 0)
		return -errno;
	out->count = n;
	return 0;
}

const struct op mnt_idmap_ops[] = {
	{
		.name = "mnt.copy_idmapped",
		.doc = "Get a detached copy of a mount that maps ids, in one call (Linux 6.15).",
		.source = "open_tree_attr(2)",
		OP_IN(idmap), OP_OUT(idmap),
		.touches = NSM_MNT, .mutates = NSM_MNT,
		.run = idmap_run,
	},
	{
		.name = "mnt.request_size",
		.doc = "List mounts by a request of a given size.",
		.source = "listmount(2)",
		OP_IN(request), OP_OUT(request),
		.touches = NSM_MNT,
		.run = request_run,
	},
	{ 0 }
};
