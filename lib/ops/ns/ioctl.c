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

#include "../ns.h"
#include "../proc.h"
#include "nsc/sys.h"
#include "uapi/nsfs.h"

#define OF_FD_IN(F, S) \
	F(S, FD, fd, REQUIRED, "namespace descriptor")
FIELDS(of_fd_in, OF_FD_IN);

#define RELATIVE_OUT(F, S) \
	F(S, FD, fd, REQUIRED, "namespace descriptor") \
	F(S, BOOL, cloexec, "whether it was close-on-exec when it was returned") \
	F(S, BOOL, read_only, "whether it was open for reading only")
FIELDS(relative_out, RELATIVE_OUT);

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

static int ns_userns_run(struct op_ctx *ctx, const struct of_fd_in *in, struct relative_out *out)
{
	return relative(ctx, in->fd, NS_GET_USERNS, out);
}
OP(ns_userns, "ns.userns", of_fd_in, relative_out,
	.doc = "Open the user namespace that owns a namespace, NS_GET_USERNS.",
	.source = "ioctl_ns(2)");

static int ns_parent_run(struct op_ctx *ctx, const struct of_fd_in *in, struct relative_out *out)
{
	return relative(ctx, in->fd, NS_GET_PARENT, out);
}
OP(ns_parent, "ns.parent", of_fd_in, relative_out,
	.doc = "Open the parent of a PID or user namespace, NS_GET_PARENT.",
	.source = "ioctl_ns(2)");

#define NSTYPE_OUT(F, S) \
	F(S, STR, type, REQUIRED, "type by name, empty when it is none that is known") \
	F(S, INT, flag, REQUIRED, 0, 0, "CLONE_NEW* value")
FIELDS(nstype_out, NSTYPE_OUT);

static int ns_nstype_run(struct op_ctx *ctx, const struct of_fd_in *in, struct nstype_out *out)
{
	int flag = ioctl(in->fd, NS_GET_NSTYPE, 0);

	if (flag < 0)
		return -errno;
	out->flag = flag;
	out->type = "";
	for (int ns = 0; ns < NS_COUNT; ns++)
		if (ns_kinds[ns].flag == (uint64_t)flag)
			out->type = ns_kinds[ns].name;
	return 0;
}
OP(ns_nstype, "ns.nstype", of_fd_in, nstype_out,
	.doc = "Type of a namespace, NS_GET_NSTYPE.",
	.source = "ioctl_ns(2)");

#define OWNER_IN(F, S) \
	F(S, FD, fd, REQUIRED, "user namespace descriptor") \
	F(S, BOOL, bad, "the result goes to a bad address")
FIELDS(owner_in, OWNER_IN);

#define OWNER_OUT(F, S) \
	F(S, INT, uid, REQUIRED, 0, 0, "user id of the creator, in the caller's terms")
FIELDS(owner_out, OWNER_OUT);

static int ns_owner_uid_run(struct op_ctx *ctx, const struct owner_in *in, struct owner_out *out)
{
	uid_t uid = 0;

	if (ioctl(in->fd, NS_GET_OWNER_UID, in->bad ? (void *)16 : &uid) < 0)
		return -errno;
	out->uid = uid;
	return 0;
}
OP(ns_owner_uid, "ns.owner_uid", owner_in, owner_out,
	.doc = "User id of the creator of a user namespace, NS_GET_OWNER_UID.",
	.source = "ioctl_ns(2)");

#define NUMBER_OUT(F, S) \
	F(S, INT, id, REQUIRED, 0, 0, "64-bit id")
FIELDS(number_out, NUMBER_OUT);

static int number(int fd, unsigned long request, struct number_out *out)
{
	uint64_t id = 0;

	if (ioctl(fd, request, &id) < 0)
		return -errno;
	out->id = (int64_t)id;
	return 0;
}

static int ns_number_run(struct op_ctx *ctx, const struct of_fd_in *in, struct number_out *out)
{
	return number(in->fd, NS_GET_ID, out);
}
OP(ns_number, "ns.number", of_fd_in, number_out,
	.doc = "64-bit id of a namespace, NS_GET_ID (Linux 6.18).",
	.source = "fs/nsfs.c");

static int ns_mntns_number_run(struct op_ctx *ctx, const struct of_fd_in *in,
			       struct number_out *out)
{
	return number(in->fd, NS_GET_MNTNS_ID, out);
}
OP(ns_mntns_number, "ns.mntns_number", of_fd_in, number_out,
	.doc = "64-bit id of a mount namespace, NS_GET_MNTNS_ID (Linux 6.11).",
	.source = "fs/nsfs.c");

static const struct symbol direction_symbols[] = {
	{ "pid_in", NS_GET_PID_IN_PIDNS, "number of a thread in the descriptor's namespace" },
	{ "tgid_in", NS_GET_TGID_IN_PIDNS, "number of its process in the descriptor's namespace" },
	{ "pid_from", NS_GET_PID_FROM_PIDNS, "number there to number of the thread here" },
	{ "tgid_from", NS_GET_TGID_FROM_PIDNS, "number there to number of the process here" },
	{ 0 }
};

#define TRANSLATE_IN(F, S) \
	F(S, FD, fd, REQUIRED, "PID namespace descriptor") \
	F(S, ENUM, direction, REQUIRED, direction_symbols, "which translation") \
	F(S, PID, pid, "number to translate") \
	F(S, ACTOR, actor, OPTIONAL, "whose number here to translate")
FIELDS(translate_in, TRANSLATE_IN);

#define TRANSLATE_OUT(F, S) \
	F(S, INT, pid, REQUIRED, 0, 0, "translated number")
FIELDS(translate_out, TRANSLATE_OUT);

static int ns_translate_pid_run(struct op_ctx *ctx, const struct translate_in *in,
				struct translate_out *out)
{
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
OP(ns_translate_pid, "ns.translate_pid", translate_in, translate_out,
	.doc = "Translate a number between two PID namespaces (Linux 6.11).",
	.source = "fs/nsfs.c",
	.touches = NSM_PID);

enum { INFO_SIZE = sizeof(struct uapi_mnt_ns_info), INFO_ROOM = 64 };

static const struct symbol which_symbols[] = {
	{ "this", UAPI_NS_MNT_GET_INFO, "NS_MNT_GET_INFO: this one" },
	{ "next", UAPI_NS_MNT_GET_NEXT, "NS_MNT_GET_NEXT: the one with the next id" },
	{ "previous", UAPI_NS_MNT_GET_PREV, "NS_MNT_GET_PREV: the one with the id before" },
	{ 0 }
};

#define INFO_IN(F, S) \
	F(S, FD, fd, REQUIRED, "mount namespace descriptor") \
	F(S, ENUM_DEF, which, UAPI_NS_MNT_GET_INFO, which_symbols, "what is asked for") \
	F(S, INT_DEF, size, INFO_SIZE, 0, INFO_ROOM, "size encoded in the request, in bytes") \
	F(S, BOOL, no_address, "no address for the result")
FIELDS(info_in, INFO_IN);

#define INFO_OUT(F, S) \
	F(S, INT, size, REQUIRED, 0, 0, "size of the structure that the kernel knows, in bytes") \
	F(S, INT, mounts, REQUIRED, 0, 0, "number of mounts") \
	F(S, INT, id, REQUIRED, 0, 0, "64-bit id of the mount namespace") \
	F(S, FD, fd, OPTIONAL, "the next or previous mount namespace")
FIELDS(info_out, INFO_OUT);

static int ns_mnt_info_run(struct op_ctx *ctx, const struct info_in *in, struct info_out *out)
{
	union {
		struct uapi_mnt_ns_info info;
		char room[INFO_ROOM];
	} got = { .room = { 0 } };
	unsigned long request = UAPI_MNT_NS_INFO((unsigned)in->which, (unsigned)in->size);
	int rc = ioctl(in->fd, request, in->no_address ? NULL : &got);

	out->fd = -1;
	if (rc < 0)
		return -errno;
	if (in->which != UAPI_NS_MNT_GET_INFO)
		out->fd = rc;
	out->size = got.info.size;
	out->mounts = got.info.nr_mounts;
	out->id = (int64_t)got.info.mnt_ns_id;
	return 0;
}
OP(ns_mnt_info, "ns.mnt_info", info_in, info_out,
	.doc = "Size and id of a mount namespace, or of its neighbours in the order of ids (Linux 6.12).",
	.source = "fs/nsfs.c");

#define RAW_IN(F, S) \
	F(S, FD, fd, REQUIRED, "any descriptor") \
	F(S, INT_DEF, magic, NSIO, 0, 255, "type byte of the request, 0xb7 is nsfs, 0xff pidfs") \
	F(S, INT, number, REQUIRED, 0, 255, "number of the request, without argument size") \
	F(S, INT, argument, OPTIONAL, 0, INT64_MAX, "argument as it is")
FIELDS(raw_in, RAW_IN);

static int ns_ioctl_run(struct op_ctx *ctx, const struct raw_in *in, struct none *out)
{
	unsigned long request = _IO((unsigned)in->magic, (unsigned)in->number);

	int rc = ioctl(in->fd, request, (unsigned long)in->argument);

	return rc < 0 ? -errno : 0;
}
OP(ns_ioctl, "ns.ioctl", raw_in, none,
	.doc = "Any request without a structure; a descriptor in return is lost.",
	.source = "ioctl_ns(2)",
	.unseen = "that the kernel knows the request is all that it asks");

#define MAGIC_OUT(F, S) \
	F(S, INT, magic, REQUIRED, 0, 0, "type of the file system, 0x6e736673 is nsfs")
FIELDS(magic_out, MAGIC_OUT);

static int ns_magic_run(struct op_ctx *ctx, const struct of_fd_in *in, struct magic_out *out)
{
	struct statfs fs;

	if (fstatfs(in->fd, &fs) < 0)
		return -errno;
	out->magic = (uint32_t)fs.f_type;
	return 0;
}
OP(ns_magic, "ns.magic", of_fd_in, magic_out,
	.doc = "Type of the file system that a descriptor belongs to.",
	.source = "statfs(2)");

static int ns_map_run(struct op_ctx *ctx, const struct of_fd_in *in, struct none *out)
{
	void *at = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, in->fd, 0);

	if (at == MAP_FAILED)
		return -errno;
	munmap(at, 4096);
	return 0;
}
OP(ns_map, "ns.map", of_fd_in, none,
	.doc = "Map a page of a descriptor into memory, and unmap it.",
	.source = "mmap(2)",
	.unseen = "that it is allowed is all that it asks");
