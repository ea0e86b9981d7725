// SPDX-License-Identifier: GPL-2.0-only
/*
 * What system calls say about mounts: statx(2), statmount(2), listmount(2).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/nsfs.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "file.h"
#include "mnt.h"
#include "nsc/sys.h"
#include "uapi/mount.h"

#ifndef NS_GET_MNTNS_ID /* since Linux 6.11 */
#define NS_GET_MNTNS_ID _IOR(0xb7, 5, uint64_t)
#endif

struct id_in {
	int at;
	const char *path;
};

static const struct field id_in_fields[] = {
	F_FD(struct id_in, at, OPTIONAL, MNT_AT_DOC),
	F_STR_DEF(struct id_in, path, "", "any file of the mount"),
	F_END
};

struct id_out {
	int64_t unique;
	bool known;
};

static const struct field id_out_fields[] = {
	F_INT(struct id_out, unique, REQUIRED, 0, 0, "64-bit mount ID, never used again"),
	F_BOOL(struct id_out, known, "the kernel reports it (since Linux 6.8)"),
	F_END
};

static int id_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct id_in *in = params;
	struct id_out *out = results;
	struct statx st;

	(void)ctx;
	if (statx(file_at(in->at), in->path, *in->path ? 0 : AT_EMPTY_PATH, STATX_MNT_ID_UNIQUE,
		  &st) < 0)
		return -errno;
	out->known = st.stx_mask & STATX_MNT_ID_UNIQUE;
	out->unique = out->known ? (int64_t)st.stx_mnt_id : 0;
	return 0;
}

struct query_in {
	int64_t id;
	int ns;
};

static const struct field statmount_in_fields[] = {
	F_INT(struct query_in, id, REQUIRED, 0, 0, "unique mount ID"),
	F_FD(struct query_in, ns, OPTIONAL, "mount namespace; default the caller's own"),
	F_END
};

static const struct field listmount_in_fields[] = {
	F_INT_DEF(struct query_in, id, -1, 0, 0,
		  "unique ID of the mount to look below; default the root"),
	F_FD(struct query_in, ns, OPTIONAL, "mount namespace; default the caller's own"),
	F_END
};

static int make_request(struct op_ctx *ctx, const struct query_in *in, struct mnt_id_req *req)
{
	*req = (struct mnt_id_req) { .size = MNT_ID_REQ_SIZE_VER0, .mnt_id = (uint64_t)in->id };
	if (in->ns < 0)
		return 0;
	req->size = MNT_ID_REQ_SIZE_VER1;
	if (ioctl(in->ns, NS_GET_MNTNS_ID, &req->mnt_ns_id) < 0)
		return op_broken(ctx, "NS_GET_MNTNS_ID: %m");
	return 0;
}

struct statmount_out {
	int64_t parent, ns_id, peer_group, master, propagate_from;
	const char *root, *point, *fstype;
	bool has_ns_id;
};

static const struct field statmount_out_fields[] = {
	F_STR(struct statmount_out, root, REQUIRED,
	      "directory of the file system that is its root"),
	F_STR(struct statmount_out, point, REQUIRED, "mount point"),
	F_STR(struct statmount_out, fstype, REQUIRED, "file system type"),
	F_INT(struct statmount_out, parent, REQUIRED, 0, 0, "unique ID of the parent"),
	F_INT(struct statmount_out, peer_group, REQUIRED, 0, 0,
	      "number of the peer group, 0 when not shared"),
	F_INT(struct statmount_out, master, REQUIRED, 0, 0,
	      "number of the master's peer group, 0 when not a slave"),
	F_INT(struct statmount_out, propagate_from, REQUIRED, 0, 0,
	      "nearest dominating peer group under the caller's root"),
	F_INT(struct statmount_out, ns_id, REQUIRED, 0, 0, "64-bit ID of its mount namespace"),
	F_BOOL(struct statmount_out, has_ns_id, "the kernel reported ns_id"),
	F_END
};

static const char *text_at(struct op_ctx *ctx, const struct statmount *sm, uint64_t bit,
			   uint32_t offset)
{
	return sm->mask & bit ? pool_strdup(ctx->pool, sm->str + offset) : NULL;
}

static int statmount_run(struct op_ctx *ctx, const void *params, void *results)
{
	struct statmount_out *out = results;
	size_t room = 16384;
	struct statmount *sm = pool_alloc(ctx->pool, room);
	struct mnt_id_req req;

	if (make_request(ctx, params, &req))
		return OP_BROKEN;
	req.param = STATMOUNT_MNT_BASIC | STATMOUNT_PROPAGATE_FROM | STATMOUNT_MNT_ROOT |
		    STATMOUNT_MNT_POINT | STATMOUNT_FS_TYPE | STATMOUNT_MNT_NS_ID;
	if (syscall(SYS_statmount, &req, sm, room, 0) < 0)
		return -errno;
	out->root = text_at(ctx, sm, STATMOUNT_MNT_ROOT, sm->mnt_root);
	out->point = text_at(ctx, sm, STATMOUNT_MNT_POINT, sm->mnt_point);
	out->fstype = text_at(ctx, sm, STATMOUNT_FS_TYPE, sm->fs_type);
	out->parent = (int64_t)sm->mnt_parent_id;
	out->peer_group = (int64_t)sm->mnt_peer_group;
	out->master = (int64_t)sm->mnt_master;
	out->propagate_from = (int64_t)sm->propagate_from;
	out->has_ns_id = sm->mask & STATMOUNT_MNT_NS_ID;
	out->ns_id = out->has_ns_id ? (int64_t)sm->mnt_ns_id : 0;
	return 0;
}

struct listmount_out {
	struct ints ids;
	int64_t count;
};

static const struct field listmount_out_fields[] = {
	F_INTS(struct listmount_out, ids, REQUIRED, 0, 0, "unique IDs"),
	F_INT(struct listmount_out, count, REQUIRED, 0, 0, "number of mounts"),
	F_END
};

enum { LIST_MAX = 512 };

static int listmount_run(struct op_ctx *ctx, const void *params, void *results)
{
	struct listmount_out *out = results;
	int64_t *ids = pool_array(ctx->pool, int64_t, LIST_MAX);
	struct mnt_id_req req;

	if (make_request(ctx, params, &req))
		return OP_BROKEN;
	long n = syscall(SYS_listmount, &req, ids, LIST_MAX, 0);

	if (n < 0)
		return -errno;
	if (n == LIST_MAX)
		return op_broken(ctx, "more than %d mounts", LIST_MAX - 1);
	out->ids = (struct ints) { ids, (size_t)n };
	out->count = n;
	return 0;
}

const struct op mnt_stat_ops[] = {
	{
		.name = "mnt.id",
		.doc = "Read the unique ID of the mount that a file is reached through.",
		.source = "statx(2) STATX_MNT_ID_UNIQUE",
		OP_IN(id), OP_OUT(id),
		.touches = NSM_MNT,
		.run = id_run,
	},
	{
		.name = "mnt.statmount",
		.doc = "Describe a mount by its unique ID.",
		.source = "statmount(2)",
		.in = statmount_in_fields, .in_size = sizeof(struct query_in),
		OP_OUT(statmount),
		.touches = NSM_MNT,
		.run = statmount_run,
	},
	{
		.name = "mnt.listmount",
		.doc = "List the unique IDs of mounts.",
		.source = "listmount(2)",
		.in = listmount_in_fields, .in_size = sizeof(struct query_in),
		OP_OUT(listmount),
		.touches = NSM_MNT,
		.run = listmount_run,
	},
	{ 0 }
};
