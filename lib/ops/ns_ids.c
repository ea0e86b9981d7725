// SPDX-License-Identifier: GPL-2.0-only
/*
 * All memberships of a process at once, to see which of them a call has changed.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "ns.h"
#include "nsc/place.h"
#include "nsc/sys.h"
#include "proc.h"

struct ids_in {
	uint64_t but;
	bool leader;
};

#define BUT_DOC "types that are left out of `list`, with what future children get"

static const struct field ids_in_fields[] = {
	F_FLAGS(struct ids_in, but, OPTIONAL, ns_symbols, BUT_DOC),
	F_BOOL(struct ids_in, leader,
	       "those of the thread group leader, if the caller is a thread"),
	F_END
};

struct ids_of_in {
	struct actor_ref actor;
	int64_t pid;
	uint64_t but;
};

static const struct field ids_of_in_fields[] = {
	F_ACTOR(struct ids_of_in, actor, OPTIONAL, "whose namespaces"),
	F_PID(struct ids_of_in, pid, "whose namespaces, by number of a process or thread"),
	F_FLAGS(struct ids_of_in, but, OPTIONAL, ns_symbols, BUT_DOC),
	F_END
};

struct ids_out {
	const char *user, *mnt, *pid, *pid_children, *net, *ipc, *uts, *cgroup, *time,
		*time_children;
	struct strs list;
};

static const struct field ids_out_fields[] = {
	F_STR(struct ids_out, user, REQUIRED, "user namespace, as MAJOR:MINOR:INODE"),
	F_STR(struct ids_out, mnt, REQUIRED, "mount namespace"),
	F_STR(struct ids_out, pid, REQUIRED, "PID namespace"),
	F_STR(struct ids_out, pid_children, REQUIRED,
	      "PID namespace of future children, empty if none yet"),
	F_STR(struct ids_out, net, REQUIRED, "network namespace"),
	F_STR(struct ids_out, ipc, REQUIRED, "IPC namespace"),
	F_STR(struct ids_out, uts, REQUIRED, "UTS namespace"),
	F_STR(struct ids_out, cgroup, REQUIRED, "cgroup namespace"),
	F_STR(struct ids_out, time, REQUIRED, "time namespace"),
	F_STR(struct ids_out, time_children, REQUIRED, "time namespace of future children"),
	F_STRS(struct ids_out, list, REQUIRED,
	       "all of them but those left out, to be compared at once"),
	F_END
};

/* The links by the names of their fields. */
static const struct {
	const char *link;
	unsigned type;
	size_t offset;
} links[] = {
	{ "user", NSM_USER, offsetof(struct ids_out, user) },
	{ "mnt", NSM_MNT, offsetof(struct ids_out, mnt) },
	{ "pid", NSM_PID, offsetof(struct ids_out, pid) },
	{ "pid_for_children", NSM_PID, offsetof(struct ids_out, pid_children) },
	{ "net", NSM_NET, offsetof(struct ids_out, net) },
	{ "ipc", NSM_IPC, offsetof(struct ids_out, ipc) },
	{ "uts", NSM_UTS, offsetof(struct ids_out, uts) },
	{ "cgroup", NSM_CGROUP, offsetof(struct ids_out, cgroup) },
	{ "time", NSM_TIME, offsetof(struct ids_out, time) },
	{ "time_for_children", NSM_TIME, offsetof(struct ids_out, time_children) },
};

enum { LINKS = sizeof(links) / sizeof(*links) };

static int read_ids(struct op_ctx *ctx, int dir, uint64_t but, struct ids_out *out)
{
	struct stat st;

	out->list.v = pool_array(ctx->pool, const char *, LINKS);
	if (dir < 0)
		return OP_BROKEN;
	if (fstatat(dir, "ns", &st, 0) < 0)
		return op_broken(ctx, "stat the directory ns: %m");
	for (size_t i = 0; i < LINKS; i++) {
		const char *name = pool_printf(ctx->pool, "ns/%s", links[i].link);
		const char **id = (const char **)((char *)out + links[i].offset);

		*id = "";
		if (fstatat(dir, name, &st, 0) == 0)
			*id = pool_printf(ctx->pool, "%u:%u:%llu", major(st.st_dev),
					  minor(st.st_dev), (unsigned long long)st.st_ino);
		else if (errno != ENOENT)
			return -errno;
		if (!(but & links[i].type))
			out->list.v[out->list.n++] =
				pool_printf(ctx->pool, "%s %s", links[i].link, *id);
	}
	return 0;
}

static int ids_run(struct op_ctx *ctx, const void *params, void *results)
{
	static const struct actor_ref nobody = { -1, -1 };
	const struct ids_in *in = params;
	AUTO_FD dir = target_dir(ctx, &nobody, PID_NOT_GIVEN,
				 in->leader ? "/proc/self" : "/proc/thread-self");

	return read_ids(ctx, dir, in->but, results);
}

static int ids_of_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct ids_of_in *in = params;
	AUTO_FD dir = target_dir(ctx, &in->actor, in->pid, NULL);

	return read_ids(ctx, dir, in->but, results);
}

const struct op ns_ids_ops[] = {
	{
		.name = "ns.ids",
		.doc = "Identities of all the caller's namespaces.",
		.source = "namespaces(7)",
		OP_IN(ids), OP_OUT(ids),
		.run = ids_run,
	},
	{
		.name = "ns.ids_of",
		.doc = "Identities of all namespaces of another process, by its links in /proc.",
		.source = "namespaces(7)",
		OP_IN(ids_of), OP_OUT(ids),
		.touches = NSM_PID, .flags = OP_PROC,
		.run = ids_of_run,
	},
	{ 0 }
};
