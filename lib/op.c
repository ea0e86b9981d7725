// SPDX-License-Identifier: GPL-2.0-only
/*
 * The registry: a loop over the tables of lib/ops.  build/op_list.h holds OPS(file) for
 * every file there and is written by the Makefile, so a missing table is a link error.
 */
#include <stdlib.h>
#include <string.h>

#include "nsc/box.h"
#include "nsc/op.h"
#include "nsc/place.h"

static const struct op actor_ops[] = {
	{
		.name = "actor.spawn",
		.doc = "Make an actor and place it.",
		.source = "clone3(2), unshare(2), setns(2)",
		.in = spawn_in_fields, .in_size = sizeof(struct spawn_in),
		.out = spawn_out_fields, .out_size = sizeof(struct spawn_out),
		.flags = OP_INTERNAL,
		.run = spawn_run,
	},
	{
		.name = "actor.links",
		.doc = "Open the actor's own namespaces.",
		.source = "namespaces(7)",
		.in = links_in_fields, .in_size = sizeof(struct links_in),
		.out = links_out_fields, .out_size = sizeof(struct links_out),
		.flags = OP_INTERNAL,
		.run = links_run,
	},
	{ 0 }
};

#define OPS(file) extern const struct op file##_ops[];
#include "op_list.h"
#undef OPS

#define OPS(file) file##_ops,
static const struct op *const tables[] = { actor_ops, box_ops,
#include "op_list.h"
};
#undef OPS

const struct op *op_at(size_t index)
{
	for (size_t t = 0; t < sizeof(tables) / sizeof(*tables); t++)
		for (const struct op *op = tables[t]; op->name; op++)
			if (index-- == 0)
				return op;
	return NULL;
}

const struct op *op_find(const char *name)
{
	for (size_t t = 0; t < sizeof(tables) / sizeof(*tables); t++)
		for (const struct op *op = tables[t]; op->name; op++)
			if (!strcmp(op->name, name))
				return op;
	return NULL;
}

static const char *check_fields(struct pool *pool, const struct op *op, const struct field *fields,
				size_t size)
{
	for (const struct field *f = fields; f && f->type != FIELD_END; f++) {
		if (!f->name || !f->doc || !*f->doc)
			return pool_printf(pool, "%s: a field without name or doc", op->name);
		if (f->type >= FIELD_TYPES || f->offset >= size || f->min > f->max)
			return pool_printf(pool, "%s: field %s has a bad type, place or range",
					   op->name, f->name);
		if (field_find(fields, f->name) != f)
			return pool_printf(pool, "%s: field %s stands twice", op->name, f->name);
		if ((f->type == FIELD_ENUM || f->type == FIELD_FLAGS) && !f->symbols)
			return pool_printf(pool, "%s: field %s has no symbols", op->name, f->name);
	}
	return NULL;
}

const char *op_self_check(struct pool *pool)
{
	static const char option_letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";
	const struct op *op;
	const char *why;

	for (size_t i = 0; (op = op_at(i)); i++) {
		size_t len = op->doc ? strlen(op->doc) : 0;

		if (op_find(op->name) != op || !strchr(op->name, '.'))
			return pool_printf(pool, "%s: the name is not family.verb or stands twice",
					   op->name);
		if (!len || op->doc[len - 1] != '.' || !op->source || !op->run)
			return pool_printf(pool, "%s: lacks a sentence, a source or a function",
					   op->name);
		if (op->mutates & ~op->touches)
			return pool_printf(pool, "%s: mutates what it does not touch", op->name);
		if (op->config && strspn(op->config, option_letters) != strlen(op->config))
			return pool_printf(pool, "%s: %s is no kernel option", op->name,
					   op->config);
		why = check_fields(pool, op, op->in, op->in_size);
		if (!why)
			why = check_fields(pool, op, op->out, op->out_size);
		if (why)
			return why;
	}
	return NULL;
}
