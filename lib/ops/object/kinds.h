/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Kinds of objects in lists of the kernel to which a user gives a name or a number, and the netlink
 * messages that make, delete and list them.
 */
#ifndef NSC_OPS_OBJECT_KINDS_H
#define NSC_OPS_OBJECT_KINDS_H

#include "../../net/netlink.h"

extern const struct symbol object_kinds[];

enum object_act { OBJECT_ADD, OBJECT_DEL, OBJECT_LIST, OBJECT_ACTS };

/* NAME is the text of a number where the kind has numbers. 0, -errno or op_broken(). */
int object_change(struct op_ctx *ctx, int64_t kind, enum object_act act, const char *name);
int object_list(struct op_ctx *ctx, int64_t kind, struct strs *names);

#endif
