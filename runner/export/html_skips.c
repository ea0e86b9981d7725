// SPDX-License-Identifier: GPL-2.0-only
/*
 * What was skipped, by what would make it run.
 */
#include <stdlib.h>
#include <string.h>

#include "export/html_page.h"

/* Of a long list the grid has the rest, where each skip refers to its group. */
enum { LISTED_MAX = 60 };

struct html_skip {
	const char *remedy; /* or the reason, where nothing can be done */
	const char *reason, *message; /* of the first */
	bool reasons;	    /* others have others */
	size_t *count;	    /* by column */
	size_t sum;
};

static const char *text_of(const char *s)
{
	return s && *s ? s : NULL;
}

static const char *remedy_of(const struct record *r)
{
	const char *remedy = text_of(r->remedy);

	return remedy ? remedy : text_of(r->reason) ? r->reason : "no reason is recorded";
}

/* The groups are few. */
static struct html_skip *find(const struct html_page *p, const struct record *r)
{
	for (size_t i = p->n_skips; i-- > 0;)
		if (!strcmp(p->skips[i].remedy, remedy_of(r)))
			return &p->skips[i];
	return NULL;
}

size_t html_skip_of(const struct html_page *p, const struct record *r)
{
	return (size_t)(find(p, r) - p->skips) + 1;
}

static struct html_skip *add(struct html_page *p, const struct record *r)
{
	if (!(p->n_skips & (p->n_skips + 1))) {
		struct html_skip *v = pool_array(p->pool, struct html_skip, p->n_skips * 2 + 2);

		if (p->n_skips)
			memcpy(v, p->skips, p->n_skips * sizeof(*v));
		p->skips = v;
	}
	struct html_skip *g = &p->skips[p->n_skips++];

	*g = (struct html_skip){
		.remedy = remedy_of(r), .reason = text_of(r->reason),
		.message = text_of(r->message), .count = pool_array(p->pool, size_t, p->n),
	};
	return g;
}

static int by_sum(const void *a, const void *b)
{
	const struct html_skip *x = a, *y = b;

	return x->sum != y->sum ? (x->sum < y->sum ? 1 : -1) : strcmp(x->remedy, y->remedy);
}

void html_group_skips(struct html_page *p)
{
	for (size_t i = 0; i < p->n_cells; i++)
		for (size_t k = 0; k < p->n; k++) {
			const struct record *r = p->cells[i].in[k];

			if (!r || r->verdict != VERDICT_SKIP)
				continue;
			struct html_skip *g = find(p, r);

			g = g ? g : add(p, r);
			g->count[k]++;
			g->sum++;
			g->reasons |= g->reason && r->reason && strcmp(g->reason, r->reason) != 0;
		}
	if (p->n_skips)
		qsort(p->skips, p->n_skips, sizeof(*p->skips), by_sum);
}

static size_t skipped(const struct html_page *p, const struct html_scenario *s,
		      const struct html_skip *g)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++)
		for (size_t k = 0; k < p->n; k++)
			n += s->cells[i].look[k] == LOOK_SKIP && find(p, s->cells[i].in[k]) == g;
	return n;
}

static void list_scenarios(struct html_page *p, const struct html_skip *g)
{
	size_t listed = 0;

	fputs("<ul class=columns>", p->out);
	for (size_t i = 0; i < p->n_scenarios; i++) {
		size_t n = skipped(p, &p->scenarios[i], g);
		const char *name = html_esc(p, p->scenarios[i].name);

		if (n && listed++ < LISTED_MAX)
			fprintf(p->out, "<li><a href=\"#scenario:%s\">%s</a> %zu\n", name, name, n);
	}
	fputs("</ul>", p->out);
	if (listed > LISTED_MAX)
		fprintf(p->out, "<p>And %s more scenarios, which have this skip among their cells.</p>",
			html_number(p, listed - LISTED_MAX));
}

static void group(struct html_page *p, const struct html_skip *g)
{
	bool remedied = g->remedy != g->reason;

	pool_reset(&p->scratch);
	fprintf(p->out, "<details class=skip id=\"skip:%zu\"><summary><h3>%s</h3> <span class=counts>",
		(size_t)(g - p->skips) + 1, html_esc(p, g->remedy));
	for (size_t i = 0; i < p->n; i++)
		if (g->count[i] && p->n > 1)
			fprintf(p->out, "%s <b class=s>–" NBSP "%s</b> ",
				html_esc(p, p->columns[i].title), html_number(p, g->count[i]));
		else if (g->count[i])
			fprintf(p->out, "<b class=s>–" NBSP "%s</b>", html_number(p, g->count[i]));
	fputs("</span></summary><div class=body>", p->out);
	if (remedied && g->reason)
		fprintf(p->out, "<p>Why: %s%s%s%s</p>", html_esc(p, g->reason),
			g->message ? "; " : "", html_esc(p, g->message),
			g->reasons ? "; and more" : "");
	else if (g->message)
		fprintf(p->out, "<p>Found: %s</p>", html_esc(p, g->message));
	list_scenarios(p, g);
	fputs("</div></details>\n", p->out);
}

void html_skips(struct html_page *p)
{
	size_t sum = 0;

	for (size_t i = 0; i < p->n_skips; i++)
		sum += p->skips[i].sum;
	fprintf(p->out, "<section id=skips aria-labelledby=h-skips><h2 id=h-skips>Skipped, by remedy "
		"<span class=n>%s</span></h2>\n", html_number(p, sum));
	if (!sum)
		fputs("<p>Nothing was skipped.</p>", p->out);
	for (size_t i = 0; i < p->n_skips; i++)
		group(p, &p->skips[i]);
	fputs("</section>\n", p->out);
}
