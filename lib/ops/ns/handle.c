// SPDX-License-Identifier: GPL-2.0-only
/*
 * File handles of namespaces (Linux 6.18) and the list of namespaces (Linux 6.19).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "../ns.h"
#include "nsc/place.h"
#include "nsc/sys.h"
#include "nsc/syscall.h"
#include "uapi/nsfs.h"

enum { HANDLE_SIZE = sizeof(struct uapi_nsfs_handle), HANDLE_ROOM = 128 };

union handle {
	struct file_handle head;
	char room[sizeof(struct file_handle) + HANDLE_ROOM];
};

#define HANDLE_IN(F, S) \
	F(S, FD, fd, REQUIRED, "namespace descriptor") \
	F(S, INT_DEF, size, HANDLE_SIZE, 0, HANDLE_ROOM, "room for the handle in bytes")
FIELDS(handle_in, HANDLE_IN);

#define HANDLE_OUT(F, S) \
	F(S, INT, size, REQUIRED, 0, 0, "size of the handle in bytes") \
	F(S, INT, handle_type, REQUIRED, 0, 0, "type of the handle; 0xf1 is nsfs") \
	F(S, INT, id, REQUIRED, 0, 0, "64-bit id in it") \
	F(S, INT, ns_type, REQUIRED, 0, 0, "CLONE_NEW* value in it") \
	F(S, INT, ino, REQUIRED, 0, 0, "inode number in it")
FIELDS(handle_out, HANDLE_OUT);

static int ns_handle_run(struct op_ctx *ctx, const struct handle_in *in, struct handle_out *out)
{
	struct uapi_nsfs_handle body;
	union handle handle = { .room = { 0 } };
	int mount_id;

	handle.head.handle_bytes = (unsigned)in->size;
	if (name_to_handle_at(in->fd, "", &handle.head, &mount_id, AT_EMPTY_PATH) < 0)
		return -errno;
	memcpy(&body, handle.head.f_handle, sizeof(body));
	out->size = handle.head.handle_bytes;
	out->handle_type = handle.head.handle_type;
	out->id = (int64_t)body.ns_id;
	out->ns_type = body.ns_type;
	out->ino = body.ns_inum;
	return 0;
}
OP(ns_handle, "ns.handle", handle_in, handle_out,
	.doc = "File handle of a namespace (Linux 6.18).",
	.source = "open_by_handle_at(2)", .config = "FHANDLE");

#define ROOM_OUT(F, S) \
	F(S, INT, size, REQUIRED, 0, 0, "room in bytes that the kernel asks for") \
	F(S, BOOL, overflow, "whether a request without room was refused with EOVERFLOW")
FIELDS(room_out, ROOM_OUT);

static int ns_handle_room_run(struct op_ctx *ctx, const struct handle_in *in, struct room_out *out)
{
	union handle handle = { .room = { 0 } };
	int mount_id;

	handle.head.handle_bytes = (unsigned)in->size;
	out->overflow = name_to_handle_at(in->fd, "", &handle.head, &mount_id, AT_EMPTY_PATH) < 0;
	if (out->overflow && errno != EOVERFLOW)
		return -errno;
	out->size = handle.head.handle_bytes;
	return 0;
}
OP(ns_handle_room, "ns.handle_room", handle_in, room_out,
	.doc = "How much room the file handle of a namespace needs.",
	.source = "open_by_handle_at(2)", .config = "FHANDLE");

static const struct symbol access_symbols[] = {
	{ "read", O_RDONLY, "O_RDONLY" },
	{ "both", O_RDWR, "O_RDWR" },
	{ 0 }
};

#define OPEN_IN(F, S) \
	F(S, INT, id, REQUIRED, 0, 0, "64-bit id") \
	F(S, INT, ns_type, OPTIONAL, 0, UINT32_MAX, "CLONE_NEW* value") \
	F(S, INT, ino, OPTIONAL, 0, UINT32_MAX, "inode number") \
	F(S, INT_DEF, handle_type, FILEID_NSFS, 0, INT_MAX, "type of the handle") \
	F(S, INT_DEF, size, HANDLE_SIZE, 0, HANDLE_ROOM, "size of the handle in bytes") \
	F(S, ENUM_DEF, access, O_RDONLY, access_symbols, "how to open it")
FIELDS(open_in, OPEN_IN);

#define OPEN_OUT(F, S) \
	F(S, FD, fd, REQUIRED, "namespace descriptor")
FIELDS(open_out, OPEN_OUT);

static int ns_open_handle_run(struct op_ctx *ctx, const struct open_in *in, struct open_out *out)
{
	struct uapi_nsfs_handle body = { .ns_id = (uint64_t)in->id,
					 .ns_type = (uint32_t)in->ns_type,
					 .ns_inum = (uint32_t)in->ino };
	union handle handle = { .room = { 0 } };

	handle.head.handle_bytes = (unsigned)in->size;
	handle.head.handle_type = (int)in->handle_type;
	memcpy(handle.head.f_handle, &body, sizeof(body));
	out->fd = open_by_handle_at(FD_NSFS_ROOT, &handle.head, (int)in->access | O_CLOEXEC);
	return out->fd < 0 ? -errno : 0;
}
OP(ns_open_handle, "ns.open_handle", open_in, open_out,
	.doc = "Open a namespace by its file handle (Linux 6.18).",
	.source = "open_by_handle_at(2)", .config = "FHANDLE");

enum { LIST_ROOM = 4096, LIST_SIZE = 1 << 17 };

#define LIST_IN(F, S) \
	F(S, FLAGS, types, OPTIONAL, ns_symbols, "types to list; none is all") \
	F(S, INT, owner, OPTIONAL, 0, 0, \
	  "64-bit id of the owning user namespace; -1 the caller's") \
	F(S, INT, after, OPTIONAL, 0, 0, "64-bit id behind which to begin") \
	F(S, INT_DEF, room, LIST_ROOM, 0, INT64_MAX, "how many ids to ask for") \
	F(S, BOOL, whole, "ask again, behind the last id, until there are no more") \
	F(S, INT, flags, OPTIONAL, 0, UINT32_MAX, "flags of the call, which must be 0") \
	F(S, INT_DEF, size, sizeof(struct uapi_ns_id_req), 0, LIST_SIZE, \
	  "size of the request in bytes") \
	F(S, INT, spare, OPTIONAL, 0, UINT32_MAX, "spare members, which must be 0") \
	F(S, BOOL, bad, "the result goes to a bad address")
FIELDS(list_in, LIST_IN);

#define LIST_OUT(F, S) \
	F(S, INTS, ids, REQUIRED, 0, 0, "64-bit ids in the kernel's order") \
	F(S, TOTAL, count, "how many they are")
FIELDS(list_out, LIST_OUT);

/* Add what the call answers to the ids; their number, or -errno. */
static long list_once(const struct list_in *in, const struct uapi_ns_id_req *req,
		      struct list_out *out)
{
	void *to = in->bad || in->room > LIST_ROOM ? (void *)16 : (void *)(out->ids.v + out->ids.n);
	long n = sys_call(SYS_listns, req, to, (size_t)in->room, (unsigned)in->flags);

	if (n < 0)
		return -errno;
	out->ids.n += (size_t)n;
	return n;
}

static int ns_list_run(struct op_ctx *ctx, const struct list_in *in, struct list_out *out)
{
	struct uapi_ns_id_req *req = pool_alloc(ctx->pool, LIST_SIZE);

	out->ids.v = pool_array(ctx->pool, int64_t, LIST_ROOM);
	*req = (struct uapi_ns_id_req){ .size = (uint32_t)in->size, .spare = (uint32_t)in->spare,
					.ns_id = (uint64_t)in->after,
					.ns_type = (uint32_t)ns_request(in->types, 0),
					.user_ns_id = (uint64_t)in->owner };
	long n = list_once(in, req, out);

	while (n > 0 && in->whole && out->ids.n + (size_t)in->room <= LIST_ROOM) {
		req->ns_id = (uint64_t)out->ids.v[out->ids.n - 1];
		n = list_once(in, req, out);
	}
	/* An id behind which there is none is ENOENT. */
	if (n < 0 && !(out->ids.n && n == -ENOENT))
		return (int)n;
	out->count = (int64_t)out->ids.n;
	return 0;
}
OP(ns_list, "ns.list", list_in, list_out,
	.doc = "List namespaces (Linux 6.19).",
	.source = "kernel/nstree.c");
