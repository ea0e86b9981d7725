// SPDX-License-Identifier: GPL-2.0-only
/*
 * Kernel parameters that are the whole machine's, whatever namespace the caller is in.
 */
#include <stdlib.h>

#include "../sysctl.h"

static const char *const prefixes[] = { "fs.", "kernel.", "net.netfilter.", NULL };

#define VALUE_OUT(F, S) \
	SYSCTL_VALUE_OUT(F, S) \
	F(S, INT, number, REQUIRED, 0, 0, "the number that it begins with, or 0")
FIELDS(value_out, VALUE_OUT);

static int machine_sysctl_get_run(struct op_ctx *ctx, const struct sysctl_get_in *in,
				  struct value_out *out)
{
	struct sysctl_value_out got = { 0 };
	int rc = sysctl_get_op(ctx, prefixes, in, &got);

	out->value = got.value;
	out->number = rc ? 0 : strtoll(got.value, NULL, 10);
	return rc;
}
OP(machine_sysctl_get, "machine.sysctl_get", sysctl_get_in, value_out,
	.doc = "Read a sysctl that the whole machine has.",
	.source = "read(2), Documentation/admin-guide/sysctl/");

static int machine_sysctl_set_run(struct op_ctx *ctx, const struct sysctl_set_in *in,
				  struct none *out)
{
	return sysctl_set_op(ctx, prefixes, in);
}

static void machine_sysctl_set_before(struct op_ctx *ctx, const struct sysctl_set_in *in)
{
	sysctl_set_note(ctx, prefixes, in);
}
OP_BEFORE(machine_sysctl_set, sysctl_set_in)

static int machine_sysctl_set_check(struct op_ctx *ctx, const struct sysctl_set_in *in,
				    const struct none *out)
{
	return sysctl_set_check(ctx, prefixes, in);
}
OP_CHECK(machine_sysctl_set, sysctl_set_in, none)
OP(machine_sysctl_set, "machine.sysctl_set", sysctl_set_in, none,
	.doc = "Write a sysctl that the whole machine has; the scenario puts back what was there.",
	.source = "write(2), Documentation/admin-guide/sysctl/", .asks = "sysctl.writable",
	.flags = OP_HOST,
	.check = machine_sysctl_set_checked, .before = machine_sysctl_set_noted);
