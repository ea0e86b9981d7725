// SPDX-License-Identifier: GPL-2.0-only
/*
 * Telling a chroot from the root of a mount namespace, and what may lie below that root.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <linux/magic.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "nsc/sys.h"
#include "plan/chroot.h"
#include "plan/probe.h"

enum { MOUNTINFO_BYTES_MAX = 4 * 1024 * 1024 };

/* A directory that is no mount point is the root of no mount namespace (proc_pid_mountinfo(5)). */
static bool root_is_mounted(void)
{
	AUTO_POOL pool = { 0 };
	char *text;

	if (sys_read_file(&pool, "/proc/self/mountinfo", MOUNTINFO_BYTES_MAX, &text, NULL) < 0)
		return true;
	for (char *line; (line = strsep(&text, "\n"));) {
		char at[4096];

		if (sscanf(line, "%*d %*d %*s %*s %4095s", at) == 1 && !strcmp(at, "/"))
			return true;
	}
	return false;
}

/* Joining one's own mount namespace leads to its root (setns(2)). 1: that is another directory. */
static int leave(const void *argument)
{
	AUTO_FD self = sys_pidfd_open(getpid(), 0);
	struct stat before, after;

	(void)argument;
	return stat("/", &before) == 0 && self >= 0 && setns(self, CLONE_NEWNS) == 0 &&
	       stat("/", &after) == 0 &&
	       (before.st_dev != after.st_dev || before.st_ino != after.st_ino);
}

bool chroot_entered(void)
{
	static const struct trial trial = { .call = "setns", .try = leave };

	return !root_is_mounted() || probe_in(&trial).error == 1;
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

	/* Mounts are locked to who is not root: systemd-nspawn(1) says by this file who it is. */
	return access("/run/host/container-manager", F_OK) == 0 ||
	       probe_in(&trial).error == 1;
}
