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

#endif
