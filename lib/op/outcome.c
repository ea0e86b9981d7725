// SPDX-License-Identifier: GPL-2.0-only
/*
 * How an op says that it could not be tried, or that the kernel lied, and how long it may wait.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#include "nsc/op.h"
#include "nsc/sys.h"

int op_broken(struct op_ctx *ctx, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(ctx->why, sizeof(ctx->why), fmt, ap);
	va_end(ap);
	return OP_BROKEN;
}

int op_timed_out(struct op_ctx *ctx, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(ctx->why, sizeof(ctx->why), fmt, ap);
	va_end(ap);
	return -ETIMEDOUT;
}

struct value *lie_value(struct pool *pool, const struct lie *lie)
{
	const char *const texts[] = { "call", lie->call, "claim", lie->claim, "seen", lie->seen,
				      "clause", lie->clause };
	struct value *map = value_map(pool);

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i += 2)
		if (texts[i + 1])
			value_put(pool, map, texts[i], value_str(pool, texts[i + 1]));
	return map;
}

struct lie lie_of(const struct value *map)
{
	return (struct lie){
		.call = value_text(value_get(map, "call")),
		.claim = value_text(value_get(map, "claim")),
		.seen = value_text(value_get(map, "seen")),
		.clause = value_text(value_get(map, "clause")),
	};
}

int op_lied(struct op_ctx *ctx, const struct lie *lie)
{
	ctx->lie = lie_value(ctx->pool, lie);
	return OP_LIED;
}

int op_undone(struct op_ctx *ctx, const char *fmt, ...)
{
	struct lie lie = { .call = ctx->op->name, .claim = LIE_SUCCESS };
	va_list ap;

	va_start(ap, fmt);
	lie.seen = pool_vprintf(ctx->pool, fmt, ap);
	va_end(ap);
	return op_lied(ctx, &lie);
}

int64_t op_deadline(struct op_ctx *ctx)
{
	if (!ctx->deadline_ns)
		ctx->deadline_ns = sys_now_ns() + ctx->within_ns;
	return ctx->deadline_ns;
}

int op_left_ms(struct op_ctx *ctx)
{
	int64_t left = op_deadline(ctx) - sys_now_ns();

	return left <= 0 ? 0 : (int)((left + 999999) / 1000000);
}
