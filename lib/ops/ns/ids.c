// SPDX-License-Identifier: GPL-2.0-only
/*
 * All memberships of a process at once, to see which of them a call has changed.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "../ns.h"
#include "nsc/place.h"
#include "nsc/sys.h"

#define IDS_IN(F, S) \
	NS_WHOSE(F, S) \
	F(S, FLAGS, but, OPTIONAL, ns_symbols, \
	  "types that are left out of `list`, with what future children get")
FIELDS(ids_in, IDS_IN);

#define IDS_OUT(F, S) \
	F(S, STR, user, REQUIRED, "user namespace, as MAJOR:MINOR:INODE") \
	F(S, STR, mnt, REQUIRED, "mount namespace") \
	F(S, STR, pid, REQUIRED, "PID namespace") \
	F(S, STR, pid_children, REQUIRED, "PID namespace of future children, empty if none yet") \
	F(S, STR, net, REQUIRED, "network namespace") \
	F(S, STR, ipc, REQUIRED, "IPC namespace") \
	F(S, STR, uts, REQUIRED, "UTS namespace") \
	F(S, STR, cgroup, REQUIRED, "cgroup namespace") \
	F(S, STR, time, REQUIRED, "time namespace") \
	F(S, STR, time_children, REQUIRED, "time namespace of future children") \
	F(S, STRS, list, REQUIRED, "all of them but those left out, to be compared at once")
FIELDS(ids_out, IDS_OUT);

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

static int ns_ids_run(struct op_ctx *ctx, const struct ids_in *in, struct ids_out *out)
{
	AUTO_FD dir = ns_dir(ctx, &in->actor, in->pid, in->leader);
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
		if (!(in->but & links[i].type))
			out->list.v[out->list.n++] =
				pool_printf(ctx->pool, "%s %s", links[i].link, *id);
	}
	return 0;
}
OP(ns_ids, "ns.ids", ids_in, ids_out,
	.doc = "Identities of all namespaces of a process, by its links in /proc.",
	.source = "namespaces(7)", .flags = OP_PROC_OF);
