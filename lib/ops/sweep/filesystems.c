// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every type of /proc/filesystems is mounted by both doors: mount(2), and fsopen(2) with
 * fsconfig(2).  As root of the machine that would, say, bind the controllers of cgroups to a
 * hierarchy; so it is for members of other user namespaces alone.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>

#include "nsc/sys.h"
#include "nsc/syscall.h"
#include "tree.h"
#include "uapi/mount.h"

enum { TEXT_MAX = 64 * 1024 };

/* Types with FS_USERNS_MOUNT, and who says so. */
static const struct {
	const char *type, *source;
} for_users[] = {
	{ "bpf", "bpf(2) BPF_TOKEN_CREATE: delegation, since Linux 6.9" },
	{ "binder", "drivers/android/binderfs.c" },
	{ "binfmt_misc", "user_namespaces(7), since Linux 6.7" },
	{ "cgroup2", "user_namespaces(7); cgroup_namespaces(7)" },
	{ "cgroup", "user_namespaces(7); cgroup_namespaces(7)" },
	{ "cpuset", "cgroup_namespaces(7); cpuset(7): a hierarchy of that controller" },
	{ "devpts", "user_namespaces(7)" },
	{ "fuse", "user_namespaces(7), since Linux 4.18" },
	{ "mqueue", "user_namespaces(7)" },
	{ "overlay", "user_namespaces(7), since Linux 5.11" },
	{ "proc", "user_namespaces(7)" },
	{ "ramfs", "user_namespaces(7)" },
	{ "securityfs", "ABI/testing/securityfs: of IMA namespaces, where there are" },
	{ "sysfs", "user_namespaces(7)" },
	{ "tmpfs", "user_namespaces(7)" },
};

#define FILESYSTEMS_IN(F, S) \
	F(S, STR_DEF, target, "/tmp", "directory to mount on; what is mounted is unmounted again")
FIELDS(filesystems_in, FILESYSTEMS_IN);

#define FILESYSTEMS_OUT(F, S) \
	F(S, STRS, allowed, REQUIRED, "types that are not EPERM by mount(2)") \
	F(S, TOTAL, allowed_count, "how many they are") \
	F(S, STRS, refused, REQUIRED, "types that are EPERM by mount(2)") \
	F(S, TOTAL, refused_count, "how many they are") \
	F(S, BOOL, alike, "both doors let in and refuse the same types") \
	F(S, STRS, unlike, REQUIRED, "types of which one door is EPERM, and not the other") \
	F(S, BOOL, expected, "no type is let in but those that are made for user namespaces") \
	F(S, STRS, others, REQUIRED, "other types that are let in by either door")
FIELDS(filesystems_out, FILESYSTEMS_OUT);

static int by_mount(const char *type, const char *target)
{
	if (mount("none", target, type, 0, NULL) < 0)
		return -errno;
	umount2(target, MNT_DETACH);
	return 0;
}

static int by_fsopen(const char *type)
{
	AUTO_FD fd = (int)sys_call(SYS_fsopen, type, FSOPEN_CLOEXEC);

	if (fd < 0)
		return -errno;
	/* Types without a device take the source as it is, and the others look for it. */
	sys_call(SYS_fsconfig, fd, FSCONFIG_SET_STRING, "source", "none", 0);
	return sys_call(SYS_fsconfig, fd, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0 ? -errno : 0;
}

static bool is_for_users(const char *type)
{
	for (size_t i = 0; i < sizeof(for_users) / sizeof(*for_users); i++)
		if (!fnmatch(for_users[i].type, type, 0))
			return true;
	return false;
}

static void try_type(struct op_ctx *ctx, const struct filesystems_in *in, const char *type,
		     struct filesystems_out *out)
{
	int64_t unlike = 0, others = 0;
	bool first = by_mount(type, in->target) != -EPERM, second = by_fsopen(type) != -EPERM;

	sweep_add(ctx, first ? &(struct sweep_found){ &out->allowed, &out->allowed_count } :
			       &(struct sweep_found){ &out->refused, &out->refused_count }, type);
	if (first != second)
		sweep_add(ctx, &(struct sweep_found){ &out->unlike, &unlike }, type);
	if ((first || second) && !is_for_users(type))
		sweep_add(ctx, &(struct sweep_found){ &out->others, &others }, type);
	out->alike &= !unlike;
	out->expected &= !others;
}

static int sweep_filesystems_run(struct op_ctx *ctx, const struct filesystems_in *in,
				 struct filesystems_out *out)
{
	unsigned inside, outside, count;
	char *map, *text, *rest;

	if (sys_read_file(ctx->pool, "/proc/self/uid_map", TEXT_MAX, &map, NULL) ||
	    sys_read_file(ctx->pool, "/proc/filesystems", TEXT_MAX, &text, NULL))
		return op_broken(ctx, "read /proc: %m");
	if (sscanf(map, "%u %u %u", &inside, &outside, &count) == 3 && count == UINT32_MAX)
		return op_broken(ctx, "refused: mounts of the initial user namespace are the machine's");
	out->alike = out->expected = true;
	for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		const char *type = strchr(line, '\t');

		if (type)
			try_type(ctx, in, type + 1, out);
	}
	return 0;
}
OP(sweep_filesystems, "sweep.filesystems", filesystems_in, filesystems_out,
	.doc = "Try to mount all types of file systems that the kernel has, by mount(2) and by fsopen(2).",
	.source = "filesystems(5) /proc/filesystems, user_namespaces(7), fsopen(2)",
	.touches = NSM_MNT, .mutates = NSM_MNT);
