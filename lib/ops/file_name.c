// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names: making, renaming and removing them, and the caller's place among them.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>

#include "file.h"
#include "nsc/sys.h"

struct mkdir_in {
	int at;
	const char *path, *mode;
};

static const struct field mkdir_in_fields[] = {
	F_FD(struct mkdir_in, at, OPTIONAL, FILE_AT_DOC),
	F_STR(struct mkdir_in, path, REQUIRED, "new directory; its parent exists"),
	F_STR_DEF(struct mkdir_in, mode, "0755", "permissions, octal, in quotes"),
	F_END
};

static int mkdir_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct mkdir_in *in = params;
	unsigned mode;

	(void)results;
	if (file_mode(ctx, in->mode, &mode))
		return OP_BROKEN;
	return mkdirat(file_at(in->at), in->path, mode) < 0 ? -errno : 0;
}

static const struct symbol node_symbols[] = {
	{ "file", S_IFREG, "empty regular file" },
	{ "char", S_IFCHR, "character device" },
	{ "block", S_IFBLK, "block device" },
	{ "fifo", S_IFIFO, "named pipe" },
	{ "socket", S_IFSOCK, "socket that nobody listens on" },
	{ 0 }
};

struct mknod_in {
	int at;
	const char *path, *mode;
	int64_t type, major, minor;
};

static const struct field mknod_in_fields[] = {
	F_FD(struct mknod_in, at, OPTIONAL, FILE_AT_DOC),
	F_STR(struct mknod_in, path, REQUIRED, "new file"),
	F_ENUM(struct mknod_in, type, REQUIRED, node_symbols, "what it is"),
	F_INT(struct mknod_in, major, OPTIONAL, 0, 4095, "major number of a device"),
	F_INT(struct mknod_in, minor, OPTIONAL, 0, 1048575, "minor number of a device"),
	F_STR_DEF(struct mknod_in, mode, "0644", "permissions, octal, in quotes"),
	F_END
};

static int mknod_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct mknod_in *in = params;
	dev_t dev = makedev((unsigned)in->major, (unsigned)in->minor);
	unsigned mode;

	(void)results;
	if (file_mode(ctx, in->mode, &mode))
		return OP_BROKEN;
	return mknodat(file_at(in->at), in->path, mode | (unsigned)in->type, dev) < 0 ? -errno : 0;
}

struct symlink_in {
	int at;
	const char *target, *path;
};

static const struct field symlink_in_fields[] = {
	F_FD(struct symlink_in, at, OPTIONAL, FILE_AT_DOC),
	F_STR(struct symlink_in, target, REQUIRED, "text of the link"),
	F_STR(struct symlink_in, path, REQUIRED, "new link"),
	F_END
};

static int symlink_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct symlink_in *in = params;

	(void)ctx, (void)results;
	return symlinkat(in->target, file_at(in->at), in->path) < 0 ? -errno : 0;
}

struct name_in {
	int at;
	const char *path;
};

static const struct field name_in_fields[] = {
	F_FD(struct name_in, at, OPTIONAL, FILE_AT_DOC),
	F_STR(struct name_in, path, REQUIRED, "name"),
	F_END
};

struct readlink_out {
	const char *target;
};

static const struct field readlink_out_fields[] = {
	F_STR(struct readlink_out, target, REQUIRED, "text of the link"),
	F_END
};

static int readlink_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct name_in *in = params;
	struct readlink_out *out = results;
	char text[PATH_MAX];
	ssize_t len = readlinkat(file_at(in->at), in->path, text, sizeof(text));

	if (len < 0)
		return -errno;
	out->target = pool_strndup(ctx->pool, text, (size_t)len);
	return 0;
}

static int unlink_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct name_in *in = params;

	(void)ctx, (void)results;
	return unlinkat(file_at(in->at), in->path, 0) < 0 ? -errno : 0;
}

static int rmdir_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct name_in *in = params;

	(void)ctx, (void)results;
	return unlinkat(file_at(in->at), in->path, AT_REMOVEDIR) < 0 ? -errno : 0;
}

struct rename_in {
	int at;
	const char *path, *to;
};

static const struct field rename_in_fields[] = {
	F_FD(struct rename_in, at, OPTIONAL,
	     "directory that both paths start from; default the working directory"),
	F_STR(struct rename_in, path, REQUIRED, "old name"),
	F_STR(struct rename_in, to, REQUIRED, "new name"),
	F_END
};

static int rename_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct rename_in *in = params;
	int at = file_at(in->at);

	(void)ctx, (void)results;
	return renameat(at, in->path, at, in->to) < 0 ? -errno : 0;
}

struct chmod_in {
	int at;
	const char *path, *mode;
};

static const struct field chmod_in_fields[] = {
	F_FD(struct chmod_in, at, OPTIONAL, FILE_AT_DOC),
	F_STR(struct chmod_in, path, REQUIRED, "file"),
	F_STR(struct chmod_in, mode, REQUIRED, "new permissions, octal, in quotes"),
	F_END
};

static int chmod_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct chmod_in *in = params;
	unsigned mode;

	(void)results;
	if (file_mode(ctx, in->mode, &mode))
		return OP_BROKEN;
	return fchmodat(file_at(in->at), in->path, mode, 0) < 0 ? -errno : 0;
}

static const struct symbol open_symbols[] = {
	{ "RDONLY", O_RDONLY, "the default" },
	{ "WRONLY", O_WRONLY, NULL },
	{ "RDWR", O_RDWR, NULL },
	{ "PATH", O_PATH, NULL },
	{ "DIRECTORY", O_DIRECTORY, NULL },
	{ "NOFOLLOW", O_NOFOLLOW, NULL },
	{ "CREAT", O_CREAT, NULL },
	{ "EXCL", O_EXCL, NULL },
	{ "TRUNC", O_TRUNC, NULL },
	{ "APPEND", O_APPEND, NULL },
	{ "NONBLOCK", O_NONBLOCK, NULL },
	{ 0 }
};

struct open_in {
	int at;
	const char *path, *mode;
	uint64_t flags;
};

static const struct field open_in_fields[] = {
	F_FD(struct open_in, at, OPTIONAL, FILE_AT_DOC),
	F_STR(struct open_in, path, REQUIRED, "file"),
	F_FLAGS(struct open_in, flags, OPTIONAL, open_symbols,
		"O_* flags without the prefix; O_CLOEXEC is implied"),
	F_STR_DEF(struct open_in, mode, "0644", "permissions of a new file, octal, in quotes"),
	F_END
};

struct open_out {
	int fd;
};

static const struct field open_out_fields[] = {
	F_FD(struct open_out, fd, REQUIRED, "the open file"),
	F_END
};

static int open_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct open_in *in = params;
	struct open_out *out = results;
	unsigned mode;

	if (file_mode(ctx, in->mode, &mode))
		return OP_BROKEN;
	AUTO_FD fd = openat(file_at(in->at), in->path, (int)in->flags | O_CLOEXEC, mode);

	if (fd < 0)
		return -errno;
	if ((in->flags & O_ACCMODE) != O_RDONLY && !(in->flags & O_PATH) && file_may_write(ctx, fd))
		return OP_BROKEN;
	out->fd = fd_take(&fd);
	return 0;
}

struct chdir_in {
	int fd;
	const char *path;
};

static const struct field chdir_in_fields[] = {
	F_FD(struct chdir_in, fd, OPTIONAL, "directory, instead of a path"),
	F_STR(struct chdir_in, path, OPTIONAL, "directory"),
	F_END
};

static int chdir_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct chdir_in *in = params;

	(void)results;
	if ((in->fd >= 0) == (in->path != NULL))
		return op_broken(ctx, "either path or fd");
	return (in->path ? chdir(in->path) : fchdir(in->fd)) < 0 ? -errno : 0;
}

struct cwd_out {
	const char *path;
};

static const struct field cwd_out_fields[] = {
	F_STR(struct cwd_out, path, REQUIRED,
	      "working directory; starts with (unreachable) when the root does not lead there"),
	F_END
};

/* Not getcwd(3), which turns an unreachable directory into ENOENT. */
static int cwd_run(struct op_ctx *ctx, const void *params, void *results)
{
	struct cwd_out *out = results;
	char path[PATH_MAX];

	(void)params;
	if (syscall(SYS_getcwd, path, sizeof(path)) < 0)
		return -errno;
	out->path = pool_strdup(ctx->pool, path);
	return 0;
}

/* A row per op: they differ in words only. */
#define NAME_OP(verb, in_, doc_, source_) \
	{ .name = "file." #verb, .doc = doc_, .source = source_, OP_IN(in_), \
	  .touches = NSM_MNT, .mutates = NSM_MNT, .run = verb##_run }

const struct op file_name_ops[] = {
	NAME_OP(mkdir, mkdir, "Make a directory.", "mkdir(2)"),
	NAME_OP(mknod, mknod, "Make a device node, named pipe, socket or empty file.", "mknod(2)"),
	NAME_OP(symlink, symlink, "Make a symbolic link.", "symlink(2)"),
	NAME_OP(unlink, name, "Remove a name that is no directory.", "unlink(2)"),
	NAME_OP(rmdir, name, "Remove an empty directory.", "rmdir(2)"),
	NAME_OP(rename, rename, "Rename a file or directory.", "rename(2)"),
	NAME_OP(chmod, chmod, "Change the permissions of a file.", "chmod(2)"),
	{
		.name = "file.readlink",
		.doc = "Read a symbolic link.",
		.source = "readlink(2)",
		OP_IN(name), OP_OUT(readlink),
		.touches = NSM_MNT,
		.run = readlink_run,
	},
	{
		.name = "file.open",
		.doc = "Open a file; the descriptor is the result.",
		.source = "open(2)",
		OP_IN(open), OP_OUT(open),
		.touches = NSM_MNT, .mutates = NSM_MNT,
		.run = open_run,
	},
	{
		.name = "file.chdir",
		.doc = "Change the working directory.",
		.source = "chdir(2), fchdir(2)",
		OP_IN(chdir),
		.touches = NSM_MNT,
		.flags = OP_SINGLE,
		.run = chdir_run,
	},
	{
		.name = "file.cwd",
		.doc = "Read the path of the working directory.",
		.source = "getcwd(2)",
		OP_OUT(cwd),
		.touches = NSM_MNT,
		.run = cwd_run,
	},
	{ 0 }
};
