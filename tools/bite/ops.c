// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of ops that lie, which the agents of check-bite get in place of the registry.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "nsc/registry.h"
#include "ops.h"

/*
 * Results are preset.  A text that is always there is empty, and a descriptor is one of something
 * else than was asked for.
 */
static int do_nothing(const struct op *op, void *out)
{
	for (const struct field *f = op->out; f && f->type != FIELD_END; f++) {
		void *member = (char *)out + f->offset;

		if (f->type == FIELD_FD)
			*(int *)member = memfd_create("lie", MFD_CLOEXEC);
		else if (f->type == FIELD_STR && f->need == REQUIRED)
			*(const char **)member = "";
	}
	return 0;
}

/* The lower half of the bits that are set. */
static uint64_t fewer_flags(uint64_t flags)
{
	for (int n = (__builtin_popcountll(flags) + 1) / 2; n; n--)
		flags &= ~(1ull << (63 - __builtin_clzll(flags)));
	return flags;
}

/* The first half of a list or map. */
static const struct value *shorter(struct pool *pool, const struct value *v)
{
	size_t unit = v->type == VALUE_MAP ? 2 : 1;
	struct value *made;

	if (v->type != VALUE_LIST && v->type != VALUE_MAP)
		return v;
	made = v->type == VALUE_MAP ? value_map(pool) : value_list(pool);
	for (size_t i = 0; i < v->list.n / unit / 2 * unit; i++)
		value_push(pool, made, v->list.items[i]);
	return made;
}

static void shorten(struct pool *pool, const struct field *f, void *member)
{
	const struct value **any = member;
	struct strs *list = member; /* all lists are a pointer and a count */
	struct fds *fds = member;

	switch (f->type) {
	case FIELD_FLAGS:
		*(uint64_t *)member = fewer_flags(*(uint64_t *)member);
		break;
	case FIELD_FDS:
		for (size_t n = fds->n / 2; fds->n > n;)
			close(fds->v[--fds->n]);
		break;
	case FIELD_STRS:
	case FIELD_INTS:
		list->n /= 2;
		break;
	case FIELD_ANY:
		*any = *any ? shorter(pool, *any) : NULL;
		break;
	default:
		break;
	}
}

static int do_part(const struct op *op, struct op_ctx *ctx, const void *in, void *out)
{
	int rc = op->run(ctx, in, out);

	for (const struct field *f = op->out; !rc && f && f->type != FIELD_END; f++)
		shorten(ctx->pool, f, (char *)out + f->offset);
	return rc;
}

#define OP_ENTRY(id) \
	extern const struct op id##_op; \
	static int id##_nothing(struct op_ctx *ctx, const void *in, void *out) \
	{ \
		(void)ctx, (void)in; \
		return do_nothing(&id##_op, out); \
	} \
	static int id##_part(struct op_ctx *ctx, const void *in, void *out) \
	{ \
		return do_part(&id##_op, ctx, in, out); \
	}
#include "op_list.h"
#undef OP_ENTRY

#define LIES 2
static const struct {
	const struct op *op;
	int (*lie[LIES])(struct op_ctx *ctx, const void *in, void *out);
} rows[] = {
#define OP_ENTRY(id) { &id##_op, { id##_nothing, id##_part } },
#include "op_list.h"
#undef OP_ENTRY
};
#define ROWS (sizeof(rows) / sizeof(*rows))

static const char *const lies[LIES] = { "nothing", "part" };
static struct op made[ROWS * LIES];
static char names[ROWS * LIES][64];
static const struct op *table[ROWS * (LIES + 1) + 1];

static int by_name(const void *a, const void *b)
{
	return strcmp((*(const struct op *const *)a)->name, (*(const struct op *const *)b)->name);
}

const struct op *const *lying_ops(void)
{
	size_t n = 0, at;

	if (table[0])
		return table;
	for (size_t i = 0; i < ROWS; i++) {
		table[n++] = rows[i].op;
		for (size_t k = 0; k < LIES; k++) {
			at = i * LIES + k;
			snprintf(names[at], sizeof(names[at]), "%s!%s", rows[i].op->name, lies[k]);
			made[at] = *rows[i].op;
			made[at].name = names[at];
			made[at].run = rows[i].lie[k];
			table[n++] = &made[at];
		}
	}
	qsort(table, n, sizeof(*table), by_name);
	return table;
}

const struct op *lying_op(const struct op *op, const char *lie)
{
	char name[64];

	snprintf(name, sizeof(name), "%s!%s", op->name, lie);
	return op_find(lying_ops(), name);
}
