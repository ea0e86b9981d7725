// SPDX-License-Identifier: GPL-2.0-only
/*
 * Making, deleting and listing what has a user's name or number in a list of the kernel.
 */
#include "../seen.h"
#include "kinds.h"

#define ONE_IN(F, S) \
	F(S, ENUM, kind, REQUIRED, object_kinds, "what it is") \
	F(S, STR, name, REQUIRED, "its name, or its number in quotes")
FIELDS(one_in, ONE_IN);

static int object_add_run(struct op_ctx *ctx, const struct one_in *in, struct none *out)
{
	return object_change(ctx, in->kind, OBJECT_ADD, in->name);
}
OP(object_add, "object.add", one_in, none,
	.doc = "Make a named or numbered object.",
	.source = "netlink(7); the header of its kind in include/uapi/linux",
	.asks = "cap.NET_ADMIN",
	.touches = NSM_NET, .mutates = NSM_NET,
	.seen = "object");

static int object_del_run(struct op_ctx *ctx, const struct one_in *in, struct none *out)
{
	return object_change(ctx, in->kind, OBJECT_DEL, in->name);
}
OP(object_del, "object.del", one_in, none,
	.doc = "Delete a named or numbered object.",
	.source = "netlink(7); the header of its kind in include/uapi/linux",
	.asks = "cap.NET_ADMIN",
	.touches = NSM_NET, .mutates = NSM_NET,
	.seen = "object");

#define LIST_IN(F, S) \
	F(S, ENUM, kind, REQUIRED, object_kinds, "what is listed")
FIELDS(list_in, LIST_IN);

#define LIST_OUT(F, S) \
	F(S, STRS, names, REQUIRED, "names or numbers, in the order of the kernel") \
	F(S, TOTAL, count, "how many")
FIELDS(list_out, LIST_OUT);

static int object_list_run(struct op_ctx *ctx, const struct list_in *in, struct list_out *out)
{
	int ret = object_list(ctx, in->kind, &out->names);

	out->count = (int64_t)out->names.n;
	return ret;
}
OP(object_list, "object.list", list_in, list_out,
	.doc = "List the objects of a kind.",
	.source = "netlink(7); the header of its kind in include/uapi/linux",
	.asks = "cap.NET_ADMIN",
	.touches = NSM_NET);
