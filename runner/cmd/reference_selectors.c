// SPDX-License-Identifier: GPL-2.0-only
/*
 * The page of selectors: their kinds, and the options that narrow a selection.
 */
#include <stdio.h>

#include "cmd/reference.h"
#include "cmd/shared_options.h"
#include "plan/selector.h"

static void print_options(struct page *page, const struct option_group *group)
{
	for (const struct option_row *row = group->rows; row->name; row++) {
		const char *argument = option_argument(page->pool, row);

		page_text(2, "- `--%s%s%s`: %s", row->name, *argument ? " " : "", argument,
			  page_escape(page->pool, row->help));
	}
}

void reference_selectors(struct page *page)
{
	page_begin("ops --markdown selectors", "Selectors");
	page_text(0, "Operands of `nsconform run`, `vm`, `plan`, `list`, `explain`, `validate`, `doctor` and "
		  "`kconfig` are selectors. They add up, in any order and of any kinds: a cell is selected "
		  "when one of them names it. One that names nothing is an error, and nothing is done.\n");
	for (const struct selector_kind *k = selector_kinds; k->fits; k++)
		page_text(2, "- `%s%s`: %s", k->prefix, k->argument,
			  page_escape(page->pool, k->help));
	puts("\n## Options\n");
	page_text(0, "What is excluded goes from that sum, then what is not in the record of `--rerun`, then "
		  "the other parts of `--shard`, and of what is left `--quick` keeps a variant of each row "
		  "of each scenario. Not every command has all of these, `nsconform help COMMAND` says which.\n");
	print_options(page, &narrowing_options);
	print_options(page, &rerun_options);
	print_options(page, &shard_options);
	print_options(page, &cell_options);
}
