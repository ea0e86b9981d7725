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

struct file_stat {
	int64_t ino, dev, uid, gid, nlink, size, rdev, mnt_id;
	const char *mode, *type;
	bool mount_root;
};

extern const struct field file_stat_fields[];
/* FLAGS as of statx(2); 0, or -errno. */
int file_stat_at(struct op_ctx *ctx, int at, const char *path, int flags, struct file_stat *out);

struct file_list {
	struct strs names;
	int64_t count;
};

extern const struct field file_list_fields[];
int file_list_at(struct op_ctx *ctx, int at, const char *path, struct file_list *out);

#endif
