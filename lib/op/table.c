// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tables of ops: finding one by its name, and contradictions among them.
 */
#include <string.h>

#include "nsc/op.h"
#include "nsc/text.h"

/* Agents look up the op of each call: a search by halves compares nine names, not three hundred. */
const struct op *op_find(const struct op *const *ops, const char *name)
{
	size_t from = 0, to = 0;

	while (ops[to])
		to++;
	while (from < to) {
		size_t middle = from + (to - from) / 2;
		int order = strcmp(name, ops[middle]->name);

		if (!order)
			return ops[middle];
		if (order < 0)
			to = middle;
		else
			from = middle + 1;
	}
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

/* Whether op.chosen is empty, or a parameter and a pattern of some of its values. */
static bool chosen_is_there(const struct op *op)
{
	const struct field *f;

	if (!op->chosen.param)
		return true;
	f = field_find(op->in, op->chosen.param);
	if (!f || f->type != FIELD_ENUM)
		return false;
	for (const struct symbol *s = f->symbols; s->name; s++)
		if (text_matches(op->chosen.value, s->name))
			return true;
	return false;
}

static bool is_family(const struct op *const *ops, const char *name, size_t len)
{
	for (size_t i = 0; ops[i]; i++)
		if (!strncmp(ops[i]->name, name, len) && ops[i]->name[len] == '.')
			return true;
	return false;
}

static bool are_families(const struct op *const *ops, const char *names)
{
	for (; *names; names += strspn(names, " ")) {
		size_t len = strcspn(names, " ");

		if (!is_family(ops, names, len))
			return false;
		names += len;
	}
	return true;
}

/* What shows that an act was done. One without results says no more than that it was. */
static const char *check_effect(struct pool *pool, const struct op *const *ops, const struct op *op)
{
	bool bare = op->out[0].type == FIELD_END && !(op->flags & (OP_INTERNAL | OP_ENDS));

	if (op->before && !op->check)
		return pool_printf(pool, "%s: notes what no check looks at", op->name);
	if (op->unseen && (op->check || op->seen))
		return pool_printf(pool, "%s: says how it is seen, and why not", op->name);
	if (bare && !op->check && !op->seen && !op->unseen)
		return pool_printf(pool, "%s: has no results, and nothing shows that it was done: "
				   "give the row a .check, or .seen, or say why not in .unseen",
				   op->name);
	if (op->seen && !are_families(ops, op->seen))
		return pool_printf(pool, "%s: not all of `%s` are families of ops", op->name,
				   op->seen);
	return NULL;
}

const char *op_self_check(struct pool *pool, const struct op *const *ops)
{
	static const char option_letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";
	const struct op *op;
	const char *why;

	for (size_t i = 0; (op = ops[i]); i++) {
		size_t len = op->doc ? strlen(op->doc) : 0;

		if (!strchr(op->name, '.') || (i && strcmp(ops[i - 1]->name, op->name) >= 0))
			return pool_printf(pool, "%s: the name is not family.verb, stands twice, "
					   "or is not in its place", op->name);
		if (!len || op->doc[len - 1] != '.' || !op->source || !op->run)
			return pool_printf(pool, "%s: lacks a sentence, a source or a function",
					   op->name);
		if (op->mutates & ~op->touches)
			return pool_printf(pool, "%s: mutates what it does not touch", op->name);
		if (!chosen_is_there(op))
			return pool_printf(pool, "%s: parameter %s has no value %s", op->name,
					   op->chosen.param, op->chosen.value);
		if (op->config && strspn(op->config, option_letters) != strlen(op->config))
			return pool_printf(pool, "%s: %s is no kernel option", op->name,
					   op->config);
		why = check_fields(pool, op, op->in, op->in_size);
		if (!why)
			why = check_fields(pool, op, op->out, op->out_size);
		if (!why)
			why = check_effect(pool, ops, op);
		if (why)
			return why;
	}
	return NULL;
}
