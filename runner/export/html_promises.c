// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a runtime keeps of what it promises, by family.
 */
#include <string.h>

#include "export/html_page.h"
#include "report/promise.h"

static const struct {
	const char *class, *glyph, *word;
} shown[PROMISES] = {
	[PROMISE_KEPT] = { "p", "✓", "kept" },
	[PROMISE_FAILED] = { "f", "✗", "failed" },
	[PROMISE_KNOWN] = { "k", "≈", "known" },
	[PROMISE_NONE] = { "s", "–", "not promised" },
	[PROMISE_CANNOT] = { "s", "∅", "cannot" },
	[PROMISE_OTHER] = { "n", "·", "other" },
};

/* The controls and twins of CELL are among those after it, as they are sorted. */
static enum promise promise_in(const struct html_scenario *s, size_t cell, size_t column)
{
	const struct record *r = s->cells[cell].in[column];
	enum promise promise = promise_of((enum verdict_kind)r->verdict, r->reason);

	for (size_t i = cell + 1; i < s->n; i++)
		if (s->cells[i].plain == &s->cells[cell] && s->cells[i].in[column])
			promise = promise_doubted(promise, (enum verdict_kind)
						  s->cells[i].in[column]->verdict);
	return promise;
}

static void count(const struct html_scenario *s, size_t column, size_t *n)
{
	for (size_t i = 0; i < s->n; i++)
		if (!s->cells[i].plain && s->cells[i].in[column])
			n[promise_in(s, i, column)]++;
}

static void row(struct html_page *p, const char *name, const size_t *n)
{
	size_t judged = n[PROMISE_KEPT] + n[PROMISE_FAILED] + n[PROMISE_KNOWN];

	fprintf(p->out, "<tr><th scope=row>%s</th><td class=barcell><span class=bar aria-hidden=true>",
		html_esc(p, name));
	for (int i = 0; i < PROMISES; i++)
		if (n[i])
			fprintf(p->out, "<i class=%s style=\"flex-grow:%zu\"></i>",
				shown[i].class, n[i]);
	fputs("</span></td>", p->out);
	for (int i = 0; i < PROMISES; i++)
		if (n[i] && (i != PROMISE_KEPT || judged))
			fprintf(p->out, "<td><b class=%s>%s" NBSP "%s</b></td>", shown[i].class,
				shown[i].glyph, html_number(p, n[i]));
		else
			fputs("<td></td>", p->out);
	fputs("</tr>\n", p->out);
}

static void card(struct html_page *p, size_t column)
{
	size_t all[PROMISES] = { 0 };

	pool_reset(&p->scratch);
	fprintf(p->out, "<h3>%s</h3><div class=wide tabindex=0 role=region aria-label=\"Promises of %s\">"
		"<table class=promises><thead><tr><th scope=col>Family</th><td></td>",
		html_esc(p, p->columns[column].title), html_esc(p, p->columns[column].title));
	for (int i = 0; i < PROMISES; i++)
		fprintf(p->out, "<th scope=col>%s</th>", shown[i].word);
	fputs("</tr></thead><tbody>\n", p->out);
	for (size_t i = 0; i < p->n_scenarios;) {
		const char *name = p->scenarios[i].family;
		size_t n[PROMISES] = { 0 }, sum = 0;

		for (; i < p->n_scenarios && !strcmp(p->scenarios[i].family, name); i++)
			count(&p->scenarios[i], column, n);
		for (int k = 0; k < PROMISES; k++) {
			all[k] += n[k];
			sum += n[k];
		}
		if (sum)
			row(p, name, n);
	}
	fputs("</tbody><tfoot>", p->out);
	row(p, "all", all);
	fputs("</tfoot></table></div>\n", p->out);
}

void html_promises(struct html_page *p)
{
	bool any = false;

	for (size_t i = 0; i < p->n; i++) {
		if (!p->columns[i].runtime)
			continue;
		if (!any)
			fputs("<section id=promises aria-labelledby=h-promises><h2 id=h-promises>Promises</h2>\n"
			      "<p>Variants by what became of the promise; controls and twins only decide "
			      "whether one counts as kept.</p>\n", p->out);
		any = true;
		card(p, i);
	}
	if (any)
		fputs("</section>\n", p->out);
}
