// SPDX-License-Identifier: GPL-2.0-only
/*
 * Limits on the number of namespaces, /proc/sys/user.  The files are those of the user
 * namespace of whoever opens them.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>

#include "ns.h"
#include "nsc/sys.h"

static const char *limit_path(struct pool *pool, int64_t type)
{
	return pool_printf(pool, "/proc/sys/user/max_%s_namespaces", ns_kinds[type].name);
}

struct limit_get_in {
	int64_t type;
};

static const struct field limit_get_in_fields[] = {
	F_ENUM(struct limit_get_in, type, REQUIRED, ns_type_symbols, "namespace type"),
	F_END
};

struct limit_get_out {
	int64_t value;
};

static const struct field limit_get_out_fields[] = {
	F_INT(struct limit_get_out, value, REQUIRED, 0, 0, "how many namespaces a user may have"),
	F_END
};

static int limit_get_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct limit_get_in *in = params;
	struct limit_get_out *out = results;
	char *text, *end;
	int rc = sys_read_file(ctx->pool, limit_path(ctx->pool, in->type), 64, &text, NULL);

	if (rc)
		return rc;
	out->value = strtoll(text, &end, 10);
	return end == text ? op_broken(ctx, "no number in a limit file") : 0;
}

struct limit_set_in {
	int64_t type, value;
};

static const struct field limit_set_in_fields[] = {
	F_ENUM(struct limit_set_in, type, REQUIRED, ns_type_symbols, "namespace type"),
	F_INT(struct limit_set_in, value, REQUIRED, 0, 0, "how many namespaces a user may have"),
	F_END
};

static int limit_set_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct limit_set_in *in = params;

	(void)results;
	return sys_write_file(limit_path(ctx->pool, in->type),
			      pool_printf(ctx->pool, "%lld\n", (long long)in->value));
}

const struct op ns_limit_ops[] = {
	{
		.name = "ns.limit_get",
		.doc = "Read the caller's limit on namespaces of a type.",
		.source = "namespaces(7)",
		OP_IN(limit_get), OP_OUT(limit_get),
		.touches = NSM_USER,
		.run = limit_get_run,
	},
	{
		.name = "ns.limit_set",
		.doc = "Set the limit on namespaces of a type in the caller's user namespace.",
		.source = "namespaces(7)",
		OP_IN(limit_set),
		.touches = NSM_USER, .mutates = NSM_USER,
		.asks = "sysctl.writable",
		.run = limit_set_run,
	},
	{ 0 }
};
