// SPDX-License-Identifier: GPL-2.0-only
/*
 * Namespaces by their links: identity and descriptors.  The calls that change membership:
 * lib/ops/ns/move.c; creation of a child: lib/ops/ns/clone.c.
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

#include "../ns.h"
#include "../proc.h"
#include "nsc/place.h"
#include "nsc/sys.h"

uint64_t ns_request(uint64_t types, uint64_t flags)
{
	return ns_flags((unsigned)types) | flags;
}

/* The name of a link in a process's directory into *NAME; 0, or broken. */
static int link_name(struct op_ctx *ctx, int64_t type, bool children, const char **name)
{
	const char *link = children ? ns_kinds[type].children : ns_kinds[type].name;

	if (!link)
		return op_broken(ctx, "%s has no link for children", ns_kinds[type].name);
	*name = pool_printf(ctx->pool, "ns/%s", link);
	return 0;
}

int ns_dir(struct op_ctx *ctx, const struct actor_ref *actor, int64_t pid, bool leader)
{
	if (leader && (pid != PID_NOT_GIVEN || actor->pidfd >= 0))
		return op_broken(ctx, "`leader` is about the caller, not about another process");
	return target_dir(ctx, actor, pid, leader ? "/proc/self" : "/proc/thread-self");
}

/* A link that is refused counts only if the directory that should hold it is there. */
static int link_refused(struct op_ctx *ctx, int dir, int error)
{
	struct stat st;

	if (error == ENOENT && fstatat(dir, "ns", &st, 0) < 0)
		return op_broken(ctx, "stat the directory ns: %m");
	return -error;
}

#define ID_OUT(F, S) \
	F(S, STR, id, REQUIRED, "device and inode, which make the identity: MAJOR:MINOR:INODE") \
	F(S, STR, text, REQUIRED, "text of the link: TYPE:[INODE]") \
	F(S, INT, dev, REQUIRED, 0, 0, "device number of nsfs") \
	F(S, INT, ino, REQUIRED, 0, 0, "inode number")
FIELDS(id_out, ID_OUT);

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

#define ID_IN(F, S) \
	F(S, ENUM_DEF, type, TYPE_NONE, ns_type_symbols, "which namespace") \
	F(S, FD, fd, OPTIONAL, "instead of `type`: namespace descriptor") \
	F(S, BOOL, children, "the namespace that future children get; pid and time only") \
	NS_WHOSE(F, S)
FIELDS(id_in, ID_IN);

static int ns_id_run(struct op_ctx *ctx, const struct id_in *in, struct id_out *out)
{
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
	AUTO_FD dir = ns_dir(ctx, &in->actor, in->pid, in->leader);

	return dir < 0 ? dir : id_read(ctx, dir, name, out);
}
OP(ns_id, "ns.id", id_in, id_out,
	.doc = "Identity of a process's namespace, by its link in /proc, or of a namespace descriptor.",
	.source = "namespaces(7)", .flags = OP_PROC_OF);

#define LINKS_LIST_IN(F, S) \
	F(S, BOOL, leader, "of the thread group leader, if the caller is a thread")
FIELDS(links_list_in, LINKS_LIST_IN);

#define LINKS_LIST_OUT(F, S) \
	F(S, STRS, names, REQUIRED, "names of the links, sorted")
FIELDS(links_list_out, LINKS_LIST_OUT);

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int ns_links_run(struct op_ctx *ctx, const struct links_list_in *in,
			struct links_list_out *out)
{
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
OP(ns_links, "ns.links", links_list_in, links_list_out,
	.doc = "List the links of the caller's ns directory.",
	.source = "namespaces(7)");

static const struct symbol access_symbols[] = {
	{ "read", O_RDONLY, "O_RDONLY" },
	{ "write", O_WRONLY, "O_WRONLY" },
	{ "both", O_RDWR, "O_RDWR" },
	{ "path", O_PATH, "O_PATH" },
	{ "create", O_RDONLY | O_CREAT, "O_RDONLY and O_CREAT" },
	{ 0 }
};

#define OPEN_IN(F, S) \
	F(S, ENUM, type, REQUIRED, ns_type_symbols, "which namespace") \
	F(S, BOOL, children, "the namespace that future children get; pid and time only") \
	NS_WHOSE(F, S) \
	F(S, ENUM_DEF, access, O_RDONLY, access_symbols, "how to open it")
FIELDS(open_in, OPEN_IN);

#define OPEN_OUT(F, S) \
	F(S, FD, fd, REQUIRED, "namespace descriptor")
FIELDS(open_out, OPEN_OUT);

static int ns_open_run(struct op_ctx *ctx, const struct open_in *in, struct open_out *out)
{
	const char *name = NULL;
	AUTO_FD dir = ns_dir(ctx, &in->actor, in->pid, in->leader);

	if (dir < 0 || link_name(ctx, in->type, in->children, &name))
		return OP_BROKEN;
	out->fd = openat(dir, name, (int)in->access | O_CLOEXEC, 0600);
	return out->fd < 0 ? link_refused(ctx, dir, errno) : 0;
}
OP(ns_open, "ns.open", open_in, open_out,
	.doc = "Open a process's namespace by its link in /proc.",
	.source = "namespaces(7)", .flags = OP_PROC_OF);
