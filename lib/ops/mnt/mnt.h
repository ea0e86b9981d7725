/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the ops on mounts share.
 */
#ifndef NSC_OPS_MNT_H
#define NSC_OPS_MNT_H

#include "nsc/op.h"

#define MNT_AT_DOC "directory or mount that the path starts from; default the working directory"

/* Names of the four propagation types; the values are MS_*. */
extern const struct symbol mnt_type_symbols[];

/*
 * PATH starting from descriptor AT, for calls that take no descriptor: through
 * /proc/thread-self/fd.  PATH itself when AT is not given; "" or NULL is AT itself.
 */
const char *mnt_path(struct op_ctx *ctx, int at, const char *path);

/* For .before and .check of the ops that change mounts: lib/ops/mnt/seen.c. */

/* ctx->before: which mount is at PATH, and where PATH leads to. */
void mnt_note(struct op_ctx *ctx, const char *path);
/* Something has been mounted at PATH, which was noted. */
int mnt_is_covered(struct op_ctx *ctx, const char *path);
/* The mount that was noted is not there any more. */
int mnt_is_gone(struct op_ctx *ctx, const char *path);
/* The mount that was noted is at PATH. */
int mnt_is_at(struct op_ctx *ctx, const char *path);
/* PATH leads to the directory, through the mount, that was noted. */
int mnt_is_root(struct op_ctx *ctx);
/* The mount at PATH has the flags SET (MS_RDONLY to MS_NOEXEC), and none of CLEAR. */
int mnt_has_flags(struct op_ctx *ctx, const char *path, uint64_t set, uint64_t clear);
/* The mount at PATH is of the propagation type MS_*. */
int mnt_is_of_type(struct op_ctx *ctx, const char *path, int64_t type);

/* A line of the caller's mount table. */
struct mount_seen {
	int64_t parent;
	const char *point;
	bool shared, slave, unbindable, rdonly;
};
/* The mount ID of the caller's table; false when it is not there, or nothing can be told. */
bool mnt_find(struct op_ctx *ctx, int64_t id, struct mount_seen *seen);
/* Whether a mount with that parent is at POINT. */
bool mnt_is_mounted_on(struct op_ctx *ctx, int64_t parent, const char *point);

#endif
