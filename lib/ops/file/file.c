// SPDX-License-Identifier: GPL-2.0-only
/*
 * Contents and attributes of files by path.  Names (mkdir, rename, ...) are in file_name.c,
 * descriptors in fd.c.  Paths are taken relative to `at` where that is given.
 *
 * Writing refuses sysctls and sysfs: what they change belongs to other namespaces or to the
 * machine, and the ops made for them declare it.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>

#include "../file.h"
#include "nsc/sys.h"
#include "nsc/syscall.h"
#include "uapi/stat.h"

int file_mode(struct op_ctx *ctx, const char *octal, unsigned *mode)
{
	char *end;

	*mode = (unsigned)strtoul(octal, &end, 8);
	if (*end || end == octal || *mode > 07777)
		return op_broken(ctx, "mode %s: not octal, from 0 to 7777", octal);
	return 0;
}

int file_may_write(struct op_ctx *ctx, int fd)
{
	struct statfs fs;
	char link[64], target[PATH_MAX];

	if (fstatfs(fd, &fs) < 0)
		return op_broken(ctx, "fstatfs: %m");
	if (fs.f_type == SYSFS_MAGIC)
		return op_broken(ctx, "refused: a file of sysfs belongs to the machine");
	if (fs.f_type != PROC_SUPER_MAGIC)
		return 0;
	snprintf(link, sizeof(link), "/proc/thread-self/fd/%d", fd);
	ssize_t len = readlink(link, target, sizeof(target) - 1);

	if (len < 0)
		return op_broken(ctx, "refused: cannot tell which file of procfs this is: %m");
	target[len] = 0;
	if (strstr(target, "/sys/"))
		return op_broken(ctx, "refused: %s is a sysctl; there are ops for those", target);
	return 0;
}

#define WRITE_IN(F, S) \
	F(S, FD, at, OPTIONAL, FILE_AT_DOC) \
	F(S, STR, path, REQUIRED, "file") \
	F(S, STR, text, REQUIRED, "what to write, in one write(2)") \
	F(S, STR_DEF, mode, "0644", "permissions of a new file, octal, in quotes") \
	F(S, BOOL, append, "add to the end instead of replacing the contents") \
	F(S, BOOL_DEF, create, true, "make the file when it does not exist") \
	F(S, BOOL, exclusive, "refuse when it exists (O_EXCL)")
FIELDS(write_in, WRITE_IN);

static int file_write_run(struct op_ctx *ctx, const struct write_in *in, struct none *out)
{
	int flags = O_WRONLY | O_CLOEXEC | (in->append ? O_APPEND : O_TRUNC) |
		    (in->create ? O_CREAT : 0) | (in->exclusive ? O_EXCL : 0);
	unsigned mode;

	if (file_mode(ctx, in->mode, &mode))
		return OP_BROKEN;
	AUTO_FD fd = openat(file_at(in->at), in->path, flags, mode);

	if (fd < 0)
		return -errno;
	if (file_may_write(ctx, fd))
		return OP_BROKEN;
	ssize_t put = write(fd, in->text, strlen(in->text));

	if (put < 0)
		return -errno;
	if ((size_t)put != strlen(in->text))
		return op_broken(ctx, "%s: only %zd bytes were written", in->path, put);
	return 0;
}

static int file_write_check(struct op_ctx *ctx, const struct write_in *in, const struct none *out)
{
	struct file_stat st;
	struct statfs fs;
	int rc = file_stat_at(ctx, file_at(in->at), in->path, 0, &st);
	int64_t len = (int64_t)strlen(in->text);

	if (rc < 0)
		return rc == -ENOENT ? op_undone(ctx, "%s does not exist", in->path) : 0;
	if (in->append ? st.size >= len : st.size == len)
		return 0;
	/* Files of procfs and the like have no size, and keep what is written as they like. */
	bool keeps = !strcmp(st.type, "file") && in->at < 0 && statfs(in->path, &fs) == 0 &&
		     ((uint32_t)fs.f_type == TMPFS_MAGIC || (uint32_t)fs.f_type == RAMFS_MAGIC);

	return keeps ? op_undone(ctx, "%s has %lld bytes", in->path, (long long)st.size) : 0;
}
OP_CHECK(file_write, write_in, none)
OP(file_write, "file.write", write_in, none,
	.doc = "Write a text into a file.",
	.source = "open(2), write(2)",
	.touches = NSM_MNT, .mutates = NSM_MNT,
	.check = file_write_checked);

#define READ_IN(F, S) \
	F(S, FD, at, OPTIONAL, FILE_AT_DOC) \
	F(S, STR, path, REQUIRED, "file") \
	F(S, INT_DEF, max, 16384, 1, 65536, "most bytes to read")
FIELDS(read_in, READ_IN);

#define READ_OUT(F, S) \
	F(S, STR, text, REQUIRED, "contents, up to a NUL byte") \
	F(S, INT, size, REQUIRED, 0, 0, "bytes read")
FIELDS(read_out, READ_OUT);

static int file_read_run(struct op_ctx *ctx, const struct read_in *in, struct read_out *out)
{
	AUTO_FD fd = openat(file_at(in->at), in->path, O_RDONLY | O_CLOEXEC);
	char *text;
	size_t len;

	if (fd < 0)
		return -errno;
	int rc = sys_read_fd(ctx->pool, fd, (size_t)in->max, &text, &len);

	if (rc < 0)
		return rc;
	out->text = text;
	out->size = (int64_t)len;
	return 0;
}
/* /proc/PID/status has the affinity mask of a process. */
OP(file_read, "file.read", read_in, read_out,
	.doc = "Read a file.",
	.source = "open(2), read(2)",
	.touches = NSM_MNT, .flags = OP_PROCESSORS);

static const char *type_name(unsigned mode)
{
	switch (mode & S_IFMT) {
	case S_IFREG: return "file";
	case S_IFDIR: return "dir";
	case S_IFLNK: return "link";
	case S_IFCHR: return "char";
	case S_IFBLK: return "block";
	case S_IFIFO: return "fifo";
	case S_IFSOCK: return "socket";
	default: return "other";
	}
}

int file_stat_at(struct op_ctx *ctx, int at, const char *path, int flags, struct file_stat *out)
{
	struct statx st;

	int rc = statx(at, path, flags | AT_NO_AUTOMOUNT, STATX_BASIC_STATS | STATX_MNT_ID, &st);

	/* gVisor does not know the flag, and has no automounts. */
	if (rc < 0 && errno == EINVAL)
		rc = statx(at, path, flags, STATX_BASIC_STATS | STATX_MNT_ID, &st);
	if (rc < 0)
		return -errno;
	*out = (struct file_stat) {
		.ino = (int64_t)st.stx_ino,
		.dev = (int64_t)makedev(st.stx_dev_major, st.stx_dev_minor),
		.uid = st.stx_uid,
		.gid = st.stx_gid,
		.mode = pool_printf(ctx->pool, "%04o", st.stx_mode & 07777u),
		.type = type_name(st.stx_mode),
		.nlink = st.stx_nlink,
		.size = (int64_t)st.stx_size,
		.rdev = (int64_t)makedev(st.stx_rdev_major, st.stx_rdev_minor),
		.mnt_id = (int64_t)st.stx_mnt_id,
		.mount_root = st.stx_attributes & STATX_ATTR_MOUNT_ROOT,
	};
	return 0;
}

#define STAT_IN(F, S) \
	F(S, FD, at, OPTIONAL, FILE_AT_DOC) \
	F(S, STR, path, REQUIRED, "file") \
	F(S, BOOL, nofollow, "a symbolic link itself, not what it leads to")
FIELDS(stat_in, STAT_IN);

static int file_stat_run(struct op_ctx *ctx, const struct stat_in *in, struct file_stat *out)
{
	return file_stat_at(ctx, file_at(in->at), in->path,
			    in->nofollow ? AT_SYMLINK_NOFOLLOW : 0, out);
}
OP(file_stat, "file.stat", stat_in, file_stat,
	.doc = "Read the attributes of a file.",
	.source = "statx(2)",
	.touches = NSM_MNT);

#define OWNER_OUT(F, S) \
	F(S, INT, uid, REQUIRED, 0, 0, "owner as the caller sees it") \
	F(S, INT, gid, REQUIRED, 0, 0, "group as the caller sees it")
FIELDS(owner_out, OWNER_OUT);

/* The kernel translates ids in each of its stat calls by itself. */
static int file_owner_run(struct op_ctx *ctx, const struct stat_in *in, struct owner_out *out)
{
	struct stat st;
	int flags = in->nofollow ? AT_SYMLINK_NOFOLLOW : 0;

	if (fstatat(file_at(in->at), in->path, &st, flags) < 0)
		return -errno;
	out->uid = st.st_uid;
	out->gid = st.st_gid;
	return 0;
}
OP(file_owner, "file.owner", stat_in, owner_out,
	.doc = "Read owner and group of a file by fstatat, not by statx.",
	.source = "fs/stat.c vfs_fstatat",
	.touches = NSM_MNT);

#define EXISTS_OUT(F, S) \
	F(S, BOOL, exists, "something has that name")
FIELDS(exists_out, EXISTS_OUT);

static int file_exists_run(struct op_ctx *ctx, const struct stat_in *in, struct exists_out *out)
{
	struct file_stat st;
	int rc = file_stat_at(ctx, file_at(in->at), in->path,
			      in->nofollow ? AT_SYMLINK_NOFOLLOW : 0, &st);

	if (rc < 0 && rc != -ENOENT && rc != -ENOTDIR)
		return rc;
	out->exists = rc == 0;
	return 0;
}
OP(file_exists, "file.exists", stat_in, exists_out,
	.doc = "Look whether a path leads to anything; ENOENT and ENOTDIR mean: no.",
	.source = "statx(2)",
	.touches = NSM_MNT);

static const struct symbol access_symbols[] = {
	{ "READ", R_OK, NULL },
	{ "WRITE", W_OK, NULL },
	{ "EXEC", X_OK, NULL },
	{ 0 }
};

#define ACCESS_IN(F, S) \
	F(S, FD, at, OPTIONAL, FILE_AT_DOC) \
	F(S, STR, path, REQUIRED, "file") \
	F(S, FLAGS, mode, OPTIONAL, access_symbols, "what is asked for; nothing: existence") \
	F(S, BOOL, real, "with the real ids instead of the effective ones")
FIELDS(access_in, ACCESS_IN);

static int file_access_run(struct op_ctx *ctx, const struct access_in *in, struct none *out)
{
	return sys_call(SYS_faccessat2, file_at(in->at), in->path, (int)in->mode,
			in->real ? 0 : AT_EACCESS) < 0 ? -errno : 0;
}
OP(file_access, "file.access", access_in, none,
	.doc = "Ask whether a file may be used, without using it.",
	.source = "faccessat2(2)",
	.touches = NSM_MNT,
	.unseen = "that it is allowed is all that it asks");

#define LIST_IN(F, S) \
	F(S, FD, at, OPTIONAL, FILE_AT_DOC) \
	F(S, STR_DEF, path, ".", "directory")
FIELDS(list_in, LIST_IN);

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int file_list_at(struct op_ctx *ctx, int at, const char *path, struct file_list *out)
{
	AUTO_FD fd = openat(at, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	size_t room = 32, n = 0;
	const char **names = pool_array(ctx->pool, const char *, room);

	if (fd < 0)
		return -errno;
	DIR *dir = fdopendir(fd);

	if (!dir)
		return op_broken(ctx, "fdopendir %s: %m", path);
	(void)fd_take(&fd); /* closedir() closes it */
	for (struct dirent *d; errno = 0, (d = readdir(dir));) {
		if (!strcmp(d->d_name, ".") || !strcmp(d->d_name, ".."))
			continue;
		if (n == room) {
			const char **grown = pool_array(ctx->pool, const char *, room * 2);

			memcpy(grown, names, n * sizeof(*names));
			names = grown;
			room *= 2;
		}
		names[n++] = pool_strdup(ctx->pool, d->d_name);
	}
	int rc = -errno;

	closedir(dir);
	qsort(names, n, sizeof(*names), by_name);
	out->names = (struct strs) { names, n };
	out->count = (int64_t)n;
	return rc;
}

static int file_list_run(struct op_ctx *ctx, const struct list_in *in, struct file_list *out)
{
	return file_list_at(ctx, file_at(in->at), in->path, out);
}
OP(file_list, "file.list", list_in, file_list,
	.doc = "List a directory.",
	.source = "getdents(2)",
	.touches = NSM_MNT);
