// SPDX-License-Identifier: GPL-2.0-only
/*
 * What shows that a mount was made, moved, changed or removed.
 *
 * The ID of the mount that a path leads to tells most of it, by one statx(2) before and one after.
 * It does not where the path ends at what is mounted over, as that of a descriptor, or of a working
 * directory, does.  So before the kernel is blamed its mount table is read, too.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "../file.h"
#include "mnt.h"
#include "nsc/sys.h"

struct place_before {
	struct file_stat st;
	const char *path; /* without links; NULL when it cannot be told */
};

static const char *resolved(struct op_ctx *ctx, const char *path)
{
	AUTO_FD fd = open(path, O_PATH | O_CLOEXEC);
	char link[64], text[PATH_MAX];

	snprintf(link, sizeof(link), "/proc/thread-self/fd/%d", fd);
	ssize_t len = fd < 0 ? -1 : readlink(link, text, sizeof(text));

	return len < 0 ? NULL : pool_strndup(ctx->pool, text, (size_t)len);
}

void mnt_note(struct op_ctx *ctx, const char *path)
{
	struct place_before *was = pool_new(ctx->pool, struct place_before);

	if (file_stat_at(ctx, AT_FDCWD, path, 0, &was->st) == 0)
		ctx->before = was;
}

int mnt_is_covered(struct op_ctx *ctx, const char *path)
{
	const struct place_before *was = ctx->before;
	struct file_stat now;

	if (!was || file_stat_at(ctx, AT_FDCWD, path, 0, &now) < 0 ||
	    now.mnt_id != was->st.mnt_id)
		return 0;
	path = resolved(ctx, path);
	return !path || mnt_is_mounted_on(ctx, was->st.mnt_id, path) ? 0 :
		op_undone(ctx, "nothing is mounted there");
}

int mnt_is_gone(struct op_ctx *ctx, const char *path)
{
	const struct place_before *was = ctx->before;
	struct mount_seen seen;
	struct file_stat now;

	if (!was || file_stat_at(ctx, AT_FDCWD, path, 0, &now) < 0 ||
	    now.mnt_id != was->st.mnt_id || !mnt_find(ctx, was->st.mnt_id, &seen))
		return 0;
	return op_undone(ctx, "it is still mounted at %s", seen.point);
}

int mnt_is_at(struct op_ctx *ctx, const char *path)
{
	const struct place_before *was = ctx->before;
	struct mount_seen seen;
	struct file_stat now;

	if (!was || (file_stat_at(ctx, AT_FDCWD, path, 0, &now) == 0 &&
		     now.mnt_id == was->st.mnt_id && now.mount_root))
		return 0;
	path = resolved(ctx, path);
	if (!path || !mnt_find(ctx, was->st.mnt_id, &seen) || !strcmp(seen.point, path))
		return 0;
	return op_undone(ctx, "it is mounted at %s", seen.point);
}

int mnt_is_root(struct op_ctx *ctx)
{
	const struct place_before *was = ctx->before;
	struct file_stat now;

	if (!was || file_stat_at(ctx, AT_FDCWD, "/", 0, &now) < 0 ||
	    (now.ino == was->st.ino && now.dev == was->st.dev && now.mnt_id == was->st.mnt_id))
		return 0;
	return op_undone(ctx, "the root directory is another one");
}

int mnt_has_flags(struct op_ctx *ctx, const char *path, uint64_t set, uint64_t clear)
{
	static const uint64_t shown = MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC;
	struct mount_seen seen;
	struct file_stat st;
	struct statfs fs;

	if (statfs(path, &fs) < 0)
		return 0;
	uint64_t now = (uint64_t)fs.f_flags, wrong = ((set & ~now) | (clear & now)) & shown;

	/* The file system itself may be read-only, which shows in the same bit. */
	if ((wrong & MS_RDONLY) && (now & MS_RDONLY) &&
	    (file_stat_at(ctx, AT_FDCWD, path, 0, &st) < 0 ||
	     !mnt_find(ctx, st.mnt_id, &seen) || !seen.rdonly))
		wrong &= ~(uint64_t)MS_RDONLY;
	return wrong ? op_undone(ctx, "the flags are %#llx", (unsigned long long)(now & shown)) : 0;
}

int mnt_is_of_type(struct op_ctx *ctx, const char *path, int64_t type)
{
	struct mount_seen seen;
	struct file_stat st;

	if (file_stat_at(ctx, AT_FDCWD, path, 0, &st) < 0 || !mnt_find(ctx, st.mnt_id, &seen))
		return 0;
	/* What nobody would send anything to becomes private, not a slave, or stays unbindable. */
	bool is = type == MS_SHARED  ? seen.shared :
		  type == MS_SLAVE   ? !seen.shared :
		  type == MS_PRIVATE ? !seen.shared && !seen.slave && !seen.unbindable :
				       seen.unbindable;

	return is ? 0 : op_undone(ctx, "%s is of another propagation type", seen.point);
}
