// SPDX-License-Identifier: GPL-2.0-only
/*
 * The sysctls of IPC namespaces.
 */
#include "../sysctl.h"

static const char *const prefixes[] = {
	"kernel.msg", "kernel.sem", "kernel.shm", "kernel.auto_msgmni", "fs.mqueue.", NULL
};

static int ipc_sysctl_get_run(struct op_ctx *ctx, const struct sysctl_get_in *in,
			      struct sysctl_value_out *out)
{
	return sysctl_get_op(ctx, prefixes, in, out);
}
OP(ipc_sysctl_get, "ipc.sysctl_get", sysctl_get_in, sysctl_value_out,
	.doc = "Read a sysctl of the IPC namespace.",
	.source = "read(2), ipc/ipc_sysctl.c, ipc/mq_sysctl.c",
	.touches = NSM_IPC);

static int ipc_sysctl_set_run(struct op_ctx *ctx, const struct sysctl_set_in *in, struct none *out)
{
	return sysctl_set_op(ctx, prefixes, in);
}

static void ipc_sysctl_set_before(struct op_ctx *ctx, const struct sysctl_set_in *in)
{
	sysctl_set_note(ctx, prefixes, in);
}
OP_BEFORE(ipc_sysctl_set, sysctl_set_in)

static int ipc_sysctl_set_check(struct op_ctx *ctx, const struct sysctl_set_in *in,
			   const struct none *out)
{
	return sysctl_set_check(ctx, prefixes, in);
}
OP_CHECK(ipc_sysctl_set, sysctl_set_in, none)
OP(ipc_sysctl_set, "ipc.sysctl_set", sysctl_set_in, none,
	.doc = "Write a sysctl of the IPC namespace.",
	.source = "write(2), ipc/ipc_sysctl.c, ipc/mq_sysctl.c", .asks = "sysctl.writable",
	.touches = NSM_IPC, .mutates = NSM_IPC,
	.check = ipc_sysctl_set_checked, .before = ipc_sysctl_set_noted);

static int ipc_sysctl_open_run(struct op_ctx *ctx, const struct sysctl_open_in *in,
			       struct sysctl_open_out *out)
{
	return sysctl_open_op(ctx, prefixes, in, out);
}
OP(ipc_sysctl_open, "ipc.sysctl_open", sysctl_open_in, sysctl_open_out,
	.doc = "Open a sysctl of the IPC namespace.",
	.source = "open(2), ipc/ipc_sysctl.c, ipc/mq_sysctl.c", .asks = "sysctl.writable",
	.touches = NSM_IPC);
