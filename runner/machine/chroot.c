// SPDX-License-Identifier: GPL-2.0-only
/*
 * Telling a chroot from the root of a mount namespace, and what may lie below that root.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <linux/magic.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "nsc/sys.h"
#include "machine/chroot.h"
#include "machine/probe.h"
#include "uapi/stat.h"

enum { MOUNTINFO_BYTES_MAX = 4 * 1024 * 1024 };

struct root_mount {
	int id, parent; /* the same: it is the kernel's rootfs */
};

/*
 * The mount of the root; false when it is a directory that is no mount point, which is the root of
 * no mount namespace (proc_pid_mountinfo(5)).
 */
static bool find_root(struct root_mount *m)
{
	AUTO_POOL pool = { 0 };
	char *text;

	*m = (struct root_mount){ .parent = -1 };
	if (sys_read_file(&pool, "/proc/self/mountinfo", MOUNTINFO_BYTES_MAX, &text, NULL) < 0)
		return true;
	for (char *line; (line = strsep(&text, "\n"));) {
		char at[4096];

		if (sscanf(line, "%d %d %*s %*s %4095s", &m->id, &m->parent, at) == 3 &&
		    !strcmp(at, "/"))
			return true;
	}
	return false;
}

/* A bind mount shows the same directory by another mount, which tells them apart (Linux 5.8). */
static int stat_root(struct statx *root)
{
	return statx(AT_FDCWD, "/", 0, STATX_INO | STATX_MNT_ID, root);
}

static bool is_same_root(const struct statx *a, const struct statx *b)
{
	return a->stx_dev_major == b->stx_dev_major && a->stx_dev_minor == b->stx_dev_minor &&
	       a->stx_ino == b->stx_ino &&
	       (!(a->stx_mask & b->stx_mask & STATX_MNT_ID) || a->stx_mnt_id == b->stx_mnt_id);
}

/* Joining one's own mount namespace leads to its root (setns(2)). 1: that is another one. */
static int leave(const void *argument)
{
	AUTO_FD self = sys_pidfd_open(getpid(), 0);
	struct statx before, after;

	(void)argument;
	return stat_root(&before) == 0 && self >= 0 && setns(self, CLONE_NEWNS) == 0 &&
	       stat_root(&after) == 0 && !is_same_root(&before, &after);
}

bool chroot_entered(void)
{
	static const struct trial trial = { .call = "setns", .try = leave };
	struct root_mount m;

	return !find_root(&m) || probe_in(&trial).error == 1;
}

/*
 * In a mount namespace that can be spoiled: without the topmost root, joining it leads to what was
 * below. 1: that has a procfs.
 */
static int look_below(const void *argument)
{
	AUTO_FD self = sys_pidfd_open(getpid(), 0);
	struct statfs fs;

	(void)argument;
	return self >= 0 && mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
	       umount2("/", MNT_DETACH) == 0 && setns(self, CLONE_NEWNS) == 0 &&
	       statfs("/proc", &fs) == 0 && fs.f_type == PROC_SUPER_MAGIC;
}

bool root_covers_another(void)
{
	static const struct trial trial = { .flags = CLONE_NEWNS, .call = "umount2",
					    .try = look_below };
	struct root_mount m;

	/* What takes the place of rootfs covers it, with all that is mounted on it. */
	if (find_root(&m) && m.id == m.parent)
		return true;

	/* Mounts are locked to ordinary users, so that look_below() cannot tell;
	 * systemd-nspawn(1) leaves this file. */
	return access("/run/host/container-manager", F_OK) == 0 ||
	       probe_in(&trial).error == 1;
}
