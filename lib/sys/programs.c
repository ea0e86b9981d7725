// SPDX-License-Identifier: GPL-2.0-only
/*
 * Programs that are shown by another name. The directories that they are in are mounted, not the
 * programs themselves: runc makes an overlay over the directory of its own program, and in such a
 * layer a mounted file is the empty one below it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "nsc/sys.h"
#include "nsc/syscall.h"
#include "uapi/mount.h"

static const char *file_of(const char *program)
{
	return strchr(program, '=') + 1;
}

int sys_programs_open(const struct strs *programs, int trees[PROGRAMS_MAX], const char **failed)
{
	/* Before Linux 5.12 there is no mount_setattr(2): what is attached is made read-only. */
	struct mount_attr attr = { .attr_set = MOUNT_ATTR_RDONLY };
	char dir[PATH_MAX];

	for (size_t i = 0; i < PROGRAMS_MAX; i++)
		trees[i] = -1;
	for (size_t i = 0; i < programs->n; i++) {
		const char *file = *failed = file_of(programs->v[i]);

		if (i == PROGRAMS_MAX)
			return -E2BIG;
		snprintf(dir, sizeof(dir), "%.*s/", (int)(strrchr(file, '/') - file), file);
		trees[i] = sys_call(SYS_open_tree, AT_FDCWD, dir,
				    OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
		if (trees[i] < 0)
			return trees[i];
		sys_call(SYS_mount_setattr, trees[i], "", AT_EMPTY_PATH, &attr, sizeof(attr));
	}
	return 0;
}

static int attach(int tree, const char *at)
{
	struct statvfs v;

	if (mkdir(at, 0755) < 0)
		return -errno;
	int rc = sys_call(SYS_move_mount, tree, "", AT_FDCWD, at, MOVE_MOUNT_F_EMPTY_PATH);

	if (rc < 0)
		return rc;
	/* A mount that is read-only already may be locked so, and then this is refused. */
	mount(NULL, at, NULL, MS_BIND | MS_REMOUNT | MS_RDONLY, NULL);
	/* A box that could write there would write to the user's own program. */
	return statvfs(at, &v) == 0 && (v.f_flag & ST_RDONLY) ? 0 : -EPERM;
}

int sys_programs_attach(const struct strs *programs, int trees[PROGRAMS_MAX], const char *dir,
			const char **failed)
{
	char at[PATH_MAX], link[PATH_MAX], target[PATH_MAX];

	*failed = dir;
	if (programs->n && mkdir(dir, 0755) < 0)
		return -errno;
	for (size_t i = 0; i < programs->n; i++) {
		const char *name = programs->v[i], *file = *failed = file_of(name);

		snprintf(at, sizeof(at), "%s/%zu", dir, i);
		snprintf(link, sizeof(link), "%s/%.*s", dir, (int)(file - 1 - name), name);
		snprintf(target, sizeof(target), "%zu%s", i, strrchr(file, '/'));
		int rc = attach(trees[i], at);

		if (rc < 0)
			return rc;
		if (symlink(target, link) < 0)
			return -errno;
	}
	return 0;
}

void sys_programs_close(int trees[PROGRAMS_MAX])
{
	for (size_t i = 0; i < PROGRAMS_MAX; i++)
		fd_close(&trees[i]);
}
