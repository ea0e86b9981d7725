/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the ops on files, names and descriptors share.
 */
#ifndef NSC_OPS_FILE_H
#define NSC_OPS_FILE_H

#include <fcntl.h>

#include "nsc/op.h"

#define FILE_AT_DOC "directory that the path starts from; default the working directory"

static inline int file_at(int fd)
{
	return fd < 0 ? AT_FDCWD : fd;
}

/* Permissions from octal text: 0, or OP_BROKEN. */
int file_mode(struct op_ctx *ctx, const char *octal, unsigned *mode);
/* 0, or OP_BROKEN when writing to FD would change more than files. */
int file_may_write(struct op_ctx *ctx, int fd);

#define FILE_STAT(F, S) \
	F(S, INT, ino, REQUIRED, 0, 0, "inode number") \
	F(S, INT, dev, REQUIRED, 0, 0, "device number of the file system") \
	F(S, INT, uid, REQUIRED, 0, 0, "owner as the caller sees it") \
	F(S, INT, gid, REQUIRED, 0, 0, "group as the caller sees it") \
	F(S, STR, mode, REQUIRED, "permission bits, four octal digits") \
	F(S, STR, type, REQUIRED, "file, dir, link, char, block, fifo, socket or other") \
	F(S, INT, nlink, REQUIRED, 0, 0, "number of hard links") \
	F(S, INT, size, REQUIRED, 0, 0, "bytes") \
	F(S, INT, rdev, REQUIRED, 0, 0, "device number of a device node") \
	F(S, INT, mnt_id, REQUIRED, 0, 0, "ID of the mount it was reached through") \
	F(S, BOOL, mount_root, "is the root of a mount")
FIELDS(file_stat, FILE_STAT);

/* FLAGS as of statx(2); 0, or -errno. */
int file_stat_at(struct op_ctx *ctx, int at, const char *path, int flags, struct file_stat *out);

#define FILE_LIST(F, S) \
	F(S, STRS, names, REQUIRED, "names in byte order, without . and ..") \
	F(S, TOTAL, count, "number of names")
FIELDS(file_list, FILE_LIST);

int file_list_at(struct op_ctx *ctx, int at, const char *path, struct file_list *out);

#endif
