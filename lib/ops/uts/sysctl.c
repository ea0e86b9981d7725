// SPDX-License-Identifier: GPL-2.0-only
/*
 * The sysctls of UTS namespaces.
 */
#include "../sysctl.h"

static const char *const prefixes[] = {
	"kernel.hostname", "kernel.domainname", "kernel.ostype", "kernel.osrelease",
	"kernel.version", "kernel.arch", NULL
};

static int uts_sysctl_get_run(struct op_ctx *ctx, const struct sysctl_get_in *in,
			      struct sysctl_value_out *out)
{
	return sysctl_get_op(ctx, prefixes, in, out);
}
OP(uts_sysctl_get, "uts.sysctl_get", sysctl_get_in, sysctl_value_out,
	.doc = "Read a sysctl of the UTS namespace.",
	.source = "read(2), kernel/utsname_sysctl.c",
	.touches = NSM_UTS);

static int uts_sysctl_set_run(struct op_ctx *ctx, const struct sysctl_set_in *in, struct none *out)
{
	return sysctl_set_op(ctx, prefixes, in);
}

static void uts_sysctl_set_before(struct op_ctx *ctx, const struct sysctl_set_in *in)
{
	sysctl_set_note(ctx, prefixes, in);
}
OP_BEFORE(uts_sysctl_set, sysctl_set_in)

static int uts_sysctl_set_check(struct op_ctx *ctx, const struct sysctl_set_in *in,
			   const struct none *out)
{
	return sysctl_set_check(ctx, prefixes, in);
}
OP_CHECK(uts_sysctl_set, sysctl_set_in, none)
OP(uts_sysctl_set, "uts.sysctl_set", sysctl_set_in, none,
	.doc = "Write a sysctl of the UTS namespace.",
	.source = "write(2), kernel/utsname_sysctl.c", .asks = "sysctl.writable",
	.touches = NSM_UTS, .mutates = NSM_UTS,
	.check = uts_sysctl_set_checked, .before = uts_sysctl_set_noted);

static int uts_sysctl_open_run(struct op_ctx *ctx, const struct sysctl_open_in *in,
			       struct sysctl_open_out *out)
{
	return sysctl_open_op(ctx, prefixes, in, out);
}
OP(uts_sysctl_open, "uts.sysctl_open", sysctl_open_in, sysctl_open_out,
	.doc = "Open a sysctl of the UTS namespace.",
	.source = "open(2), kernel/utsname_sysctl.c", .asks = "sysctl.writable",
	.touches = NSM_UTS);
