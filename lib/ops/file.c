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
#include <sys/syscall.h>
#include <sys/sysmacros.h>

#include "file.h"
#include "nsc/sys.h"

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

struct write_in {
	int at;
	const char *path, *text, *mode;
	bool append, create, exclusive;
};

static const struct field write_in_fields[] = {
	F_FD(struct write_in, at, OPTIONAL, FILE_AT_DOC),
	F_STR(struct write_in, path, REQUIRED, "file"),
	F_STR(struct write_in, text, REQUIRED, "what to write, in one write(2)"),
	F_STR_DEF(struct write_in, mode, "0644", "permissions of a new file, octal, in quotes"),
	F_BOOL(struct write_in, append, "add to the end instead of replacing the contents"),
	F_BOOL_DEF(struct write_in, create, true, "make the file when it does not exist"),
	F_BOOL(struct write_in, exclusive, "refuse when it exists (O_EXCL)"),
	F_END
};

static int write_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct write_in *in = params;
	int flags = O_WRONLY | O_CLOEXEC | (in->append ? O_APPEND : O_TRUNC) |
		    (in->create ? O_CREAT : 0) | (in->exclusive ? O_EXCL : 0);
	unsigned mode;

	(void)results;
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

struct read_in {
	int at;
	const char *path;
	int64_t max;
};

static const struct field read_in_fields[] = {
	F_FD(struct read_in, at, OPTIONAL, FILE_AT_DOC),
	F_STR(struct read_in, path, REQUIRED, "file"),
	F_INT_DEF(struct read_in, max, 16384, 1, 65536, "most bytes to read"),
	F_END
};

struct read_out {
	const char *text;
	int64_t size;
};

static const struct field read_out_fields[] = {
	F_STR(struct read_out, text, REQUIRED, "contents, up to a NUL byte"),
	F_INT(struct read_out, size, REQUIRED, 0, 0, "bytes read"),
	F_END
};

static int read_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct read_in *in = params;
	struct read_out *out = results;
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

const struct field file_stat_fields[] = {
	F_INT(struct file_stat, ino, REQUIRED, 0, 0, "inode number"),
	F_INT(struct file_stat, dev, REQUIRED, 0, 0, "device number of the file system"),
	F_INT(struct file_stat, uid, REQUIRED, 0, 0, "owner as the caller sees it"),
	F_INT(struct file_stat, gid, REQUIRED, 0, 0, "group as the caller sees it"),
	F_STR(struct file_stat, mode, REQUIRED, "permission bits, four octal digits"),
	F_STR(struct file_stat, type, REQUIRED,
	      "file, dir, link, char, block, fifo, socket or other"),
	F_INT(struct file_stat, nlink, REQUIRED, 0, 0, "number of hard links"),
	F_INT(struct file_stat, size, REQUIRED, 0, 0, "bytes"),
	F_INT(struct file_stat, rdev, REQUIRED, 0, 0, "device number of a device node"),
	F_INT(struct file_stat, mnt_id, REQUIRED, 0, 0, "ID of the mount it was reached through"),
	F_BOOL(struct file_stat, mount_root, "is the root of a mount"),
	F_END
};

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

struct stat_in {
	int at;
	const char *path;
	bool nofollow;
};

static const struct field stat_in_fields[] = {
	F_FD(struct stat_in, at, OPTIONAL, FILE_AT_DOC),
	F_STR(struct stat_in, path, REQUIRED, "file"),
	F_BOOL(struct stat_in, nofollow, "a symbolic link itself, not what it leads to"),
	F_END
};

static int stat_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct stat_in *in = params;

	return file_stat_at(ctx, file_at(in->at), in->path,
			    in->nofollow ? AT_SYMLINK_NOFOLLOW : 0, results);
}

struct exists_out {
	bool exists;
};

static const struct field exists_out_fields[] = {
	F_BOOL(struct exists_out, exists, "something has that name"),
	F_END
};

static int exists_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct stat_in *in = params;
	struct exists_out *out = results;
	struct file_stat st;
	int rc = file_stat_at(ctx, file_at(in->at), in->path,
			      in->nofollow ? AT_SYMLINK_NOFOLLOW : 0, &st);

	if (rc < 0 && rc != -ENOENT && rc != -ENOTDIR)
		return rc;
	out->exists = rc == 0;
	return 0;
}

static const struct symbol access_symbols[] = {
	{ "READ", R_OK, NULL },
	{ "WRITE", W_OK, NULL },
	{ "EXEC", X_OK, NULL },
	{ 0 }
};

struct access_in {
	int at;
	const char *path;
	uint64_t mode;
	bool real;
};

static const struct field access_in_fields[] = {
	F_FD(struct access_in, at, OPTIONAL, FILE_AT_DOC),
	F_STR(struct access_in, path, REQUIRED, "file"),
	F_FLAGS(struct access_in, mode, OPTIONAL, access_symbols,
		"what is asked for; nothing: existence"),
	F_BOOL(struct access_in, real, "with the real ids instead of the effective ones"),
	F_END
};

static int access_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct access_in *in = params;

	(void)ctx, (void)results;
	return syscall(SYS_faccessat2, file_at(in->at), in->path, (int)in->mode,
		       in->real ? 0 : AT_EACCESS) < 0 ? -errno : 0;
}

struct list_in {
	int at;
	const char *path;
};

static const struct field list_in_fields[] = {
	F_FD(struct list_in, at, OPTIONAL, FILE_AT_DOC),
	F_STR_DEF(struct list_in, path, ".", "directory"),
	F_END
};

const struct field file_list_fields[] = {
	F_STRS(struct file_list, names, REQUIRED, "names in byte order, without . and .."),
	F_INT(struct file_list, count, REQUIRED, 0, 0, "number of names"),
	F_END
};

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

static int list_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct list_in *in = params;

	return file_list_at(ctx, file_at(in->at), in->path, results);
}

const struct op file_ops[] = {
	{
		.name = "file.write",
		.doc = "Write a text into a file.",
		.source = "open(2), write(2)",
		OP_IN(write),
		.touches = NSM_MNT, .mutates = NSM_MNT,
		.run = write_run,
	},
	{
		.name = "file.read",
		.doc = "Read a file.",
		.source = "open(2), read(2)",
		OP_IN(read), OP_OUT(read),
		.touches = NSM_MNT,
		.run = read_run,
	},
	{
		.name = "file.stat",
		.doc = "Read the attributes of a file.",
		.source = "statx(2)",
		OP_IN(stat),
		.out = file_stat_fields, .out_size = sizeof(struct file_stat),
		.touches = NSM_MNT,
		.run = stat_run,
	},
	{
		.name = "file.exists",
		.doc = "Look whether a path leads to anything; ENOENT and ENOTDIR mean: no.",
		.source = "statx(2)",
		OP_IN(stat), OP_OUT(exists),
		.touches = NSM_MNT,
		.run = exists_run,
	},
	{
		.name = "file.access",
		.doc = "Ask whether a file may be used, without using it.",
		.source = "faccessat2(2)",
		OP_IN(access),
		.touches = NSM_MNT,
		.run = access_run,
	},
	{
		.name = "file.list",
		.doc = "List a directory.",
		.source = "getdents(2)",
		OP_IN(list),
		.out = file_list_fields, .out_size = sizeof(struct file_list),
		.touches = NSM_MNT,
		.run = list_run,
	},
	{ 0 }
};
