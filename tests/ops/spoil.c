// SPDX-License-Identifier: GPL-2.0-only
/*
 * An op that spoils a machine, for the tests of virtual machines.
 */
#include <stdlib.h>

#include "nsc/op.h"
#include "nsc/sys.h"

static const char path[] = "/proc/sys/fs/mount-max";

struct spoil_out {
	int64_t before;
};

static const struct field spoil_out_fields[] = {
	F_INT(struct spoil_out, before, REQUIRED, 0, INT32_MAX, "what it was"),
	F_END
};

static int spoil_run(struct op_ctx *ctx, const void *in, void *results)
{
	struct spoil_out *out = results;
	char *text;
	int rc = sys_read_file(ctx->pool, path, 64, &text, NULL);

	(void)in;
	if (rc < 0)
		return op_broken(ctx, "no %s", path);
	out->before = atoll(text);
	return sys_write_file(path, "4321\n");
}

const struct op spoil_ops[] = {
	{ .name = "spoil.mount_max", .doc = "Change the most mounts, for good.", .source = "tests",
	  OP_OUT(spoil), .touches = NSM_MNT, .flags = OP_HOST | OP_SPOILS, .run = spoil_run },
	{ 0 }
};
