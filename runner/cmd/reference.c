// SPDX-License-Identifier: GPL-2.0-only
/*
 * The pages of the reference: the index of families, and a page for each.
 */
#include <stdio.h>
#include <string.h>

#include "cmd/op_notes.h"
#include "cmd/reference.h"
#include "nsc/registry.h"
#include "report/exit_status.h"

static const struct {
	const char *name;
	const char *types; /* the way from there to ops/types.md */
	void (*print)(struct page *page);
} further_pages[] = {
	{ "types", "types.md", reference_types },
	{ "keys", "ops/types.md", reference_keys },
	{ "selectors", "ops/types.md", reference_selectors },
	{ "reports", "ops/types.md", reference_reports },
	{ "exits", "ops/types.md", reference_exits },
};

static const struct op_family *family_find(const char *name)
{
	for (const struct op_family *f = op_families; f->name; f++)
		if (op_in_family(name, f->name))
			return f;
	return NULL;
}

/* Every family has a sentence, and every sentence a family; said on stderr. */
static bool families_complete(void)
{
	const struct op *op;
	bool good = true;

	for (size_t i = 0; (op = op_registry[i]); i++)
		if (!(op->flags & OP_INTERNAL) && !family_find(op->name)) {
			fprintf(stderr, "nsconform: the family of %s has no row in "
				"runner/cmd/op_families.c\n", op->name);
			good = false;
		}
	for (const struct op_family *f = op_families; f->name; f++) {
		for (size_t i = 0; (op = op_registry[i]) && !op_in_family(op->name, f->name); i++)
			;
		if (!op) {
			fprintf(stderr, "nsconform: runner/cmd/op_families.c has a row for %s, and no "
				"op is of it\n", f->name);
			good = false;
		}
	}
	return good;
}

/* Headings become anchors without their dots. */
static const char *anchor(struct pool *pool, const char *op)
{
	const char *dot = strchr(op, '.');

	return pool_printf(pool, "%.*s%s", (int)(dot - op), op, dot + 1);
}

static void print_family_item(struct pool *pool, const struct op_family *f)
{
	const char *ops = "";
	const struct op *op;

	for (size_t i = 0; (op = op_registry[i]); i++)
		if (op_in_family(op->name, f->name) && !(op->flags & OP_INTERNAL))
			ops = pool_printf(pool, "%s%s[%s](ops/%s.md#%s)", ops, *ops ? ", " : "",
					  strchr(op->name, '.') + 1, f->name,
					  anchor(pool, op->name));
	page_text(2, "- [**%s**](ops/%s.md): %s %s", f->name, f->name, f->doc, ops);
}

int reference_index(struct pool *pool)
{
	page_begin("ops --markdown", "Ops");
	page_text(0, "Ops are what steps of scenarios do: each is one system call, or one interface of the "
		  "kernel, with parameters and results of its own. Every op also returns `errno`: 0, or the "
		  "error by name. How to write steps is in [scenarios.md](scenarios.md), the other keys of "
		  "suites are in [keys.md](keys.md), and [types](ops/types.md) says what parameters and "
		  "results hold. `nsconform ops NAME` prints the same on a terminal.\n");
	page_text(0, "Pages say of an op which kinds of namespaces it touches, which is to read or change what "
		  "belongs to one, and which it mutates; the latter is refused while the actor shares that "
		  "namespace with the host. A kernel option that it needs, and what it asks for, are "
		  "[needs](keys.md#needs) of the scenarios that use it: where they are not met, cells skip. "
		  "Examples are steps of the suites, and errors those that scenarios expect.\n");
	for (const struct op_family *f = op_families; f->name; f++)
		print_family_item(pool, f);
	return families_complete() ? EXIT_GOOD : EXIT_BROKEN;
}

static void print_example(const struct op_use *use)
{
	const struct suite *suite;

	if (*use->errors)
		page_text(2, "- errors in scenarios: %s", use->errors);
	if (!use->scenario)
		return;
	suite = use->scenario->suite;
	printf("\n```yaml\n%s```\n\n", use->yaml);
	page_text(0, "From [suites/%s.yaml](../../suites/%s.yaml), `%s`.", suite->name, suite->name,
		  use->scenario->id);
}

static void print_op(struct page *page, const struct selection *s, const struct op *op)
{
	struct op_use use = op_use(page->pool, s, op);

	page->subject = op->name;
	printf("\n## %s\n\n", op->name);
	page_text(0, "%s %s.\n", page_escape(page->pool, op->doc),
		  page_escape(page->pool, op->source));
	page_fields(page, "", op->in, true);
	page_fields(page, "returns ", op->out, false);
	op_notes(op, "- ", "- ");
	print_example(&use);
}

static int print_family(struct page *page, const struct op_family *f)
{
	char *const everything[] = { NULL };
	AUTO_SELECTION selection = { 0 };
	const struct op *op;

	if (!select_load(&selection, page->pool, everything))
		return EXIT_USAGE;
	page_begin(pool_printf(page->pool, "ops --markdown %s", f->name),
		   pool_printf(page->pool, "Ops: %s", f->name));
	page_text(0, "%s [All ops](../ops.md), [types](types.md).", f->doc);
	for (size_t i = 0; (op = op_registry[i]); i++)
		if (op_in_family(op->name, f->name) && !(op->flags & OP_INTERNAL))
			print_op(page, &selection, op);
	return EXIT_GOOD;
}

int reference_page(struct pool *pool, const char *name)
{
	struct page page = { .pool = pool, .types = "types.md", .subject = "" };
	struct nearest n = { .word = name };

	for (size_t i = 0; i < sizeof(further_pages) / sizeof(*further_pages); i++)
		if (!strcmp(further_pages[i].name, name)) {
			page.types = further_pages[i].types;
			further_pages[i].print(&page);
			return EXIT_GOOD;
		}
	for (const struct op_family *f = op_families; f->name; f++) {
		if (!strcmp(f->name, name))
			return print_family(&page, f);
		nearest_offer(&n, f->name);
	}
	fprintf(stderr, "nsconform: no family %s%s\n", name, nearest_hint(pool, &n));
	return EXIT_USAGE;
}
