// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cgroups as a process sees them and moves in them.  The files of a cgroup are read and
 * written by file.*, through a mount made by cgroup.mount.
 *
 * Cells that use these ops have a directory of their own in the v2 hierarchy and in one v1
 * hierarchy (nsc/cgroup.h says which): it is the root of the arena's cgroup namespace.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "../proc.h"
#include "nsc/cgroup.h"
#include "nsc/op.h"
#include "nsc/sys.h"

#define PLACE_OUT(F, S) \
	F(S, STR, v2, REQUIRED, "path in the v2 hierarchy, empty when there is none") \
	F(S, STR, v1, REQUIRED, \
	  "path in the v1 hierarchy that the harness works in, empty when there is none") \
	F(S, STR, text, REQUIRED, "the whole file")
FIELDS(place_out, PLACE_OUT);

#define PLACE_IN(F, S) \
	F(S, ACTOR, actor, OPTIONAL, "whose place; default: the caller's own") \
	F(S, PID, pid, "whose place, by number")
FIELDS(place_in, PLACE_IN);

static int cgroup_place_run(struct op_ctx *ctx, const struct place_in *in, struct place_out *out)
{
	struct cgroup_place places[CGROUP_VERSIONS];
	AUTO_FD dir = target_dir(ctx, &in->actor, in->pid, "/proc/thread-self");
	AUTO_FD file = dir < 0 ? dir : openat(dir, "cgroup", O_RDONLY | O_CLOEXEC);
	char *text;

	if (dir < 0)
		return OP_BROKEN;
	int rc = file < 0 ? -errno : sys_read_fd(ctx->pool, file, 1 << 16, &text, NULL);

	if (rc < 0)
		return op_broken(ctx, "read the file cgroup: %s", strerror(-rc));
	cgroup_places(ctx->pool, text, places);
	out->text = text;
	out->v2 = places[CGROUP_V2].path ? places[CGROUP_V2].path : "";
	out->v1 = places[CGROUP_V1].path ? places[CGROUP_V1].path : "";
	return 0;
}
OP(cgroup_place, "cgroup.place", place_in, place_out,
	.doc = "Read a process's place in the cgroup hierarchies as shown here.",
	.source = "cgroups(7), cgroup_namespaces(7)",
	.touches = NSM_CGROUP, .flags = OP_CGROUP | OP_PROC_OF);

static const struct symbol versions[] = {
	{ "v2", CGROUP_V2, "the unified hierarchy" },
	{ "v1", CGROUP_V1, "the v1 hierarchy that the harness works in" },
	{ 0 }
};

#define MOUNT_IN(F, S) \
	F(S, ENUM_DEF, version, CGROUP_V2, versions, "which file system") \
	F(S, STR, target, REQUIRED, "where: a directory, made when it does not exist") \
	F(S, STR, options, OPTIONAL, \
	  "mount options; default for v1: those that name the hierarchy") \
	F(S, STR, add, OPTIONAL, "further options")
FIELDS(mount_in, MOUNT_IN);

static int mount_options(struct op_ctx *ctx, const struct mount_in *in, const char **options)
{
	struct cgroup_place places[CGROUP_VERSIONS];
	char *text;

	*options = in->options;
	if (!in->options && in->version == CGROUP_V1) {
		int rc = sys_read_file(ctx->pool, "/proc/thread-self/cgroup", 1 << 16, &text, NULL);

		if (rc < 0)
			return op_broken(ctx, "read /proc/thread-self/cgroup: %s", strerror(-rc));
		cgroup_places(ctx->pool, text, places);
		if (!places[CGROUP_V1].path)
			return op_broken(ctx, "no v1 hierarchy of a suitable kind is mounted");
		*options = cgroup_mount_options(ctx->pool, &places[CGROUP_V1]);
	}
	if (in->add)
		*options = *options ? pool_printf(ctx->pool, "%s,%s", *options, in->add) : in->add;
	return 0;
}

static int cgroup_mount_run(struct op_ctx *ctx, const struct mount_in *in, struct none *out)
{
	const char *type = in->version == CGROUP_V2 ? "cgroup2" : "cgroup", *options;

	if (mkdir(in->target, 0755) < 0 && errno != EEXIST)
		return op_broken(ctx, "mkdir %s: %m", in->target);
	if (mount_options(ctx, in, &options))
		return OP_BROKEN;
	return mount("cgroup", in->target, type, MS_NOSUID | MS_NODEV | MS_NOEXEC, options) < 0 ?
		       -errno : 0;
}

static int cgroup_mount_check(struct op_ctx *ctx, const struct mount_in *in, const struct none *out)
{
	struct statfs fs;
	unsigned magic = in->version == CGROUP_V2 ? CGROUP2_SUPER_MAGIC : CGROUP_SUPER_MAGIC;

	if (statfs(in->target, &fs) < 0 || (uint32_t)fs.f_type == magic)
		return 0;
	return op_undone(ctx, "there is no cgroup hierarchy at %s", in->target);
}
OP_CHECK(cgroup_mount, mount_in, none)
OP(cgroup_mount, "cgroup.mount", mount_in, none,
	.doc = "Mount a cgroup hierarchy afresh.",
	.source = "mount(2), cgroups(7)",
	.touches = NSM_CGROUP | NSM_MNT, .mutates = NSM_CGROUP | NSM_MNT, .flags = OP_CGROUP,
	.check = cgroup_mount_checked);

#define ENTER_IN(F, S) \
	F(S, STR, dir, REQUIRED, "directory of the cgroup, in a cgroup mount")
FIELDS(enter_in, ENTER_IN);

static int cgroup_enter_run(struct op_ctx *ctx, const struct enter_in *in, struct none *out)
{
	AUTO_FD procs = openat(AT_FDCWD, pool_printf(ctx->pool, "%s/cgroup.procs", in->dir),
			       O_WRONLY | O_CLOEXEC);

	if (procs < 0)
		return op_broken(ctx, "open %s/cgroup.procs: %m", in->dir);
	return write(procs, "0", 1) < 0 ? -errno : 0;
}

static int cgroup_enter_check(struct op_ctx *ctx, const struct enter_in *in, const struct none *out)
{
	char *text;
	const char *own = pool_printf(ctx->pool, "\n%d\n", (int)getpid());
	int rc = sys_read_file(ctx->pool, pool_printf(ctx->pool, "%s/cgroup.procs", in->dir),
			       1 << 20, &text, NULL);

	if (rc < 0 || strstr(pool_printf(ctx->pool, "\n%s", text), own))
		return 0;
	return op_undone(ctx, "cgroup.procs of %s does not list the actor", in->dir);
}
OP_CHECK(cgroup_enter, enter_in, none)
OP(cgroup_enter, "cgroup.enter", enter_in, none,
	.doc = "Move the actor into a cgroup, by writing 0 to its cgroup.procs.",
	.source = "cgroups(7)",
	.touches = NSM_CGROUP | NSM_MNT, .flags = OP_CGROUP,
	.check = cgroup_enter_checked);
