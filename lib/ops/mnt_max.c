// SPDX-License-Identifier: GPL-2.0-only
/*
 * The bound on mounts per namespace, which is one number for the whole machine.
 */
#include <stdlib.h>

#include "nsc/op.h"
#include "nsc/sys.h"

static const char max_path[] = "/proc/sys/fs/mount-max";

struct mnt_max {
	int64_t value;
};

static const struct field mnt_max_fields[] = {
	F_INT(struct mnt_max, value, REQUIRED, 1, INT32_MAX, "most mounts in one namespace"),
	F_END
};

static int mnt_max_get_run(struct op_ctx *ctx, const void *params, void *results)
{
	struct mnt_max *out = results;
	char *text;
	int rc = sys_read_file(ctx->pool, max_path, 64, &text, NULL);

	(void)params;
	if (rc < 0)
		return rc;
	out->value = atoll(text);
	return 0;
}

static int mnt_max_set_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct mnt_max *in = params;

	(void)results;
	return sys_write_file(max_path, pool_printf(ctx->pool, "%lld\n", (long long)in->value));
}

const struct op mnt_max_ops[] = {
	{
		.name = "mnt.max_get",
		.doc = "Read how many mounts one namespace may have.",
		.source = "proc(5) /proc/sys/fs/mount-max",
		.out = mnt_max_fields, .out_size = sizeof(struct mnt_max),
		.touches = NSM_MNT,
		.run = mnt_max_get_run,
	},
	{
		.name = "mnt.max_set",
		.doc = "Set how many mounts one namespace may have, on the whole machine.",
		.source = "proc(5) /proc/sys/fs/mount-max",
		.in = mnt_max_fields, .in_size = sizeof(struct mnt_max),
		.touches = NSM_MNT,
		.flags = OP_HOST,
		.run = mnt_max_set_run,
	},
	{ 0 }
};
