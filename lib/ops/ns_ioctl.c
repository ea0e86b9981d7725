// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a namespace descriptor tells about its namespace: the ioctls of nsfs.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/vfs.h>

#include "ns.h"
#include "nsc/sys.h"
#include "proc.h"
#include "uapi/nsfs.h"

struct of_fd_in {
	int fd;
};

static const struct field of_fd_in_fields[] = {
	F_FD(struct of_fd_in, fd, REQUIRED, "namespace descriptor"),
	F_END
};

struct relative_out {
	int fd;
	bool cloexec, read_only;
};

static const struct field relative_out_fields[] = {
	F_FD(struct relative_out, fd, REQUIRED, "namespace descriptor"),
	F_BOOL(struct relative_out, cloexec, "whether it was close-on-exec when it was returned"),
	F_BOOL(struct relative_out, read_only, "whether it was open for reading only"),
	F_END
};

static int relative(struct op_ctx *ctx, int fd, unsigned long request, struct relative_out *out)
{
	out->fd = ioctl(fd, request, 0);
	if (out->fd < 0)
		return -errno;
	int fd_flags = fcntl(out->fd, F_GETFD), flags = fcntl(out->fd, F_GETFL);

	if (fd_flags < 0 || flags < 0)
		return op_broken(ctx, "fcntl: %m");
	out->cloexec = fd_flags & FD_CLOEXEC;
	out->read_only = (flags & O_ACCMODE) == O_RDONLY;
	return 0;
}

static int userns_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct of_fd_in *in = params;

	return relative(ctx, in->fd, NS_GET_USERNS, results);
}

static int parent_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct of_fd_in *in = params;

	return relative(ctx, in->fd, NS_GET_PARENT, results);
}

struct nstype_out {
	const char *type;
	int64_t flag;
};

static const struct field nstype_out_fields[] = {
	F_STR(struct nstype_out, type, REQUIRED,
	      "type by name, empty when it is none that is known"),
	F_INT(struct nstype_out, flag, REQUIRED, 0, 0, "CLONE_NEW* value"),
	F_END
};

static int nstype_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct of_fd_in *in = params;
	struct nstype_out *out = results;
	int flag = ioctl(in->fd, NS_GET_NSTYPE, 0);

	(void)ctx;
	if (flag < 0)
		return -errno;
	out->flag = flag;
	out->type = "";
	for (int ns = 0; ns < NS_COUNT; ns++)
		if (ns_kinds[ns].flag == (uint64_t)flag)
			out->type = ns_kinds[ns].name;
	return 0;
}

struct owner_in {
	int fd;
	bool bad;
};

static const struct field owner_in_fields[] = {
	F_FD(struct owner_in, fd, REQUIRED, "user namespace descriptor"),
	F_BOOL(struct owner_in, bad, "the result goes to a bad address"),
	F_END
};

struct owner_out {
	int64_t uid;
};

static const struct field owner_out_fields[] = {
	F_INT(struct owner_out, uid, REQUIRED, 0, 0,
	      "user id of the creator, in the caller's terms"),
	F_END
};

static int owner_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct owner_in *in = params;
	struct owner_out *out = results;
	uid_t uid = 0;

	(void)ctx;
	if (ioctl(in->fd, NS_GET_OWNER_UID, in->bad ? (void *)16 : &uid) < 0)
		return -errno;
	out->uid = uid;
	return 0;
}

struct number_out {
	int64_t id;
};

static const struct field number_out_fields[] = {
	F_INT(struct number_out, id, REQUIRED, 0, 0, "64-bit id"),
	F_END
};

static int number(int fd, unsigned long request, struct number_out *out)
{
	uint64_t id = 0;

	if (ioctl(fd, request, &id) < 0)
		return -errno;
	out->id = (int64_t)id;
	return 0;
}

static int number_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct of_fd_in *in = params;

	(void)ctx;
	return number(in->fd, NS_GET_ID, results);
}

static int mntns_number_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct of_fd_in *in = params;

	(void)ctx;
	return number(in->fd, NS_GET_MNTNS_ID, results);
}

static const struct symbol direction_symbols[] = {
	{ "pid_in", NS_GET_PID_IN_PIDNS, "number of a thread in the descriptor's namespace" },
	{ "tgid_in", NS_GET_TGID_IN_PIDNS, "number of its process in the descriptor's namespace" },
	{ "pid_from", NS_GET_PID_FROM_PIDNS, "number there to number of the thread here" },
	{ "tgid_from", NS_GET_TGID_FROM_PIDNS, "number there to number of the process here" },
	{ 0 }
};

struct translate_in {
	int fd;
	int64_t direction, pid;
	struct actor_ref actor;
};

static const struct field translate_in_fields[] = {
	F_FD(struct translate_in, fd, REQUIRED, "PID namespace descriptor"),
	F_ENUM(struct translate_in, direction, REQUIRED, direction_symbols, "which translation"),
	F_PID(struct translate_in, pid, "number to translate"),
	F_ACTOR(struct translate_in, actor, OPTIONAL, "whose number here to translate"),
	F_END
};

struct translate_out {
	int64_t pid;
};

static const struct field translate_out_fields[] = {
	F_INT(struct translate_out, pid, REQUIRED, 0, 0, "translated number"),
	F_END
};

static int translate_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct translate_in *in = params;
	struct translate_out *out = results;
	pid_t pid = 0;
	int rc = target_pid(ctx, &in->actor, in->pid, &pid);

	if (rc)
		return rc;
	int found = ioctl(in->fd, (unsigned long)in->direction, (unsigned long)pid);

	if (found < 0)
		return -errno;
	out->pid = found;
	return 0;
}

enum { INFO_SIZE = sizeof(struct uapi_mnt_ns_info), INFO_ROOM = 64 };

struct info_in {
	int fd;
	int64_t size;
	bool no_address;
};

static const struct field info_in_fields[] = {
	F_FD(struct info_in, fd, REQUIRED, "mount namespace descriptor"),
	F_INT_DEF(struct info_in, size, INFO_SIZE, 0, INFO_ROOM,
		  "size encoded in the request, in bytes"),
	F_BOOL(struct info_in, no_address, "no address for the result"),
	F_END
};

struct info_out {
	int64_t size, mounts, id;
};

static const struct field info_out_fields[] = {
	F_INT(struct info_out, size, REQUIRED, 0, 0,
	      "size of the structure that the kernel knows, in bytes"),
	F_INT(struct info_out, mounts, REQUIRED, 0, 0, "number of mounts"),
	F_INT(struct info_out, id, REQUIRED, 0, 0, "64-bit id of the mount namespace"),
	F_END
};

static int info_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct info_in *in = params;
	struct info_out *out = results;
	union {
		struct uapi_mnt_ns_info info;
		char room[INFO_ROOM];
	} got = { .room = { 0 } };
	unsigned long request = UAPI_MNT_NS_INFO(UAPI_NS_MNT_GET_INFO, (unsigned)in->size);

	(void)ctx;
	if (ioctl(in->fd, request, in->no_address ? NULL : &got) < 0)
		return -errno;
	out->size = got.info.size;
	out->mounts = got.info.nr_mounts;
	out->id = (int64_t)got.info.mnt_ns_id;
	return 0;
}

struct raw_in {
	int fd;
	int64_t magic, number, argument;
};

static const struct field raw_in_fields[] = {
	F_FD(struct raw_in, fd, REQUIRED, "any descriptor"),
	F_INT_DEF(struct raw_in, magic, NSIO, 0, 255,
		  "type byte of the request, 0xb7 is nsfs, 0xff pidfs"),
	F_INT(struct raw_in, number, REQUIRED, 0, 255,
	      "number of the request, without argument size"),
	F_INT(struct raw_in, argument, OPTIONAL, 0, INT64_MAX, "argument as it is"),
	F_END
};

static int raw_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct raw_in *in = params;
	unsigned long request = _IO((unsigned)in->magic, (unsigned)in->number);

	(void)ctx, (void)results;
	int rc = ioctl(in->fd, request, (unsigned long)in->argument);

	return rc < 0 ? -errno : 0;
}

struct magic_out {
	int64_t magic;
};

static const struct field magic_out_fields[] = {
	F_INT(struct magic_out, magic, REQUIRED, 0, 0,
	      "type of the file system, 0x6e736673 is nsfs"),
	F_END
};

static int magic_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct of_fd_in *in = params;
	struct magic_out *out = results;
	struct statfs fs;

	(void)ctx;
	if (fstatfs(in->fd, &fs) < 0)
		return -errno;
	out->magic = fs.f_type;
	return 0;
}

static int map_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct of_fd_in *in = params;
	void *at = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, in->fd, 0);

	(void)ctx, (void)results;
	if (at == MAP_FAILED)
		return -errno;
	munmap(at, 4096);
	return 0;
}

const struct op ns_ioctl_ops[] = {
	{
		.name = "ns.userns",
		.doc = "Open the user namespace that owns a namespace, NS_GET_USERNS.",
		.source = "ioctl_ns(2)",
		OP_IN(of_fd), OP_OUT(relative),
		.run = userns_run,
	},
	{
		.name = "ns.parent",
		.doc = "Open the parent of a PID or user namespace, NS_GET_PARENT.",
		.source = "ioctl_ns(2)",
		OP_IN(of_fd), OP_OUT(relative),
		.run = parent_run,
	},
	{
		.name = "ns.nstype",
		.doc = "Type of a namespace, NS_GET_NSTYPE.",
		.source = "ioctl_ns(2)",
		OP_IN(of_fd), OP_OUT(nstype),
		.run = nstype_run,
	},
	{
		.name = "ns.owner_uid",
		.doc = "User id of the creator of a user namespace, NS_GET_OWNER_UID.",
		.source = "ioctl_ns(2)",
		OP_IN(owner), OP_OUT(owner),
		.run = owner_run,
	},
	{
		.name = "ns.number",
		.doc = "64-bit id of a namespace, NS_GET_ID (Linux 6.18).",
		.source = "fs/nsfs.c",
		OP_IN(of_fd), OP_OUT(number),
		.run = number_run,
	},
	{
		.name = "ns.mntns_number",
		.doc = "64-bit id of a mount namespace, NS_GET_MNTNS_ID (Linux 6.11).",
		.source = "fs/nsfs.c",
		OP_IN(of_fd), OP_OUT(number),
		.run = mntns_number_run,
	},
	{
		.name = "ns.translate_pid",
		.doc = "Translate a number between two PID namespaces (Linux 6.11).",
		.source = "fs/nsfs.c",
		OP_IN(translate), OP_OUT(translate),
		.touches = NSM_PID,
		.run = translate_run,
	},
	{
		.name = "ns.mnt_info",
		.doc = "Size and id of a mount namespace, NS_MNT_GET_INFO (Linux 6.12).",
		.source = "fs/nsfs.c",
		OP_IN(info), OP_OUT(info),
		.run = info_run,
	},
	{
		.name = "ns.ioctl",
		.doc = "Any request without a structure; a descriptor in return is lost.",
		.source = "ioctl_ns(2)",
		OP_IN(raw),
		.run = raw_run,
	},
	{
		.name = "ns.magic",
		.doc = "Type of the file system that a descriptor belongs to.",
		.source = "statfs(2)",
		OP_IN(of_fd), OP_OUT(magic),
		.run = magic_run,
	},
	{
		.name = "ns.map",
		.doc = "Map a page of a descriptor into memory, and unmap it.",
		.source = "mmap(2)",
		OP_IN(of_fd),
		.run = map_run,
	},
	{ 0 }
};
