// SPDX-License-Identifier: GPL-2.0-only
/*
 * Limits on the number of namespaces, /proc/sys/user.  The files are those of the user
 * namespace of whoever opens them.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>

#include "../ns.h"
#include "nsc/sys.h"

static const char *limit_path(struct pool *pool, int64_t type)
{
	return pool_printf(pool, "/proc/sys/user/max_%s_namespaces", ns_kinds[type].name);
}

#define LIMIT_GET_IN(F, S) \
	F(S, ENUM, type, REQUIRED, ns_type_symbols, "namespace type")
FIELDS(limit_get_in, LIMIT_GET_IN);

#define LIMIT_GET_OUT(F, S) \
	F(S, INT, value, REQUIRED, 0, 0, "how many namespaces a user may have")
FIELDS(limit_get_out, LIMIT_GET_OUT);

static int ns_limit_get_run(struct op_ctx *ctx, const struct limit_get_in *in,
			    struct limit_get_out *out)
{
	char *text, *end;
	int rc = sys_read_file(ctx->pool, limit_path(ctx->pool, in->type), 64, &text, NULL);

	if (rc)
		return rc;
	out->value = strtoll(text, &end, 10);
	return end == text ? op_broken(ctx, "no number in a limit file") : 0;
}
OP(ns_limit_get, "ns.limit_get", limit_get_in, limit_get_out,
	.doc = "Read the caller's limit on namespaces of a type.",
	.source = "namespaces(7)",
	.touches = NSM_USER);

#define LIMIT_SET_IN(F, S) \
	F(S, ENUM, type, REQUIRED, ns_type_symbols, "namespace type") \
	F(S, INT, value, REQUIRED, 0, 0, "how many namespaces a user may have")
FIELDS(limit_set_in, LIMIT_SET_IN);

static int ns_limit_set_run(struct op_ctx *ctx, const struct limit_set_in *in, struct none *out)
{
	return sys_write_file(limit_path(ctx->pool, in->type),
			      pool_printf(ctx->pool, "%lld\n", (long long)in->value));
}

static int ns_limit_set_check(struct op_ctx *ctx, const struct limit_set_in *in,
			   const struct none *out)
{
	struct limit_get_out now = { 0 };
	int rc = ns_limit_get_run(ctx, &(struct limit_get_in){ in->type }, &now);

	return rc || now.value == in->value ? 0 :
		op_undone(ctx, "the limit is %lld", (long long)now.value);
}
OP_CHECK(ns_limit_set, limit_set_in, none)
OP(ns_limit_set, "ns.limit_set", limit_set_in, none,
	.doc = "Set the limit on namespaces of a type in the caller's user namespace.",
	.source = "namespaces(7)", .asks = "sysctl.writable",
	.touches = NSM_USER, .mutates = NSM_USER,
	.check = ns_limit_set_checked);
