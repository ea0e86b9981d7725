// SPDX-License-Identifier: GPL-2.0-only
/*
 * The bound on mounts per namespace, which is one number for the whole machine.
 */
#include <stdlib.h>

#include "nsc/op.h"
#include "nsc/sys.h"

static const char max_path[] = "/proc/sys/fs/mount-max";

#define MNT_MAX(F, S) \
	F(S, INT, value, REQUIRED, 1, INT32_MAX, "most mounts in one namespace")
FIELDS(mnt_max, MNT_MAX);

static int mnt_max_get_run(struct op_ctx *ctx, const struct none *in, struct mnt_max *out)
{
	char *text;
	int rc = sys_read_file(ctx->pool, max_path, 64, &text, NULL);

	if (rc < 0)
		return rc;
	out->value = atoll(text);
	return 0;
}
OP(mnt_max_get, "mnt.max_get", none, mnt_max,
	.doc = "Read how many mounts one namespace may have.",
	.source = "proc(5) /proc/sys/fs/mount-max",
	.touches = NSM_MNT);

static int mnt_max_set_run(struct op_ctx *ctx, const struct mnt_max *in, struct none *out)
{
	return sys_write_file(max_path, pool_printf(ctx->pool, "%lld\n", (long long)in->value));
}

static int mnt_max_set_check(struct op_ctx *ctx, const struct mnt_max *in, const struct none *out)
{
	struct mnt_max now = { 0 };
	int rc = mnt_max_get_run(ctx, NULL, &now);

	return rc || now.value == in->value ? 0 :
		op_undone(ctx, "the limit is %lld", (long long)now.value);
}
OP_CHECK(mnt_max_set, mnt_max, none)
OP(mnt_max_set, "mnt.max_set", mnt_max, none,
	.doc = "Set how many mounts one namespace may have, on the whole machine.",
	.source = "proc(5) /proc/sys/fs/mount-max",
	.touches = NSM_MNT, .flags = OP_HOST,
	.check = mnt_max_set_checked);
