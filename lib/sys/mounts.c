// SPDX-License-Identifier: GPL-2.0-only
/*
 * A mount namespace of one's own, made ready for pivot_root(2), also in a chroot.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "nsc/sys.h"

/*
 * Go to the root of the mount namespace, which in a chroot is not the caller's root. setns(2) to
 * one's own mount namespace leads there. False when the kernel or a filter refuses.
 */
static bool to_namespace_root(void)
{
	AUTO_FD self = sys_pidfd_open(getpid(), 0);

	return self >= 0 && setns(self, CLONE_NEWNS) == 0;
}

/*
 * Bound onto itself, the chroot's directory is a mount, and that becomes the root of the namespace:
 * a process that joins the namespace starts there, and not in the machine's root.
 */
static const char *make_root_of(int chrooted)
{
	if (fchdir(chrooted) < 0 || chroot(".") < 0 ||
	    mount("/", "/", NULL, MS_BIND | MS_REC, NULL) < 0)
		return "bind the chroot onto itself";
	/* The caller's root is covered by the new mount now, and `..` of it leads to what covers
	 * it. */
	AUTO_FD root = open("/..", O_PATH | O_DIRECTORY | O_CLOEXEC);

	/* pivot_root(2) wants the caller's root to be a mount, too. */
	if (root < 0 || !to_namespace_root() || fchdir(root) < 0)
		return "leave the chroot";
	return sys_pivot_root(".", ".") < 0 || umount2(".", MNT_DETACH) < 0 || chdir("/") < 0 ?
		       "pivot_root into the chroot" : NULL;
}

const char *sys_mounts_private(void)
{
	AUTO_FD root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct stat ours, there;

	if (root < 0 || fstat(root, &ours) < 0)
		return "open /";
	bool chrooted = to_namespace_root() && stat("/", &there) == 0 &&
			(ours.st_dev != there.st_dev || ours.st_ino != there.st_ino);

	/* Propagation is made private before anything is mounted, which would reach other
	 * namespaces else. */
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return "make mounts private";
	return chrooted ? make_root_of(root) : NULL;
}
