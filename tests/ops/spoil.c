// SPDX-License-Identifier: GPL-2.0-only
/*
 * An op that spoils a machine, for the tests of virtual machines.
 */
#include <stdlib.h>

#include "nsc/op.h"
#include "nsc/sys.h"

static const char path[] = "/proc/sys/fs/mount-max";

#define SPOIL_OUT(F, S) \
	F(S, INT, before, REQUIRED, 0, INT32_MAX, "what it was")
FIELDS(spoil_out, SPOIL_OUT);

static int spoil_mount_max_run(struct op_ctx *ctx, const struct none *in, struct spoil_out *out)
{
	char *text;
	int rc = sys_read_file(ctx->pool, path, 64, &text, NULL);

	if (rc < 0)
		return op_broken(ctx, "no %s", path);
	out->before = atoll(text);
	return sys_write_file(path, "4321\n");
}
OP(spoil_mount_max, "spoil.mount_max", none, spoil_out,
	.doc = "Change the most mounts, for good.",
	.source = "tests",
	.touches = NSM_MNT, .flags = OP_HOST | OP_SPOILS);
