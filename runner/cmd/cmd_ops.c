// SPDX-License-Identifier: GPL-2.0-only
/*
 * nsconform ops: ops and requirements, out of the tables, on a terminal or as pages in docs/.
 */
#include <stdio.h>
#include <string.h>

#include "cmd/command.h"
#include "cmd/op_notes.h"
#include "cmd/reference.h"
#include "load/problems.h"
#include "nsc/registry.h"
#include "machine/require.h"

static void print_symbols(const struct field *f)
{
	if (f->type != FIELD_ENUM && f->type != FIELD_FLAGS)
		return;
	fputs(" (", stdout);
	for (const struct symbol *s = f->symbols; s->name; s++)
		printf("%s%s", s == f->symbols ? "" : ", ", s->name);
	putchar(')');
}

static void print_default(const struct field *f, struct pool *pool)
{
	if (f->need == REQUIRED)
		return;
	if (f->def_str)
		printf(", default \"%s\"", f->def_str);
	else if (f->type == FIELD_ENUM && symbol_of(f->symbols, f->def))
		printf(", default %s", symbol_of(f->symbols, f->def)->name);
	else if (f->def)
		printf(", default %s", value_show(pool, value_int(pool, f->def)));
}

static void print_fields(struct pool *pool, const char *lead, const struct field *fields, bool in)
{
	for (const struct field *f = fields; f && f->type != FIELD_END; f++) {
		printf("  %-6s %-14s %s", lead, f->name, field_kinds[f->type].name);
		if (in && f->need == REQUIRED)
			fputs(", required", stdout);
		if (f->min || f->max)
			printf(", %lld to %lld", (long long)f->min, (long long)f->max);
		if (in)
			print_default(f, pool);
		printf("; %s", f->doc);
		print_symbols(f);
		putchar('\n');
	}
}

static void print_op(struct pool *pool, const struct op *op)
{
	printf("%s\n  %s  %s\n", op->name, op->doc, op->source);
	print_fields(pool, "param", op->in, true);
	print_fields(pool, "result", op->out, false);
	op_notes(op, "  ", "  note: ");
	putchar('\n');
}

static void print_needs(void)
{
	for (const struct requirement *r = requirements; r->name; r++)
		printf("%s%s%s  %s\n", r->name, r->rest ? "." : "", r->rest ? r->rest : "", r->doc);
}

/* The op of that name, or all of that family. */
static int print_named(struct pool *pool, const char *name)
{
	struct nearest n = { .word = name };
	const struct op *op;
	size_t found = 0;

	for (size_t i = 0; (op = op_registry[i]); i++) {
		if (op->flags & OP_INTERNAL)
			continue;
		nearest_offer(&n, op->name);
		if (strcmp(op->name, name) && !op_in_family(op->name, name))
			continue;
		print_op(pool, op);
		found++;
	}
	if (!found)
		fprintf(stderr, "nsconform: no op %s%s\n", name, nearest_hint(pool, &n));
	return found ? EXIT_GOOD : EXIT_USAGE;
}

struct options {
	bool markdown, needs;
};

static int run(struct invocation *in)
{
	const struct options *o = in->options;
	const struct op *op;

	if (o->needs) {
		print_needs();
		return EXIT_GOOD;
	}
	if (o->markdown)
		return in->n ? reference_page(in->pool, in->operands[0]) :
			       reference_index(in->pool);
	if (in->n)
		return print_named(in->pool, in->operands[0]);
	for (size_t i = 0; (op = op_registry[i]); i++)
		if (!(op->flags & OP_INTERNAL))
			printf("%-24s %s\n", op->name, op->doc);
	return EXIT_GOOD;
}

static const struct option_row rows[] = {
	{ .name = "needs", OPTION_FLAG(struct options, needs), .not_with = "markdown",
	  .no_operands = true, .help = "list what scenarios may need, in place of the ops" },
	{ .name = "markdown", OPTION_FLAG(struct options, markdown),
	  .help = "print a page of the reference in docs/: of a family, types or keys, or the index" },
	{ 0 }
};
static const struct option_group group = { "options", rows };
static const struct option_use uses[] = { { &group, 0 }, { 0 } };

static const struct example examples[] = {
	{ "ops uts.sethostname", "its parameters and results" },
	{ "ops uts", "all ops of a family" },
	{ "ops --markdown uts", "docs/ops/uts.md, with examples from scenarios" },
	{ 0 }
};

const struct command command_ops = {
	.name = "ops", .purpose = "Describe the ops, which are what steps of scenarios do",
	.operands = { ARGUMENT_OP, 0, 1, "an op, or a family of them: all parameters and results; "
					 "a line for each op when none is given" },
	.options = uses, .options_size = sizeof(struct options), .examples = examples,
	.statuses = plain_statuses, .run = run,
};
