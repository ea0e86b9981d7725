// SPDX-License-Identifier: GPL-2.0-only
/*
 * The sysctls of network namespaces.
 */
#include "../sysctl.h"

static const char *const prefixes[] = { "net.", NULL };

static int net_sysctl_get_run(struct op_ctx *ctx, const struct sysctl_get_in *in,
			      struct sysctl_value_out *out)
{
	return sysctl_get_op(ctx, prefixes, in, out);
}
OP(net_sysctl_get, "net.sysctl_get", sysctl_get_in, sysctl_value_out,
	.doc = "Read a sysctl of the network namespace.",
	.source = "read(2), net/sysctl_net.c",
	.touches = NSM_NET);

static int net_sysctl_set_run(struct op_ctx *ctx, const struct sysctl_set_in *in, struct none *out)
{
	return sysctl_set_op(ctx, prefixes, in);
}

static void net_sysctl_set_before(struct op_ctx *ctx, const struct sysctl_set_in *in)
{
	sysctl_set_note(ctx, prefixes, in);
}
OP_BEFORE(net_sysctl_set, sysctl_set_in)

static int net_sysctl_set_check(struct op_ctx *ctx, const struct sysctl_set_in *in,
			   const struct none *out)
{
	return sysctl_set_check(ctx, prefixes, in);
}
OP_CHECK(net_sysctl_set, sysctl_set_in, none)
OP(net_sysctl_set, "net.sysctl_set", sysctl_set_in, none,
	.doc = "Write a sysctl of the network namespace.",
	.source = "write(2), net/sysctl_net.c", .asks = "sysctl.writable",
	.touches = NSM_NET, .mutates = NSM_NET,
	.check = net_sysctl_set_checked, .before = net_sysctl_set_noted);

static int net_sysctl_open_run(struct op_ctx *ctx, const struct sysctl_open_in *in,
			       struct sysctl_open_out *out)
{
	return sysctl_open_op(ctx, prefixes, in, out);
}
OP(net_sysctl_open, "net.sysctl_open", sysctl_open_in, sysctl_open_out,
	.doc = "Open a sysctl of the network namespace.",
	.source = "open(2), net/sysctl_net.c", .asks = "sysctl.writable",
	.touches = NSM_NET);
