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
#include <unistd.h>

#include "../file.h"
#include "mnt.h"
#include "nsc/sys.h"
#include "nsc/syscall.h"
#include "uapi/mount.h"
#include "uapi/stat.h"

#ifndef NS_GET_MNTNS_ID /* since Linux 6.11 */
#define NS_GET_MNTNS_ID _IOR(0xb7, 5, uint64_t)
#endif

#define ID_IN(F, S) \
	F(S, FD, at, OPTIONAL, MNT_AT_DOC) \
	F(S, STR_DEF, path, "", "any file of the mount")
FIELDS(id_in, ID_IN);

#define ID_OUT(F, S) \
	F(S, INT, unique, REQUIRED, 0, 0, "64-bit mount ID, never used again") \
	F(S, BOOL, known, "the kernel reports it (since Linux 6.8)")
FIELDS(id_out, ID_OUT);

static int mnt_id_run(struct op_ctx *ctx, const struct id_in *in, struct id_out *out)
{
	struct statx st;

	if (statx(file_at(in->at), in->path, *in->path ? 0 : AT_EMPTY_PATH, STATX_MNT_ID_UNIQUE,
		  &st) < 0)
		return -errno;
	out->known = st.stx_mask & STATX_MNT_ID_UNIQUE;
	out->unique = out->known ? (int64_t)st.stx_mnt_id : 0;
	return 0;
}
OP(mnt_id, "mnt.id", id_in, id_out,
	.doc = "Read the unique ID of the mount that a file is reached through.",
	.source = "statx(2) STATX_MNT_ID_UNIQUE",
	.touches = NSM_MNT);

#define NS_IN(F, S) \
	F(S, FD, ns, OPTIONAL, "mount namespace; default the caller's own") \
	F(S, INT, ns_id, OPTIONAL, 0, 0, "instead: its 64-bit ID, or a number that is none")

#define STATMOUNT_IN(F, S) \
	F(S, INT, id, OPTIONAL, 0, 0, "unique mount ID") \
	F(S, FD, fd, OPTIONAL, "instead: descriptor of any file of the mount (Linux 7.0)") \
	NS_IN(F, S)
FIELDS(statmount_in, STATMOUNT_IN);

enum { LIST_MAX = 512 };

#define LISTMOUNT_IN(F, S) \
	F(S, INT_DEF, id, -1, 0, 0, "unique ID of the mount to look below; default the root") \
	F(S, INT, after, OPTIONAL, 0, 0, "unique ID behind which the list goes on, signed") \
	F(S, INT_DEF, room, LIST_MAX, 1, LIST_MAX, "how many IDs to ask for") \
	F(S, BOOL, reverse, "LISTMOUNT_REVERSE: from the last to the first (Linux 6.12)") \
	NS_IN(F, S)
FIELDS(listmount_in, LISTMOUNT_IN);

static int make_request(struct op_ctx *ctx, int64_t id, int ns, int64_t ns_id,
			struct uapi_mnt_id_req *req)
{
	*req = (struct uapi_mnt_id_req) { .size = MNT_ID_REQ_SIZE_VER0, .mnt_id = (uint64_t)id };
	if (ns_id) {
		req->size = MNT_ID_REQ_SIZE_VER1;
		req->mnt_ns_id = (uint64_t)ns_id;
	}
	if (ns < 0)
		return 0;
	req->size = MNT_ID_REQ_SIZE_VER1;
	if (ioctl(ns, NS_GET_MNTNS_ID, &req->mnt_ns_id) < 0)
		return op_broken(ctx, "NS_GET_MNTNS_ID: %m");
	return 0;
}

#define STATMOUNT_OUT(F, S) \
	F(S, STR, root, REQUIRED, "directory of the file system that is its root") \
	F(S, STR, point, REQUIRED, "mount point") \
	F(S, STR, fstype, REQUIRED, "file system type") \
	F(S, INT, parent, REQUIRED, 0, 0, "unique ID of the parent") \
	F(S, INT, peer_group, REQUIRED, 0, 0, "number of the peer group, 0 when not shared") \
	F(S, INT, master, REQUIRED, 0, 0, "number of the master's peer group, 0 when not a slave") \
	F(S, INT, propagate_from, REQUIRED, 0, 0, \
	  "nearest dominating peer group under the caller's root") \
	F(S, INT, ns_id, REQUIRED, 0, 0, "64-bit ID of its mount namespace") \
	F(S, BOOL, has_ns_id, "the kernel reported ns_id")
FIELDS(statmount_out, STATMOUNT_OUT);

static const char *text_at(struct op_ctx *ctx, const struct uapi_statmount *sm, uint64_t bit,
			   uint32_t offset)
{
	return sm->mask & bit ? pool_strdup(ctx->pool, sm->str + offset) : NULL;
}

static int mnt_statmount_run(struct op_ctx *ctx, const struct statmount_in *in,
			     struct statmount_out *out)
{
	size_t room = 16384;
	struct uapi_statmount *sm = pool_alloc(ctx->pool, room);
	struct uapi_mnt_id_req req;

	if (make_request(ctx, in->id, in->ns, in->ns_id, &req))
		return OP_BROKEN;
	req.param = STATMOUNT_MNT_BASIC | STATMOUNT_PROPAGATE_FROM | STATMOUNT_MNT_ROOT |
		    STATMOUNT_MNT_POINT | STATMOUNT_FS_TYPE | STATMOUNT_MNT_NS_ID;
	if (in->fd >= 0) {
		req.fd = (uint32_t)in->fd;
		req.size = MNT_ID_REQ_SIZE_VER1;
	}
	if (sys_call(SYS_statmount, &req, sm, room, in->fd >= 0 ? STATMOUNT_BY_FD : 0) < 0)
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
OP(mnt_statmount, "mnt.statmount", statmount_in, statmount_out,
	.doc = "Describe a mount by its unique ID, or by a descriptor.",
	.source = "statmount(2)",
	.touches = NSM_MNT);

#define LISTMOUNT_OUT(F, S) \
	F(S, INTS, ids, REQUIRED, 0, 0, "unique IDs") \
	F(S, TOTAL, count, "number of mounts")
FIELDS(listmount_out, LISTMOUNT_OUT);

static int mnt_listmount_run(struct op_ctx *ctx, const struct listmount_in *in,
			     struct listmount_out *out)
{
	int64_t *ids = pool_array(ctx->pool, int64_t, LIST_MAX);
	struct uapi_mnt_id_req req;

	if (make_request(ctx, in->id, in->ns, in->ns_id, &req))
		return OP_BROKEN;
	req.param = (uint64_t)in->after;
	long n = sys_call(SYS_listmount, &req, ids, (size_t)in->room,
			  in->reverse ? LISTMOUNT_REVERSE : 0);

	if (n < 0)
		return -errno;
	if (n == LIST_MAX)
		return op_broken(ctx, "more than %d mounts", LIST_MAX - 1);
	out->ids = (struct ints) { ids, (size_t)n };
	out->count = n;
	return 0;
}
OP(mnt_listmount, "mnt.listmount", listmount_in, listmount_out,
	.doc = "List the unique IDs of mounts.",
	.source = "listmount(2)",
	.touches = NSM_MNT);
