// SPDX-License-Identifier: GPL-2.0-only
/*
 * The formats that there are.
 */
#include <string.h>

#include "export/export.h"
#include "load/problems.h"

const struct export_format export_formats[] = {
	{ "baseline", "names and verdicts alone, for compare and --baseline", false, true,
	  export_baseline, NULL, NULL },
	{ "html", "a page for people, in one file", true, false, export_html, NULL, NULL },
	{ "junit", "JUnit XML, for GitLab, Jenkins, GitHub's actions and most CIs", false, false,
	  export_junit, junit_statuses, NULL },
	{ "junit-10", "the same without file and line of each cell, which Jenkins' xunit plugin and "
		      "its schema junit-10.xsd refuse", false, false,
	  export_junit_10, junit_statuses, NULL },
	{ "kcidb", "for KernelCI: JSON of schema version 5.3", false, false,
	  export_kcidb, kcidb_statuses, kcidb_unready },
	{ "md", "a summary in Markdown, for the job page of a CI", true, false,
	  export_md, NULL, NULL },
	{ "tmt", "custom results of tmt and Testing Farm: results.json", false, false,
	  export_tmt, tmt_statuses, NULL },
	{ 0 }
};

const struct export_format *export_find(const char *name)
{
	for (const struct export_format *f = export_formats; f->name; f++)
		if (!strcmp(f->name, name))
			return f;
	return NULL;
}

const char *export_unknown(struct pool *pool, const char *name)
{
	struct nearest n = { .word = name };
	const char *names = "";

	for (const struct export_format *f = export_formats; f->name; f++) {
		nearest_offer(&n, f->name);
		names = pool_printf(pool, "%s%s%s", names, *names ? ", " : "", f->name);
	}
	const char *hint = nearest_hint(pool, &n);

	return pool_printf(pool, "there is no format %s%s%s", name, *hint ? hint : ": there are ",
			   *hint ? "" : names);
}
