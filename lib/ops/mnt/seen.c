// SPDX-License-Identifier: GPL-2.0-only
/*
 * What shows that a mount was made, moved, changed or removed.
 *
 * The ID of the mount that a path leads to tells most of it, by one statx(2) before and one after.
 * It does not where the path ends at what is mounted over, as that of a descriptor, or of a working
 * directory, does.  So before the kernel is blamed its mount table is read, too.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "mnt.h"
#include "nsc/sys.h"
#include "uapi/stat.h"

/* Where a path leads to. */
struct place_seen {
	uint64_t mount, ino;
	uint32_t major, minor;
	bool root; /* of the mount */
};

static bool look(const char *path, struct place_seen *place)
{
	struct statx st;
	int rc = statx(AT_FDCWD, path, AT_NO_AUTOMOUNT, STATX_INO | STATX_MNT_ID, &st);

	/* gVisor does not know the flag, and has no automounts. */
	if (rc < 0 && errno == EINVAL)
		rc = statx(AT_FDCWD, path, 0, STATX_INO | STATX_MNT_ID, &st);
	if (rc < 0 || !(st.stx_mask & STATX_MNT_ID))
		return false;
	*place = (struct place_seen){
		.mount = st.stx_mnt_id, .ino = st.stx_ino, .major = st.stx_dev_major,
		.minor = st.stx_dev_minor, .root = st.stx_attributes & STATX_ATTR_MOUNT_ROOT,
	};
	return true;
}

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
	struct place_seen *was = pool_new(ctx->pool, struct place_seen);

	if (look(path, was))
		ctx->before = was;
}

int mnt_is_covered(struct op_ctx *ctx, const char *path)
{
	const struct place_seen *was = ctx->before;
	struct place_seen now;

	if (!was || !look(path, &now) || now.mount != was->mount)
		return 0;
	path = resolved(ctx, path);
	return !path || mnt_is_mounted_on(ctx, (int64_t)was->mount, path) ? 0 :
		op_undone(ctx, "nothing is mounted there");
}

int mnt_is_gone(struct op_ctx *ctx, const char *path)
{
	const struct place_seen *was = ctx->before;
	struct mount_seen seen;
	struct place_seen now;

	if (!was || !look(path, &now) || now.mount != was->mount ||
	    !mnt_find(ctx, (int64_t)was->mount, &seen))
		return 0;
	return op_undone(ctx, "it is still mounted at %s", seen.point);
}

int mnt_is_at(struct op_ctx *ctx, const char *path)
{
	const struct place_seen *was = ctx->before;
	struct mount_seen seen;
	struct place_seen now;

	if (!was || (look(path, &now) && now.mount == was->mount && now.root))
		return 0;
	path = resolved(ctx, path);
	if (!path || !mnt_find(ctx, (int64_t)was->mount, &seen) || !strcmp(seen.point, path))
		return 0;
	return op_undone(ctx, "it is mounted at %s", seen.point);
}

int mnt_is_root(struct op_ctx *ctx)
{
	const struct place_seen *was = ctx->before;
	struct place_seen now;

	if (!was || !look("/", &now) ||
	    (now.ino == was->ino && now.major == was->major && now.minor == was->minor &&
	     now.mount == was->mount))
		return 0;
	return op_undone(ctx, "the root directory is another one");
}

int mnt_has_flags(struct op_ctx *ctx, const char *path, uint64_t set, uint64_t clear)
{
	static const uint64_t shown = MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC;
	struct mount_seen seen;
	struct place_seen place;
	struct statfs fs;

	if (statfs(path, &fs) < 0)
		return 0;
	uint64_t now = (uint64_t)fs.f_flags, wrong = ((set & ~now) | (clear & now)) & shown;

	/* The file system itself may be read-only, which shows in the same bit. */
	if ((wrong & MS_RDONLY) && (now & MS_RDONLY) &&
	    (!look(path, &place) || !mnt_find(ctx, (int64_t)place.mount, &seen) ||
	     !seen.rdonly))
		wrong &= ~(uint64_t)MS_RDONLY;
	return wrong ? op_undone(ctx, "the flags are %#llx", (unsigned long long)(now & shown)) : 0;
}

int mnt_is_of_type(struct op_ctx *ctx, const char *path, int64_t type)
{
	struct mount_seen seen;
	struct place_seen place;

	if (!look(path, &place) || !mnt_find(ctx, (int64_t)place.mount, &seen))
		return 0;
	/* What nobody would send anything to becomes private, not a slave, or stays unbindable. */
	bool is = type == MS_SHARED  ? seen.shared :
		  type == MS_SLAVE   ? !seen.shared :
		  type == MS_PRIVATE ? !seen.shared && !seen.slave && !seen.unbindable :
				       seen.unbindable;

	return is ? 0 : op_undone(ctx, "%s is of another propagation type", seen.point);
}
