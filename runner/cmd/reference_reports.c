// SPDX-License-Identifier: GPL-2.0-only
/*
 * The page of report formats, and what each makes of a verdict.
 */
#include <stdio.h>

#include "cmd/reference.h"
#include "cmd/shared_options.h"
#include "export/export.h"

static const char *status_in(struct pool *pool, const struct export_format *f, int64_t verdict)
{
	const struct symbol *s = symbol_of(f->statuses, verdict);

	return s && *s->name ? pool_printf(pool, "`%s`", s->name) : "nothing";
}

static void print_row(struct page *page, const char *name, int64_t verdict)
{
	printf("| `%s` |", name);
	for (const struct export_format *f = export_formats; f->name; f++)
		if (f->statuses)
			printf(" %s |", status_in(page->pool, f, verdict));
	putchar('\n');
}

static void print_table(struct page *page)
{
	const char *names = "| verdict |", *rule = "|---|";

	for (const struct export_format *f = export_formats; f->name; f++)
		if (f->statuses) {
			names = pool_printf(page->pool, "%s %s |", names, f->name);
			rule = pool_printf(page->pool, "%s---|", rule);
		}
	printf("%s\n%s\n", names, rule);
	for (const struct symbol *v = verdict_symbols; v->name; v++)
		print_row(page, v->name, v->value);
	print_row(page, "missed", EXPORT_MISSED);
}

static void print_notes(struct page *page)
{
	for (const struct export_format *f = export_formats; f->name; f++)
		for (const struct symbol *s = f->statuses; s && s->name; s++) {
			const struct symbol *v = symbol_of(verdict_symbols, s->value);

			if (s->doc)
				page_text(2, "- %s of `%s`: `%s`, %s", v ? v->name : "missed",
					  f->name, s->name, page_escape(page->pool, s->doc));
		}
}

void reference_reports(struct page *page)
{
	page_begin("ops --markdown reports", "Report formats");
	page_text(0, "`--report %s` of `nsconform run` and `vm` writes the run when it is over, also one "
		  "that was interrupted; `nsconform report FORMAT DIR...` writes what `--output` has left. "
		  "[ci/README.md](ci/README.md) has a recipe for each CI.\n",
		  argument_kinds[ARGUMENT_REPORT].name);
	for (const struct export_format *f = export_formats; f->name; f++)
		page_text(2, "- `%s`: %s%s", f->name, page_escape(page->pool, f->doc),
			  f->several ? "; several runs side by side" : "");
	puts("\n## What becomes of verdicts\n");
	page_text(0, "The others show them by these names. `missed` are cells that the run did not come "
		  "to.\n");
	print_table(page);
	putchar('\n');
	print_notes(page);
}
