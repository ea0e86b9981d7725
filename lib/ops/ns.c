// SPDX-License-Identifier: GPL-2.0-only
/*
 * Namespaces by their links: identity and descriptors.  The calls that change membership:
 * lib/ops/ns_move.c; creation of a child: lib/ops/ns_clone.c.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "ns.h"
#include "nsc/place.h"
#include "nsc/sys.h"
#include "proc.h"
#include "uapi/sched.h"

const struct symbol ns_type_symbols[] = {
	{ "user", NS_USER, "user namespace" },
	{ "mnt", NS_MNT, "mount namespace" },
	{ "pid", NS_PID, "PID namespace" },
	{ "net", NS_NET, "network namespace" },
	{ "ipc", NS_IPC, "IPC namespace" },
	{ "uts", NS_UTS, "UTS namespace" },
	{ "cgroup", NS_CGROUP, "cgroup namespace" },
	{ "time", NS_TIME, "time namespace" },
	{ 0 }
};

#define FLAG(name) { #name, CLONE_##name, 0 }
const struct symbol clone_symbols[] = {
	FLAG(NEWNS), FLAG(NEWCGROUP), FLAG(NEWUTS), FLAG(NEWIPC), FLAG(NEWUSER), FLAG(NEWPID),
	FLAG(NEWNET), FLAG(NEWTIME), FLAG(VM), FLAG(FS), FLAG(FILES), FLAG(SIGHAND), FLAG(PIDFD),
	FLAG(PTRACE), FLAG(VFORK), FLAG(PARENT), FLAG(THREAD), FLAG(SYSVSEM), FLAG(SETTLS),
	FLAG(PARENT_SETTID), FLAG(CHILD_CLEARTID), FLAG(DETACHED), FLAG(UNTRACED),
	FLAG(CHILD_SETTID), FLAG(IO), FLAG(CLEAR_SIGHAND), FLAG(INTO_CGROUP), FLAG(AUTOREAP),
	FLAG(NNP), FLAG(PIDFD_AUTOKILL), FLAG(EMPTY_MNTNS),
	{ "UNSHARE_EMPTY_MNTNS", UNSHARE_EMPTY_MNTNS, "unshare(2) only" },
	{ 0 }
};

uint64_t ns_request(uint64_t types, uint64_t flags)
{
	return ns_flags((unsigned)types) | flags;
}

static const struct actor_ref nobody = { -1, -1 };

/* The name of a link in a process's directory into *NAME; 0, or broken. */
static int link_name(struct op_ctx *ctx, int64_t type, bool children, const char **name)
{
	const char *link = children ? ns_kinds[type].children : ns_kinds[type].name;

	if (!link)
		return op_broken(ctx, "%s has no link for children", ns_kinds[type].name);
	*name = pool_printf(ctx->pool, "ns/%s", link);
	return 0;
}

/* The caller's own directory: the thread's, or its leader's. */
static int own_dir(struct op_ctx *ctx, bool leader)
{
	return target_dir(ctx, &nobody, PID_NOT_GIVEN, leader ? "/proc/self" : "/proc/thread-self");
}

/* A link that is refused counts only if the directory that should hold it is there. */
static int link_refused(struct op_ctx *ctx, int dir, int error)
{
	struct stat st;

	if (error == ENOENT && fstatat(dir, "ns", &st, 0) < 0)
		return op_broken(ctx, "stat the directory ns: %m");
	return -error;
}

struct id_out {
	const char *id, *text;
	int64_t dev, ino;
};

static const struct field id_out_fields[] = {
	F_STR(struct id_out, id, REQUIRED,
	      "device and inode, which make the identity: MAJOR:MINOR:INODE"),
	F_STR(struct id_out, text, REQUIRED, "text of the link: TYPE:[INODE]"),
	F_INT(struct id_out, dev, REQUIRED, 0, 0, "device number of nsfs"),
	F_INT(struct id_out, ino, REQUIRED, 0, 0, "inode number"),
	F_END
};

static int id_read(struct op_ctx *ctx, int dir, const char *name, struct id_out *out)
{
	struct stat st;
	char text[256];
	ssize_t len = readlinkat(dir, name, text, sizeof(text));

	if (len < 0 || fstatat(dir, name, &st, 0) < 0)
		return link_refused(ctx, dir, errno);
	out->text = pool_strndup(ctx->pool, text, (size_t)len);
	out->id = pool_printf(ctx->pool, "%u:%u:%llu", major(st.st_dev), minor(st.st_dev),
			      (unsigned long long)st.st_ino);
	out->dev = (int64_t)st.st_dev;
	out->ino = (int64_t)st.st_ino;
	return 0;
}

enum { TYPE_NONE = -1 };

struct id_in {
	int64_t type;
	int fd;
	bool children, leader;
};

static const struct field id_in_fields[] = {
	F_ENUM_DEF(struct id_in, type, TYPE_NONE, ns_type_symbols,
		   "which of the caller's namespaces"),
	F_FD(struct id_in, fd, OPTIONAL, "instead of `type`: namespace descriptor"),
	F_BOOL(struct id_in, children, "the namespace that future children get; pid and time only"),
	F_BOOL(struct id_in, leader, "that of the thread group leader, if the caller is a thread"),
	F_END
};

static int id_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct id_in *in = params;
	const char *name = NULL;
	int rc = 0;

	if (in->fd >= 0)
		name = pool_printf(ctx->pool, "fd/%d", in->fd);
	else if (in->type == TYPE_NONE)
		return op_broken(ctx, "neither `type` nor `fd` is given");
	else
		rc = link_name(ctx, in->type, in->children, &name);
	if (rc)
		return rc;
	AUTO_FD dir = own_dir(ctx, in->leader);

	return dir < 0 ? dir : id_read(ctx, dir, name, results);
}

struct id_of_in {
	struct actor_ref actor;
	int64_t pid, type;
	bool children;
};

static const struct field id_of_in_fields[] = {
	F_ACTOR(struct id_of_in, actor, OPTIONAL, "whose namespace"),
	F_PID(struct id_of_in, pid, "whose namespace, by number of a process or thread"),
	F_ENUM(struct id_of_in, type, REQUIRED, ns_type_symbols, "which namespace"),
	F_BOOL(struct id_of_in, children, "the namespace that its future children get"),
	F_END
};

static int id_of_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct id_of_in *in = params;
	const char *name;
	AUTO_FD dir = target_dir(ctx, &in->actor, in->pid, NULL);

	if (dir < 0 || link_name(ctx, in->type, in->children, &name))
		return OP_BROKEN;
	return id_read(ctx, dir, name, results);
}

struct links_list_in {
	bool leader;
};

static const struct field links_list_in_fields[] = {
	F_BOOL(struct links_list_in, leader,
	       "of the thread group leader, if the caller is a thread"),
	F_END
};

struct links_list_out {
	struct strs names;
};

static const struct field links_list_out_fields[] = {
	F_STRS(struct links_list_out, names, REQUIRED, "names of the links, sorted"),
	F_END
};

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int links_list_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct links_list_in *in = params;
	struct links_list_out *out = results;
	const char **names = pool_array(ctx->pool, const char *, 64);
	const char *path = in->leader ? "/proc/self/ns" : "/proc/thread-self/ns";
	DIR *dir = opendir(path);

	if (!dir)
		return op_broken(ctx, "opendir %s: %m", path);
	for (struct dirent *e = readdir(dir); e && out->names.n < 64; e = readdir(dir))
		if (e->d_name[0] != '.')
			names[out->names.n++] = pool_strdup(ctx->pool, e->d_name);
	closedir(dir);
	qsort(names, out->names.n, sizeof(*names), by_name);
	out->names.v = names;
	return 0;
}

static const struct symbol access_symbols[] = {
	{ "read", O_RDONLY, "O_RDONLY" },
	{ "write", O_WRONLY, "O_WRONLY" },
	{ "both", O_RDWR, "O_RDWR" },
	{ "path", O_PATH, "O_PATH" },
	{ "create", O_RDONLY | O_CREAT, "O_RDONLY and O_CREAT" },
	{ 0 }
};

struct open_in {
	int64_t type, access;
	bool children, leader;
};

static const struct field open_in_fields[] = {
	F_ENUM(struct open_in, type, REQUIRED, ns_type_symbols, "which of the caller's namespaces"),
	F_BOOL(struct open_in, children,
	       "the namespace that future children get; pid and time only"),
	F_BOOL(struct open_in, leader,
	       "that of the thread group leader, if the caller is a thread"),
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

static int open_link(struct op_ctx *ctx, int dir, const char *name, int64_t access,
		     struct open_out *out)
{
	out->fd = openat(dir, name, (int)access | O_CLOEXEC, 0600);
	return out->fd < 0 ? link_refused(ctx, dir, errno) : 0;
}

static int open_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct open_in *in = params;
	const char *name = NULL;
	AUTO_FD dir = own_dir(ctx, in->leader);

	if (dir < 0 || link_name(ctx, in->type, in->children, &name))
		return OP_BROKEN;
	return open_link(ctx, dir, name, in->access, results);
}

struct open_of_in {
	struct actor_ref actor;
	int64_t pid, type, access;
	bool children;
};

static const struct field open_of_in_fields[] = {
	F_ACTOR(struct open_of_in, actor, OPTIONAL, "whose namespace"),
	F_PID(struct open_of_in, pid, "whose namespace, by number of a process or thread"),
	F_ENUM(struct open_of_in, type, REQUIRED, ns_type_symbols, "which namespace"),
	F_BOOL(struct open_of_in, children, "the namespace that its future children get"),
	F_ENUM_DEF(struct open_of_in, access, O_RDONLY, access_symbols, "how to open it"),
	F_END
};

static int open_of_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct open_of_in *in = params;
	const char *name;
	AUTO_FD dir = target_dir(ctx, &in->actor, in->pid, NULL);

	if (dir < 0 || link_name(ctx, in->type, in->children, &name))
		return OP_BROKEN;
	return open_link(ctx, dir, name, in->access, results);
}

const struct op ns_ops[] = {
	{
		.name = "ns.id",
		.doc = "Identity of one of the caller's namespaces, or of a namespace descriptor.",
		.source = "namespaces(7)",
		OP_IN(id), OP_OUT(id),
		.run = id_run,
	},
	{
		.name = "ns.id_of",
		.doc = "Identity of another process's namespace, by its link in /proc.",
		.source = "namespaces(7)",
		OP_IN(id_of), OP_OUT(id),
		.touches = NSM_PID, .flags = OP_PROC,
		.run = id_of_run,
	},
	{
		.name = "ns.links",
		.doc = "List the links of the caller's ns directory.",
		.source = "namespaces(7)",
		OP_IN(links_list), OP_OUT(links_list),
		.run = links_list_run,
	},
	{
		.name = "ns.open",
		.doc = "Open one of the caller's namespaces by its link.",
		.source = "namespaces(7)",
		OP_IN(open), OP_OUT(open),
		.run = open_run,
	},
	{
		.name = "ns.open_of",
		.doc = "Open another process's namespace by its link in /proc.",
		.source = "namespaces(7)",
		OP_IN(open_of), OP_OUT(open),
		.touches = NSM_PID, .flags = OP_PROC,
		.run = open_of_run,
	},
	{ 0 }
};
