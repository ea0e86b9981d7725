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
#include <sys/sysmacros.h>

#include "../file.h"
#include "nsc/sys.h"
#include "nsc/syscall.h"

/* 0 if PATH is the name of something of TYPE, S_IF*. */
static int is_there(struct op_ctx *ctx, int at, const char *path, unsigned type)
{
	struct stat st;

	if (fstatat(at, path, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? op_undone(ctx, "%s does not exist", path) : 0;
	return (st.st_mode & S_IFMT) != type ?
		       op_undone(ctx, "%s is of another type", path) : 0;
}

/* 0 if it is the name of nothing. */
static int is_gone(struct op_ctx *ctx, int at, const char *path)
{
	struct stat st;

	return fstatat(at, path, &st, AT_SYMLINK_NOFOLLOW) < 0 ? 0 :
		op_undone(ctx, "%s is still there", path);
}

#define MKDIR_IN(F, S) \
	F(S, FD, at, OPTIONAL, FILE_AT_DOC) \
	F(S, STR, path, REQUIRED, "new directory; its parent exists") \
	F(S, STR_DEF, mode, "0755", "permissions, octal, in quotes")
FIELDS(mkdir_in, MKDIR_IN);

static int file_mkdir_run(struct op_ctx *ctx, const struct mkdir_in *in, struct none *out)
{
	unsigned mode;

	if (file_mode(ctx, in->mode, &mode))
		return OP_BROKEN;
	return mkdirat(file_at(in->at), in->path, mode) < 0 ? -errno : 0;
}

static int file_mkdir_check(struct op_ctx *ctx, const struct mkdir_in *in, const struct none *out)
{
	return is_there(ctx, file_at(in->at), in->path, S_IFDIR);
}
OP_CHECK(file_mkdir, mkdir_in, none)
OP(file_mkdir, "file.mkdir", mkdir_in, none,
	.doc = "Make a directory.",
	.source = "mkdir(2)",
	.touches = NSM_MNT, .mutates = NSM_MNT,
	.check = file_mkdir_checked);

#define TREE_IN(F, S) \
	F(S, FD, at, OPTIONAL, FILE_AT_DOC) \
	F(S, STRS, paths, REQUIRED, "new directories in this order, a parent before what is in it") \
	F(S, STR_DEF, mode, "0755", "permissions of each, octal, in quotes")
FIELDS(tree_in, TREE_IN);

static int file_tree_run(struct op_ctx *ctx, const struct tree_in *in, struct none *out)
{
	unsigned mode;

	if (file_mode(ctx, in->mode, &mode))
		return OP_BROKEN;
	for (size_t i = 0; i < in->paths.n; i++)
		if (mkdirat(file_at(in->at), in->paths.v[i], mode) < 0)
			return -errno;
	return 0;
}

static int file_tree_check(struct op_ctx *ctx, const struct tree_in *in, const struct none *out)
{
	const char *last = in->paths.n ? in->paths.v[in->paths.n - 1] : ".";

	return is_there(ctx, file_at(in->at), last, S_IFDIR);
}
OP_CHECK(file_tree, tree_in, none)
OP(file_tree, "file.tree", tree_in, none,
	.doc = "Make directories, up to the first that is refused.",
	.source = "mkdir(2)",
	.touches = NSM_MNT, .mutates = NSM_MNT,
	.check = file_tree_checked);

static const struct symbol node_symbols[] = {
	{ "file", S_IFREG, "empty regular file" },
	{ "char", S_IFCHR, "character device" },
	{ "block", S_IFBLK, "block device" },
	{ "fifo", S_IFIFO, "named pipe" },
	{ "socket", S_IFSOCK, "socket that nobody listens on" },
	{ 0 }
};

#define MKNOD_IN(F, S) \
	F(S, FD, at, OPTIONAL, FILE_AT_DOC) \
	F(S, STR, path, REQUIRED, "new file") \
	F(S, ENUM, type, REQUIRED, node_symbols, "what it is") \
	F(S, INT, major, OPTIONAL, 0, 4095, "major number of a device") \
	F(S, INT, minor, OPTIONAL, 0, 1048575, "minor number of a device") \
	F(S, STR_DEF, mode, "0644", "permissions, octal, in quotes")
FIELDS(mknod_in, MKNOD_IN);

static int file_mknod_run(struct op_ctx *ctx, const struct mknod_in *in, struct none *out)
{
	dev_t dev = makedev((unsigned)in->major, (unsigned)in->minor);
	unsigned mode;

	if (file_mode(ctx, in->mode, &mode))
		return OP_BROKEN;
	return mknodat(file_at(in->at), in->path, mode | (unsigned)in->type, dev) < 0 ? -errno : 0;
}

static int file_mknod_check(struct op_ctx *ctx, const struct mknod_in *in, const struct none *out)
{
	return is_there(ctx, file_at(in->at), in->path, (unsigned)in->type);
}
OP_CHECK(file_mknod, mknod_in, none)
OP(file_mknod, "file.mknod", mknod_in, none,
	.doc = "Make a device node, named pipe, socket or empty file.",
	.source = "mknod(2)",
	.touches = NSM_MNT, .mutates = NSM_MNT,
	.check = file_mknod_checked);

#define SYMLINK_IN(F, S) \
	F(S, FD, at, OPTIONAL, FILE_AT_DOC) \
	F(S, STR, target, REQUIRED, "text of the link") \
	F(S, STR, path, REQUIRED, "new link")
FIELDS(symlink_in, SYMLINK_IN);

static int file_symlink_run(struct op_ctx *ctx, const struct symlink_in *in, struct none *out)
{
	return symlinkat(in->target, file_at(in->at), in->path) < 0 ? -errno : 0;
}

static int file_symlink_check(struct op_ctx *ctx, const struct symlink_in *in,
			   const struct none *out)
{
	return is_there(ctx, file_at(in->at), in->path, S_IFLNK);
}
OP_CHECK(file_symlink, symlink_in, none)
OP(file_symlink, "file.symlink", symlink_in, none,
	.doc = "Make a symbolic link.",
	.source = "symlink(2)",
	.touches = NSM_MNT, .mutates = NSM_MNT,
	.check = file_symlink_checked);

#define NAME_IN(F, S) \
	F(S, FD, at, OPTIONAL, FILE_AT_DOC) \
	F(S, STR, path, REQUIRED, "name")
FIELDS(name_in, NAME_IN);

#define READLINK_OUT(F, S) \
	F(S, STR, target, REQUIRED, "text of the link")
FIELDS(readlink_out, READLINK_OUT);

static int file_readlink_run(struct op_ctx *ctx, const struct name_in *in, struct readlink_out *out)
{
	char text[PATH_MAX];
	ssize_t len = readlinkat(file_at(in->at), in->path, text, sizeof(text));

	if (len < 0)
		return -errno;
	out->target = pool_strndup(ctx->pool, text, (size_t)len);
	return 0;
}
OP(file_readlink, "file.readlink", name_in, readlink_out,
	.doc = "Read a symbolic link.",
	.source = "readlink(2)",
	.touches = NSM_MNT);

static int file_unlink_run(struct op_ctx *ctx, const struct name_in *in, struct none *out)
{
	return unlinkat(file_at(in->at), in->path, 0) < 0 ? -errno : 0;
}

static int file_unlink_check(struct op_ctx *ctx, const struct name_in *in, const struct none *out)
{
	return is_gone(ctx, file_at(in->at), in->path);
}
OP_CHECK(file_unlink, name_in, none)
OP(file_unlink, "file.unlink", name_in, none,
	.doc = "Remove a name that is no directory.",
	.source = "unlink(2)",
	.touches = NSM_MNT, .mutates = NSM_MNT,
	.check = file_unlink_checked);

static int file_rmdir_run(struct op_ctx *ctx, const struct name_in *in, struct none *out)
{
	return unlinkat(file_at(in->at), in->path, AT_REMOVEDIR) < 0 ? -errno : 0;
}

static int file_rmdir_check(struct op_ctx *ctx, const struct name_in *in, const struct none *out)
{
	return is_gone(ctx, file_at(in->at), in->path);
}
OP_CHECK(file_rmdir, name_in, none)
OP(file_rmdir, "file.rmdir", name_in, none,
	.doc = "Remove an empty directory.",
	.source = "rmdir(2)",
	.touches = NSM_MNT, .mutates = NSM_MNT,
	.check = file_rmdir_checked);

#define RENAME_IN(F, S) \
	F(S, FD, at, OPTIONAL, \
	  "directory that both paths start from; default the working directory") \
	F(S, STR, path, REQUIRED, "old name") \
	F(S, STR, to, REQUIRED, "new name")
FIELDS(rename_in, RENAME_IN);

static int file_rename_run(struct op_ctx *ctx, const struct rename_in *in, struct none *out)
{
	int at = file_at(in->at);

	return renameat(at, in->path, at, in->to) < 0 ? -errno : 0;
}

static void file_rename_before(struct op_ctx *ctx, const struct rename_in *in)
{
	struct stat *was = pool_new(ctx->pool, struct stat);

	if (fstatat(file_at(in->at), in->path, was, AT_SYMLINK_NOFOLLOW) == 0)
		ctx->before = was;
}
OP_BEFORE(file_rename, rename_in)

static int file_rename_check(struct op_ctx *ctx, const struct rename_in *in, const struct none *out)
{
	const struct stat *was = ctx->before;
	struct stat is;

	if (!was || fstatat(file_at(in->at), in->to, &is, AT_SYMLINK_NOFOLLOW) == 0)
		return was && (was->st_ino != is.st_ino || was->st_dev != is.st_dev) ?
			       op_undone(ctx, "%s is another file", in->to) : 0;
	return errno == ENOENT ? op_undone(ctx, "%s does not exist", in->to) : 0;
}
OP_CHECK(file_rename, rename_in, none)
OP(file_rename, "file.rename", rename_in, none,
	.doc = "Rename a file or directory.",
	.source = "rename(2)",
	.touches = NSM_MNT, .mutates = NSM_MNT,
	.check = file_rename_checked, .before = file_rename_noted);

static int file_link_run(struct op_ctx *ctx, const struct rename_in *in, struct none *out)
{
	int at = file_at(in->at);

	return linkat(at, in->path, at, in->to, 0) < 0 ? -errno : 0;
}
OP(file_link, "file.link", rename_in, none,
	.doc = "Give a file another name, too.",
	.source = "link(2)",
	.touches = NSM_MNT, .mutates = NSM_MNT,
	.check = file_rename_checked, .before = file_rename_noted);

#define CHMOD_IN(F, S) \
	F(S, FD, at, OPTIONAL, FILE_AT_DOC) \
	F(S, STR, path, REQUIRED, "file") \
	F(S, STR, mode, REQUIRED, "new permissions, octal, in quotes")
FIELDS(chmod_in, CHMOD_IN);

static int file_chmod_run(struct op_ctx *ctx, const struct chmod_in *in, struct none *out)
{
	unsigned mode;

	if (file_mode(ctx, in->mode, &mode))
		return OP_BROKEN;
	return fchmodat(file_at(in->at), in->path, mode, 0) < 0 ? -errno : 0;
}

static int file_chmod_check(struct op_ctx *ctx, const struct chmod_in *in, const struct none *out)
{
	struct stat st;
	unsigned mode;

	/* Who is not in the file's group loses its set-group-ID bit. */
	if (file_mode(ctx, in->mode, &mode) || fstatat(file_at(in->at), in->path, &st, 0) < 0 ||
	    !((st.st_mode ^ mode) & 07777 & ~S_ISGID))
		return 0;
	return op_undone(ctx, "the permissions of %s are %04o", in->path, st.st_mode & 07777);
}
OP_CHECK(file_chmod, chmod_in, none)
OP(file_chmod, "file.chmod", chmod_in, none,
	.doc = "Change the permissions of a file.",
	.source = "chmod(2)",
	.touches = NSM_MNT, .mutates = NSM_MNT,
	.check = file_chmod_checked);

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

#define OPEN_IN(F, S) \
	F(S, FD, at, OPTIONAL, FILE_AT_DOC) \
	F(S, STR, path, REQUIRED, "file") \
	F(S, FLAGS, flags, OPTIONAL, open_symbols, \
	  "O_* flags without the prefix; O_CLOEXEC is implied") \
	F(S, STR_DEF, mode, "0644", "permissions of a new file, octal, in quotes")
FIELDS(open_in, OPEN_IN);

#define OPEN_OUT(F, S) \
	F(S, FD, fd, REQUIRED, "the open file")
FIELDS(open_out, OPEN_OUT);

static int file_open_run(struct op_ctx *ctx, const struct open_in *in, struct open_out *out)
{
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
OP(file_open, "file.open", open_in, open_out,
	.doc = "Open a file; the descriptor is the result.",
	.source = "open(2)",
	.touches = NSM_MNT, .mutates = NSM_MNT);

#define CHDIR_IN(F, S) \
	F(S, FD, fd, OPTIONAL, "directory, instead of a path") \
	F(S, STR, path, OPTIONAL, "directory")
FIELDS(chdir_in, CHDIR_IN);

static int file_chdir_run(struct op_ctx *ctx, const struct chdir_in *in, struct none *out)
{
	if ((in->fd >= 0) == (in->path != NULL))
		return op_broken(ctx, "either path or fd");
	return (in->path ? chdir(in->path) : fchdir(in->fd)) < 0 ? -errno : 0;
}

static void file_chdir_before(struct op_ctx *ctx, const struct chdir_in *in)
{
	struct file_stat *there = pool_new(ctx->pool, struct file_stat);
	int rc = in->path ? file_stat_at(ctx, AT_FDCWD, in->path, 0, there) :
			    file_stat_at(ctx, in->fd, "", AT_EMPTY_PATH, there);

	if (!rc)
		ctx->before = there;
}
OP_BEFORE(file_chdir, chdir_in)

static int file_chdir_check(struct op_ctx *ctx, const struct chdir_in *in, const struct none *out)
{
	const struct file_stat *there = ctx->before;
	struct file_stat here;

	if (!there || file_stat_at(ctx, AT_FDCWD, ".", 0, &here) < 0 ||
	    (there->ino == here.ino && there->dev == here.dev && there->mnt_id == here.mnt_id))
		return 0;
	return op_undone(ctx, "the working directory is another one");
}
OP_CHECK(file_chdir, chdir_in, none)
OP(file_chdir, "file.chdir", chdir_in, none,
	.doc = "Change the working directory.",
	.source = "chdir(2), fchdir(2)",
	.touches = NSM_MNT, .flags = OP_SINGLE,
	.check = file_chdir_checked, .before = file_chdir_noted);

#define CWD_OUT(F, S) \
	F(S, STR, path, REQUIRED, \
	  "working directory; starts with (unreachable) when the root does not lead there")
FIELDS(cwd_out, CWD_OUT);

/* Not getcwd(3), which turns an unreachable directory into ENOENT. */
static int file_cwd_run(struct op_ctx *ctx, const struct none *in, struct cwd_out *out)
{
	char path[PATH_MAX];

	if (sys_call(SYS_getcwd, path, sizeof(path)) < 0)
		return -errno;
	out->path = pool_strdup(ctx->pool, path);
	return 0;
}
OP(file_cwd, "file.cwd", none, cwd_out,
	.doc = "Read the path of the working directory.",
	.source = "getcwd(2)",
	.touches = NSM_MNT);

/* A row per op: they differ in words only. */
