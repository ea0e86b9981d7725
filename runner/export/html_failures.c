// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is not as it should be: cells that failed, broke, passed against a known issue, or passed in
 * some attempts alone.
 */
#include "export/html_page.h"

/* So few are shown with all that is known of them. */
enum { OPEN_MAX = 3 };

static bool is_here(enum look look)
{
	return look <= LOOK_XPASS || look == LOOK_FLAKY;
}

static size_t count(const struct html_page *p)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n_cells; i++)
		n += is_here(p->cells[i].worst);
	return n;
}

void html_failures(struct html_page *p)
{
	size_t n = count(p), told = 0;

	fprintf(p->out, "<section id=failures aria-labelledby=h-failures><h2 id=h-failures>"
		"What is not right <span class=n>%s</span></h2>\n", html_number(p, n));
	if (!n)
		fputs("<p>No cell failed, broke, passed against a known issue, or is flaky.</p>", p->out);
	for (int look = LOOK_FAIL; n && look <= LOOK_FLAKY; look++)
		for (size_t i = 0; is_here((enum look)look) && i < p->n_cells; i++)
			if (p->cells[i].worst == (enum look)look && p->cells[i].told)
				html_entry(p, &p->cells[i], !told++ && n <= OPEN_MAX);
	if (told < n)
		fprintf(p->out, "<p>%s more are among <a href=\"#grid\">all cells</a>, with what was "
			"seen.</p>\n", html_number(p, n - told));
	fputs("</section>\n", p->out);
}
