// SPDX-License-Identifier: GPL-2.0-only
/*
 * What changed against the baseline, or else against the first run of the same kind.
 */
#include "report/change.h"
#include "export/html_page.h"
#include "nsc/text.h"

/* Longer lists are closed, and of a scenario with more variants only the first are named. */
enum { OPEN_MAX = 12, VARIANTS_MAX = 4 };
/* Of what went worse so many scenarios are listed, and of the rest so few: all of them are in the
 * grid. Where runs of different selections are compared, only their number is worth telling. */
enum { WORSE_MAX = 200, LISTED_MAX = 40 };

/* The column that I is compared with, or NULL. */
static const struct html_column *against(const struct html_page *p, size_t i)
{
	const struct html_column *c = &p->columns[i], *base = p->baseline;

	for (size_t k = 0; !base && k < i; k++)
		if (!p->columns[k].runtime == !c->runtime)
			base = &p->columns[k];
	if (!base || base == c)
		return NULL;
	/* A kernel and a runtime are compared only where there is nothing else to compare. */
	return p->n == 2 || !base->runtime == !c->runtime ? base : NULL;
}

static enum change change_in(const struct html_page *p, const struct html_cell *c, size_t base,
			     size_t now)
{
	return change_of(c->in[base], c->in[now]);
}

struct pair {
	size_t base, now;
	size_t cells[CHANGES], scenarios[CHANGES];
};

static void count(const struct html_page *p, struct pair *pair)
{
	for (size_t i = 0; i < p->n_scenarios; i++) {
		const struct html_scenario *s = &p->scenarios[i];
		bool any[CHANGES + 1] = { false };

		for (size_t k = 0; k < s->n; k++) {
			enum change change = change_in(p, &s->cells[k], pair->base, pair->now);

			if (change == CHANGE_NONE)
				continue;
			pair->cells[change]++;
			pair->scenarios[change] += !any[change];
			any[change] = true;
		}
	}
}

/* The scenario's cells that changed so, and why the first of them did; false where none has. */
static bool item(struct html_page *p, const struct html_scenario *s, const struct pair *pair,
		 enum change change)
{
	const struct html_cell *first = NULL;
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++) {
		const struct html_cell *c = &s->cells[i];

		if (change_in(p, c, pair->base, pair->now) != change)
			continue;
		if (!first) {
			fprintf(p->out, "<li><a href=\"#scenario:%s\"><code>%s</code></a> ",
				html_esc(p, s->name), html_esc(p, s->name));
			first = c;
		}
		if (++n <= VARIANTS_MAX && *c->variant) {
			fputs(n > 1 ? ", " : "", p->out);
			html_cell_link(p, c, c->variant);
		}
	}
	if (!first)
		return false;
	if (n > VARIANTS_MAX)
		fprintf(p->out, " and %zu more", n - VARIANTS_MAX);
	fputs(" <span class=turn>", p->out);
	html_look(p, (enum look)first->look[pair->base]);
	fputs(" → ", p->out);
	html_look(p, (enum look)first->look[pair->now]);
	const struct record *now = first->in[pair->now], *r = now ? now : first->in[pair->base];

	fprintf(p->out, "</span> <span class=why>%s</span></li>\n", html_esc(p, html_why(p, r)));
	return true;
}

static size_t listed_max(enum change change)
{
	switch (change) {
	case CHANGE_FAILING:
	case CHANGE_BROKEN:
	case CHANGE_XPASS:
	case CHANGE_KNOWN:
	case CHANGE_FLAKY:
		return WORSE_MAX;
	default:
		return LISTED_MAX;
	}
}

static void list(struct html_page *p, const struct pair *pair, enum change change)
{
	const struct change_kind *row = &change_kinds[change];
	size_t scenarios = pair->scenarios[change];
	/* Of cells that only one of the runs has. */
	bool one = change == CHANGE_GONE || change == CHANGE_NEW;
	bool open = !one && scenarios <= OPEN_MAX;

	pool_reset(&p->scratch);
	fprintf(p->out, "<details class=change%s><summary><h4>%s <span class=n>%s</span></h4> <span>%s</span>"
		"</summary><ul>\n",
		open ? " open" : "", row->title, html_number(p, pair->cells[change]), row->doc);
	size_t listed = 0, max = one && scenarios > WORSE_MAX ? 0 : listed_max(change);

	for (size_t i = 0; listed < max && i < p->n_scenarios; i++)
		listed += item(p, &p->scenarios[i], pair, change);
	if (listed < scenarios)
		fprintf(p->out, "<li>%scells of %s scenarios%s</li>\n", listed ? "and " : "",
			html_number(p, scenarios - listed), listed ? " more" : "");
	fputs("</ul></details>\n", p->out);
}

static void compare(struct html_page *p, size_t base, size_t now)
{
	struct pair pair = { base, now, { 0 }, { 0 } };
	size_t n = 0;

	count(p, &pair);
	fprintf(p->out, "<h3>%s (NEW) against %s (BASE)</h3>\n", html_esc(p, p->columns[now].title),
		html_esc(p, p->columns[base].title));
	for (int i = 0; i < CHANGES; i++)
		n += pair.cells[i];
	if (!n)
		fputs("<p>No cell ended otherwise.</p>", p->out);
	else if (!pair.cells[CHANGE_FAILING] && !pair.cells[CHANGE_BROKEN] &&
		 !pair.cells[CHANGE_XPASS])
		fputs("<p>Nothing fails that did not fail before.</p>", p->out);
	for (int i = 0; i < CHANGES; i++)
		if (pair.cells[i])
			list(p, &pair, (enum change)i);
}

void html_changes(struct html_page *p)
{
	bool any = false;

	for (size_t i = 0; i < p->n; i++) {
		const struct html_column *base = against(p, i);

		if (!base)
			continue;
		if (!any)
			fputs("<section id=changes aria-labelledby=h-changes>"
			      "<h2 id=h-changes>What changed</h2>\n", p->out);
		any = true;
		compare(p, (size_t)(base - p->columns), i);
	}
	if (any)
		fputs("</section>\n", p->out);
}
