// SPDX-License-Identifier: GPL-2.0-only
/*
 * The page of keys: everything beside ops that suites, files of runtimes, and lists of kernels and
 * of known issues may say.
 */
#include <stdio.h>

#include "cmd/reference.h"
#include "load/features.h"
#include "load/match.h"
#include "load/properties.h"
#include "load/runtime.h"
#include "nsc/box.h"
#include "nsc/place.h"
#include "machine/require.h"
#include "report/known.h"
#include "vm/kernels.h"

static void print_item(struct pool *pool, const char *name, const char *more, const char *doc)
{
	page_text(2, "- `%s`%s: %s", name, more, page_escape(pool, doc));
}

static void print_keys(struct pool *pool, const char *title, const struct field *keys)
{
	printf("### %s\n\n", title);
	for (const struct field *f = keys; f->type != FIELD_END; f++)
		print_item(pool, f->name, f->need == REQUIRED ? " (required)" : "", f->doc);
	putchar('\n');
}

static void print_symbols(struct pool *pool, const char *title, const struct symbol *symbols)
{
	printf("### %s\n\n", title);
	for (const struct symbol *s = symbols; s->name; s++)
		print_item(pool, s->name, "", s->doc);
	putchar('\n');
}

static void print_needs(struct pool *pool)
{
	puts("### Needs\n");
	for (const struct requirement *r = requirements; r->name; r++)
		print_item(pool, pool_printf(pool, "%s%s%s", r->name, r->rest ? "." : "",
					     r->rest ? r->rest : ""), "", r->doc);
	putchar('\n');
}

static void print_suites(struct page *page)
{
	struct pool *pool = page->pool;

	puts("## Suites\n");
	print_keys(pool, "Suite", suite_fields);
	print_keys(pool, "Property, of which scenarios with `asks` are made", property_fields);
	print_keys(pool, "Value of a property", trial_fields);
	print_keys(pool, "Scenario", scenario_fields);
	print_symbols(pool, "Ways to ask", asks_symbols);
	print_symbols(pool, "Tags", tag_symbols);
	print_keys(pool, "Matrix", matrix_fields);
	print_keys(pool, "Row, beside its own columns", row_fields);
	print_keys(pool, "Link", link_fields);
	print_keys(pool, "Actor", actor_fields);
	puts("Its attributes:\n");
	page_fields(page, "", place_fields, true);
	puts("\n### Box: what a runtime is asked for beside namespaces\n");
	page_fields(page, "", box_fields, true);
	putchar('\n');
	print_keys(pool, "Join", join_fields);
	print_keys(pool, "Step", step_fields);
	print_keys(pool, "Twin", twin_fields);
	puts("### Matchers\n");
	for (const struct matcher *m = matchers; m->name; m++)
		print_item(pool, m->name, "", m->doc);
	putchar('\n');
	print_needs(pool);
}

static void print_runtimes(struct pool *pool)
{
	puts("## Runtimes\n\nWhat `fixtures/runtimes/NAME.yaml` may say; see [runtimes.md](runtimes.md).\n");
	print_keys(pool, "Runtime", runtime_fields);
	print_symbols(pool, "Quirks", quirk_symbols);
	print_symbols(pool, "What a process inherits, for `inherits`", inherited_symbols);
	puts("### Features of boxes: for `lacks`, and `box.NAME` for `needs` of scenarios\n");
	for (const struct box_feature *f = box_features; f->name; f++)
		print_item(pool, f->name, "", f->doc);
}

static void print_kernels(struct pool *pool)
{
	puts("\n## Kernels\n\nWhat an entry of `fixtures/kernels/*.yaml` may say; see [vm.md](vm.md).\n");
	print_keys(pool, "Kernel", kernel_fields);
}

static void print_known(struct pool *pool)
{
	puts("## Known issues\n\nWhat an entry of `fixtures/known/*.yaml` and of `--known` may say; see "
	     "[known.md](known.md).\n");
	print_keys(pool, "Known issue", known_fields);
	print_keys(pool, "Symptom", symptom_fields);
}

void reference_keys(struct page *page)
{
	page_begin("ops --markdown keys", "Keys");
	page_text(0, "What suites, files of runtimes, and lists of kernels and of known issues may say, beside [ops](ops.md); how to use it is in "
		  "[scenarios.md](scenarios.md).\n");
	print_suites(page);
	print_runtimes(page->pool);
	print_kernels(page->pool);
	print_known(page->pool);
}
