// SPDX-License-Identifier: GPL-2.0-only
/*
 * The page of exit statuses.
 */
#include <stdio.h>

#include "cmd/command.h"
#include "cmd/reference.h"
#include "report/exit_status.h"

static void print_table(struct pool *pool)
{
	fputs("\n| what has happened |", stdout);
	for (const struct symbol *p = exit_profiles; p->name; p++)
		printf(" %s |", p->name);
	fputs("\n|---|", stdout);
	for (const struct symbol *p = exit_profiles; p->name; p++)
		fputs("---|", stdout);
	for (int row = 0; row < HAPPENED_ROWS; row++) {
		printf("\n| **%s**: %s |", exit_rows[row].name, exit_rows[row].doc);
		for (const struct symbol *p = exit_profiles; p->name; p++)
			printf(" %s |", exit_status_text(pool, (enum exit_profile)p->value, row));
	}
	putchar('\n');
}

static void print_comparisons(void)
{
	puts("\n## Comparisons\n");
	page_text(0, "`compare`, and `matrix` by the first of 1, 3 and 4 that one of its columns comes to. "
		  "`--baseline` of `run` and `vm` keeps to the table above: what failed in the baseline, too, "
		  "does not count.");
	puts("\n| status | what it says |\n|---|---|");
	for (const struct exit_meaning *m = comparison_statuses; m->status; m++)
		printf("| %s | %s |\n", m->status, m->doc);
}

void reference_exits(struct page *page)
{
	page_begin("ops --markdown exits", "Exit statuses");
	page_text(0, "`nsconform run`, `vm`, `judge` and `summary` end by this table; `--exit PROFILE` chooses "
		  "the column. What fails a run beside failures is what `--fail-on` says: it counts as "
		  "something that failed. Readers of `--format ktap` and `kselftest` take the statuses of "
		  "kselftest, which is their profile unless `--exit` says another.");
	print_table(page->pool);
	puts("\nThe profiles are for:\n");
	for (const struct symbol *p = exit_profiles; p->name; p++)
		page_text(2, "- `%s`: %s", p->name, page_escape(page->pool, p->doc));
	putchar('\n');
	page_text(0, "Of what is in several rows the first of interrupted, harness, failed, broke, xpass counts. "
		  "Broken cells are `not ok` in the TAP, so that whoever reads it needs no status for them. A "
		  "part of a run (`--part`) in which nothing was judged is as one that passed, but to "
		  "kselftest: the sum says what it comes to. For git bisect a wrong command line ends the search, as does a signal; "
		  "what says nothing about the revision skips it ([ci/bisect.md](ci/bisect.md)). Commands "
		  "that give no verdicts end with 0 for success, and with 2 and 3 as the default profile does; `doctor` and "
		  "`kconfig --check` also with 1 where something is missing.");
	print_comparisons();
}
