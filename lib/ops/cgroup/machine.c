// SPDX-License-Identifier: GPL-2.0-only
/*
 * The option nsdelegate of the v2 hierarchy, which is one switch for the whole machine, and the
 * place of a process in the hierarchy of cpuset.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "../proc.h"
#include "nsc/cgroup.h"
#include "nsc/op.h"
#include "nsc/sys.h"

enum { MOUNTINFO_MAX = 1 << 20 };

#define DELEGATE_IN(F, S) \
	F(S, STR, target, REQUIRED, "where: a directory, made when it does not exist") \
	F(S, BOOL, nsdelegate, "with the option; else without it")
FIELDS(delegate_in, DELEGATE_IN);

static int cgroup_delegate_run(struct op_ctx *ctx, const struct delegate_in *in, struct none *out)
{
	if (mkdir(in->target, 0755) < 0 && errno != EEXIST)
		return op_broken(ctx, "mkdir %s: %m", in->target);
	return mount("cgroup", in->target, "cgroup2", MS_NOSUID | MS_NODEV | MS_NOEXEC,
		     in->nsdelegate ? "nsdelegate" : NULL) < 0 ? -errno : 0;
}
OP(cgroup_delegate, "cgroup.delegate", delegate_in, none,
	.doc = "Mount the v2 hierarchy with nsdelegate or without, which may change it for the machine.",
	.source = "Documentation/admin-guide/cgroup-v2.rst, Mounting",
	.touches = NSM_CGROUP | NSM_MNT, .mutates = NSM_MNT, .flags = OP_HOST,
	.seen = "cgroup");

#define DELEGATES_OUT(F, S) \
	F(S, BOOL, nsdelegate, "cgroup namespaces are boundaries of delegation")
FIELDS(delegates_out, DELEGATES_OUT);

static int cgroup_delegates_run(struct op_ctx *ctx, const struct none *in,
				struct delegates_out *out)
{
	char *text;
	int rc = sys_read_file(ctx->pool, "/proc/thread-self/mountinfo", MOUNTINFO_MAX, &text,
			       NULL);

	if (rc < 0)
		return op_broken(ctx, "read the mount table: %s", strerror(-rc));
	if (!strstr(text, " - cgroup2 "))
		return op_broken(ctx, "the v2 hierarchy is not mounted here");
	out->nsdelegate = cgroup_v2_option(text, "nsdelegate");
	return 0;
}
OP(cgroup_delegates, "cgroup.delegates", none, delegates_out,
	.doc = "Read whether the v2 hierarchy is mounted with nsdelegate.",
	.source = "proc_pid_mountinfo(5)",
	.touches = NSM_CGROUP | NSM_MNT);

#define CPUSET_IN(F, S) \
	F(S, ACTOR, actor, OPTIONAL, "whose place; default: the caller's own")
FIELDS(cpuset_in, CPUSET_IN);

#define CPUSET_OUT(F, S) \
	F(S, STR, path, REQUIRED, "path of the cgroup whose cpuset it uses")
FIELDS(cpuset_out, CPUSET_OUT);

static int cgroup_cpuset_run(struct op_ctx *ctx, const struct cpuset_in *in, struct cpuset_out *out)
{
	AUTO_FD dir = target_dir(ctx, &in->actor, PID_NOT_GIVEN, "/proc/thread-self");
	AUTO_FD file = dir < 0 ? dir : openat(dir, "cpuset", O_RDONLY | O_CLOEXEC);
	char *text;

	if (dir < 0)
		return OP_BROKEN;
	int rc = file < 0 ? -errno : sys_read_fd(ctx->pool, file, 1 << 16, &text, NULL);

	if (rc < 0)
		return op_broken(ctx, "read the file cpuset: %s", strerror(-rc));
	text[strcspn(text, "\n")] = 0;
	out->path = text;
	return 0;
}
OP(cgroup_cpuset, "cgroup.cpuset", cpuset_in, cpuset_out,
	.doc = "Read a process's place in the hierarchy of the cpuset controller, as it is shown here.",
	.source = "cpuset(7) /proc/pid/cpuset", .config = "PROC_PID_CPUSET",
	.touches = NSM_CGROUP, .flags = OP_CGROUP | OP_PROC_OF);
