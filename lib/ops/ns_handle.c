// SPDX-License-Identifier: GPL-2.0-only
/*
 * File handles of namespaces (Linux 6.18) and the list of namespaces (Linux 6.19).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "ns.h"
#include "nsc/place.h"
#include "nsc/sys.h"
#include "uapi/nsfs.h"

enum { HANDLE_SIZE = sizeof(struct uapi_nsfs_handle), HANDLE_ROOM = 128 };

union handle {
	struct file_handle head;
	char room[sizeof(struct file_handle) + HANDLE_ROOM];
};

struct handle_in {
	int fd;
	int64_t size;
};

static const struct field handle_in_fields[] = {
	F_FD(struct handle_in, fd, REQUIRED, "namespace descriptor"),
	F_INT_DEF(struct handle_in, size, HANDLE_SIZE, 0, HANDLE_ROOM,
		  "room for the handle in bytes"),
	F_END
};

struct handle_out {
	int64_t size, handle_type, id, ns_type, ino;
};

static const struct field handle_out_fields[] = {
	F_INT(struct handle_out, size, REQUIRED, 0, 0, "size of the handle in bytes"),
	F_INT(struct handle_out, handle_type, REQUIRED, 0, 0, "type of the handle; 0xf1 is nsfs"),
	F_INT(struct handle_out, id, REQUIRED, 0, 0, "64-bit id in it"),
	F_INT(struct handle_out, ns_type, REQUIRED, 0, 0, "CLONE_NEW* value in it"),
	F_INT(struct handle_out, ino, REQUIRED, 0, 0, "inode number in it"),
	F_END
};

static int handle_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct handle_in *in = params;
	struct handle_out *out = results;
	struct uapi_nsfs_handle body;
	union handle handle = { .room = { 0 } };
	int mount_id;

	(void)ctx;
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

struct room_out {
	int64_t size;
	bool overflow;
};

static const struct field room_out_fields[] = {
	F_INT(struct room_out, size, REQUIRED, 0, 0, "room in bytes that the kernel asks for"),
	F_BOOL(struct room_out, overflow,
	       "whether a request without room was refused with EOVERFLOW"),
	F_END
};

static int room_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct handle_in *in = params;
	struct room_out *out = results;
	union handle handle = { .room = { 0 } };
	int mount_id;

	(void)ctx;
	handle.head.handle_bytes = (unsigned)in->size;
	out->overflow = name_to_handle_at(in->fd, "", &handle.head, &mount_id, AT_EMPTY_PATH) < 0;
	if (out->overflow && errno != EOVERFLOW)
		return -errno;
	out->size = handle.head.handle_bytes;
	return 0;
}

static const struct symbol access_symbols[] = {
	{ "read", O_RDONLY, "O_RDONLY" },
	{ "both", O_RDWR, "O_RDWR" },
	{ 0 }
};

struct open_in {
	int64_t id, ns_type, ino, handle_type, size, access;
};

static const struct field open_in_fields[] = {
	F_INT(struct open_in, id, REQUIRED, 0, 0, "64-bit id"),
	F_INT(struct open_in, ns_type, OPTIONAL, 0, UINT32_MAX, "CLONE_NEW* value"),
	F_INT(struct open_in, ino, OPTIONAL, 0, UINT32_MAX, "inode number"),
	F_INT_DEF(struct open_in, handle_type, FILEID_NSFS, 0, INT_MAX, "type of the handle"),
	F_INT_DEF(struct open_in, size, HANDLE_SIZE, 0, HANDLE_ROOM, "size of the handle in bytes"),
	F_ENUM_DEF(struct open_in, access, O_RDONLY, access_symbols, "how to open it"),
	F_END
};

struct open_out {
	int fd;
};

static const struct field open_out_fields[] = {
	F_FD(struct open_out, fd, REQUIRED, "namespace descriptor"),
	F_END
};

static int open_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct open_in *in = params;
	struct open_out *out = results;
	struct uapi_nsfs_handle body = { .ns_id = (uint64_t)in->id,
					 .ns_type = (uint32_t)in->ns_type,
					 .ns_inum = (uint32_t)in->ino };
	union handle handle = { .room = { 0 } };

	(void)ctx;
	handle.head.handle_bytes = (unsigned)in->size;
	handle.head.handle_type = (int)in->handle_type;
	memcpy(handle.head.f_handle, &body, sizeof(body));
	out->fd = open_by_handle_at(FD_NSFS_ROOT, &handle.head, (int)in->access | O_CLOEXEC);
	return out->fd < 0 ? -errno : 0;
}

enum { LIST_ROOM = 4096, LIST_SIZE = 1 << 17 };

struct list_in {
	uint64_t types;
	int64_t owner, after, room, flags, size, spare;
	bool bad;
};

static const struct field list_in_fields[] = {
	F_FLAGS(struct list_in, types, OPTIONAL, ns_symbols, "types to list; none is all"),
	F_INT(struct list_in, owner, OPTIONAL, 0, 0,
	      "64-bit id of the owning user namespace; -1 the caller's"),
	F_INT(struct list_in, after, OPTIONAL, 0, 0, "64-bit id behind which to begin"),
	F_INT_DEF(struct list_in, room, LIST_ROOM, 0, INT64_MAX, "how many ids to ask for"),
	F_INT(struct list_in, flags, OPTIONAL, 0, UINT32_MAX, "flags of the call, which must be 0"),
	F_INT_DEF(struct list_in, size, sizeof(struct uapi_ns_id_req), 0, LIST_SIZE,
		  "size of the request in bytes"),
	F_INT(struct list_in, spare, OPTIONAL, 0, UINT32_MAX, "spare members, which must be 0"),
	F_BOOL(struct list_in, bad, "the result goes to a bad address"),
	F_END
};

struct list_out {
	struct ints ids;
	int64_t count;
};

static const struct field list_out_fields[] = {
	F_INTS(struct list_out, ids, REQUIRED, 0, 0, "64-bit ids in the kernel's order"),
	F_INT(struct list_out, count, REQUIRED, 0, 0, "how many they are"),
	F_END
};

static int list_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct list_in *in = params;
	struct list_out *out = results;
	struct uapi_ns_id_req *req = pool_alloc(ctx->pool, LIST_SIZE);

	*req = (struct uapi_ns_id_req){ .size = (uint32_t)in->size, .spare = (uint32_t)in->spare,
					.ns_id = (uint64_t)in->after,
					.ns_type = (uint32_t)ns_request(in->types, 0),
					.user_ns_id = (uint64_t)in->owner };
	out->ids.v = pool_array(ctx->pool, int64_t, LIST_ROOM);
	void *to = in->bad || in->room > LIST_ROOM ? (void *)16 : (void *)out->ids.v;
	long n = syscall(SYS_listns, req, to, (size_t)in->room, (unsigned)in->flags);

	if (n < 0)
		return -errno;
	out->ids.n = (size_t)n;
	out->count = n;
	return 0;
}

const struct op ns_handle_ops[] = {
	{
		.name = "ns.handle",
		.doc = "File handle of a namespace (Linux 6.18).",
		.source = "open_by_handle_at(2)",
		.config = "FHANDLE",
		OP_IN(handle), OP_OUT(handle),
		.run = handle_run,
	},
	{
		.name = "ns.handle_room",
		.doc = "How much room the file handle of a namespace needs.",
		.source = "open_by_handle_at(2)",
		.config = "FHANDLE",
		OP_IN(handle), OP_OUT(room),
		.run = room_run,
	},
	{
		.name = "ns.open_handle",
		.doc = "Open a namespace by its file handle (Linux 6.18).",
		.source = "open_by_handle_at(2)",
		.config = "FHANDLE",
		OP_IN(open), OP_OUT(open),
		.run = open_run,
	},
	{
		.name = "ns.list",
		.doc = "List namespaces (Linux 6.19).",
		.source = "kernel/nstree.c",
		OP_IN(list), OP_OUT(list),
		.run = list_run,
	},
	{ 0 }
};
