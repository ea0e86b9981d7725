// SPDX-License-Identifier: GPL-2.0-only
/*
 * A mount namespace of one's own, made ready for pivot_root(2), also in a chroot and in an
 * initramfs.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <linux/magic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "nsc/sys.h"

enum { MOUNTINFO_BYTES_MAX = 4 * 1024 * 1024 };

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

struct listed {
	int id, parent;
	char at[256]; /* cut where it is longer */
};

/* The next mount of the text of a mountinfo; false at its end. */
static bool next_mount(char **text, struct listed *m)
{
	for (char *line; (line = strsep(text, "\n"));)
		if (sscanf(line, "%d %d %*s %*s %255s", &m->id, &m->parent, m->at) == 3)
			return true;
	return false;
}

static bool read_mounts(struct pool *pool, char **text)
{
	return sys_read_file(pool, "/proc/self/mountinfo", MOUNTINFO_BYTES_MAX, text, NULL) == 0;
}

/*
 * The id of the root, if it is the kernel's rootfs, as where a machine stays in its initramfs: a
 * mount without a parent, which pivot_root(2) refuses. Else 0. Only file systems in memory can be
 * that.
 */
static int find_rootfs(int root)
{
	AUTO_POOL pool = { 0 };
	struct statfs fs;
	struct listed m;
	uint32_t type;
	char *text;

	if (fstatfs(root, &fs) < 0)
		return 0;
	/* A signed word of 32 bits on i386, which has no such number. */
	type = (uint32_t)fs.f_type;
	if ((type != RAMFS_MAGIC && type != TMPFS_MAGIC) || !read_mounts(&pool, &text))
		return 0;
	while (next_mount(&text, &m))
		if (m.id == m.parent && !strcmp(m.at, "/"))
			return m.id;
	return 0;
}

/*
 * Bound onto itself, it has a mount that covers it, and to which `..` leads. What else is mounted
 * on it goes, unless it is locked: to listmount(2) of others the first of that is the root.
 */
static const char *leave_rootfs(int id)
{
	AUTO_POOL pool = { 0 };
	struct listed m;
	char *text;

	if (mount("/", "/", NULL, MS_BIND | MS_REC, NULL) < 0)
		return "bind rootfs onto itself";
	AUTO_FD root = open("/..", O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (root < 0 || !read_mounts(&pool, &text))
		return "read the mounts of rootfs";
	while (next_mount(&text, &m))
		if (m.parent == id && strcmp(m.at, "/") != 0)
			umount2(m.at, MNT_DETACH);
	return fchdir(root) < 0 || chroot(".") < 0 ? "leave rootfs" : NULL;
}

static bool is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* Whether the caller's root is below another mount, to which `..` leads. */
static bool is_covered(const struct stat *root)
{
	struct stat above;

	return stat("/..", &above) == 0 && !is_same(root, &above);
}

const char *sys_mounts_private(void)
{
	AUTO_FD root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct stat ours, there;

	if (root < 0 || fstat(root, &ours) < 0)
		return "open /";
	bool chrooted = to_namespace_root() && stat("/", &there) == 0 && !is_same(&ours, &there);

	/*
	 * A kernel whose setns(2) leads below what is mounted over the root of the namespace is for
	 * scenarios to find, which take place in the root that the caller had.
	 */
	if (chrooted && is_covered(&there)) {
		if (fchdir(root) < 0 || chroot(".") < 0)
			return "return to the root";
		chrooted = false;
	}

	/* Propagation is made private before anything is mounted, which would reach other
	 * namespaces else. */
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return "make mounts private";
	if (chrooted)
		return make_root_of(root);
	int rootfs = find_rootfs(root);

	return rootfs ? leave_rootfs(rootfs) : NULL;
}
