// SPDX-License-Identifier: GPL-2.0-only
/*
 * A summary in Markdown.
 */
#include "export/export.h"

void export_md(FILE *out, struct pool *pool, const struct ran *runs, size_t n)
{
	(void)pool;
	for (size_t i = 0; i < n; i++)
		fprintf(out, "## %s\n\n%zu cells, %zu failed\n\n", runs[i].dir, runs[i].n,
			runs[i].totals.fail);
}
