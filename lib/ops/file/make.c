// SPDX-License-Identifier: GPL-2.0-only
/*
 * All ways in which a name or an inode comes into a directory, or leaves it, as rows of one table,
 * so that what holds for one can be asked of all.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "../file.h"
#include "nsc/sys.h"
#include "nsc/syscall.h"

#ifndef RENAME_NOREPLACE /* before glibc 2.28 */
#define RENAME_NOREPLACE 1
#endif

static int make_open(const char *path, const char *from)
{
	AUTO_FD fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

	return fd < 0 ? -1 : 0;
}

static int make_exclusive(const char *path, const char *from)
{
	AUTO_FD fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644);

	return fd < 0 ? -1 : 0;
}

static int make_tmpfile(const char *path, const char *from)
{
	AUTO_FD fd = open(from, O_RDWR | O_TMPFILE | O_CLOEXEC, 0644);

	return fd < 0 ? -1 : 0;
}

static int make_linked_tmpfile(const char *path, const char *from)
{
	AUTO_FD fd = open(from, O_WRONLY | O_TMPFILE | O_CLOEXEC, 0644);
	char link[64];

	if (fd < 0)
		return -1;
	snprintf(link, sizeof(link), "/proc/thread-self/fd/%d", fd);
	return linkat(AT_FDCWD, link, AT_FDCWD, path, AT_SYMLINK_FOLLOW);
}

static int make_dir(const char *path, const char *from)
{
	return mkdir(path, 0755);
}

static int make_regular(const char *path, const char *from)
{
	return mknod(path, S_IFREG | 0644, 0);
}

static int make_fifo(const char *path, const char *from)
{
	return mknod(path, S_IFIFO | 0644, 0);
}

static int make_socket(const char *path, const char *from)
{
	return mknod(path, S_IFSOCK | 0644, 0);
}

static int make_whiteout(const char *path, const char *from)
{
	return mknod(path, S_IFCHR | 0644, 0);
}

static int make_bound(const char *path, const char *from)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	AUTO_FD fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	snprintf(addr.sun_path, sizeof(addr.sun_path), "%s", path);
	return bind(fd, (struct sockaddr *)&addr, sizeof(addr));
}

static int make_symlink(const char *path, const char *from)
{
	return symlink("nowhere", path);
}

static int make_link(const char *path, const char *from)
{
	return link(from, path);
}

static int make_renamed(const char *path, const char *from)
{
	return rename(from, path);
}

static int make_renamed_alone(const char *path, const char *from)
{
	return (int)sys_call(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, path, RENAME_NOREPLACE);
}

static int unmake(const char *path, const char *from)
{
	return unlink(from);
}

static int unmake_dir(const char *path, const char *from)
{
	return rmdir(from);
}

#define WAYS(X) \
	X(open, make_open, "open(2) O_CREAT") \
	X(exclusive, make_exclusive, "open(2) O_CREAT, O_EXCL") \
	X(tmpfile, make_tmpfile, "open(2) O_TMPFILE in the directory `from`") \
	X(linked_tmpfile, make_linked_tmpfile, "the same, and a name by linkat(2)") \
	X(mkdir, make_dir, "mkdir(2)") \
	X(regular, make_regular, "mknod(2) S_IFREG") \
	X(fifo, make_fifo, "mknod(2) S_IFIFO") \
	X(socket, make_socket, "mknod(2) S_IFSOCK") \
	X(whiteout, make_whiteout, "mknod(2) S_IFCHR of device 0:0") \
	X(bind, make_bound, "bind(2) of a unix socket") \
	X(symlink, make_symlink, "symlink(2)") \
	X(link, make_link, "link(2) of `from`") \
	X(rename, make_renamed, "rename(2) of `from`") \
	X(noreplace, make_renamed_alone, "renameat2(2) RENAME_NOREPLACE of `from`") \
	X(unlink, unmake, "unlink(2) of `from`") \
	X(rmdir, unmake_dir, "rmdir(2) of `from`")

#define WAY_ENUM(name, run, doc) WAY_##name,
#define WAY_SYMBOL(name, run, doc_) { #name, WAY_##name, doc_ },
#define WAY_RUN(name, run, doc) [WAY_##name] = run,

enum { WAYS(WAY_ENUM) };
static const struct symbol way_symbols[] = { WAYS(WAY_SYMBOL) { 0 } };
static int (*const ways[])(const char *path, const char *from) = { WAYS(WAY_RUN) };

#define MAKE_IN(F, S) \
	F(S, ENUM, way, REQUIRED, way_symbols, "how") \
	F(S, STR_DEF, path, "", "new name; where it is only taken away, none") \
	F(S, STR_DEF, from, "", "what it is made of, or what is taken away")
FIELDS(make_in, MAKE_IN);

static int file_make_run(struct op_ctx *ctx, const struct make_in *in, struct none *out)
{
	return ways[in->way](in->path, in->from) < 0 ? -errno : 0;
}

static int file_make_check(struct op_ctx *ctx, const struct make_in *in, const struct none *out)
{
	bool gone = in->way == WAY_unlink || in->way == WAY_rmdir;
	const char *path = gone ? in->from : in->path;
	struct stat st;
	bool there = fstatat(AT_FDCWD, path, &st, AT_SYMLINK_NOFOLLOW) == 0;

	if (in->way == WAY_tmpfile || there != gone)
		return 0;
	return op_undone(ctx, "%s is %s", path, there ? "still there" : "not there");
}
OP_CHECK(file_make, make_in, none)
OP(file_make, "file.make", make_in, none,
	.doc = "Make or take away a name, in one of all the ways that there are.",
	.source = "open(2), mknod(2), mkdir(2), symlink(2), link(2), rename(2), unlink(2), bind(2)",
	.touches = NSM_MNT, .mutates = NSM_MNT,
	.check = file_make_checked);
