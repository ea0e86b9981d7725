// SPDX-License-Identifier: GPL-2.0-only
/*
 * All cells: families, in them scenarios, in them variants; a column for each run.
 */
#include <string.h>

#include "export/html_page.h"
#include "report/story.h"

static size_t sum(const size_t *count)
{
	size_t n = 0;

	for (int i = 0; i < LOOKS; i++)
		n += count[i];
	return n;
}

/* Those after the last one that has any of these cells are not there. */
static size_t columns_of(const struct html_page *p, const size_t *count)
{
	size_t n = p->n;

	while (n && !sum(&count[(n - 1) * LOOKS]))
		n--;
	return n;
}

static void family_columns(struct html_page *p, const size_t *count)
{
	for (size_t i = 0; i < p->n; i++) {
		fputs("<span class=c>", p->out);
		html_bar(p, &count[i * LOOKS]);
		html_counts(p, &count[i * LOOKS]);
		fputs("</span>", p->out);
	}
}

/* There are many, and most have passes alone: these have no element of their own. */
static void scenario_columns(struct html_page *p, const size_t *count)
{
	size_t n = columns_of(p, count);

	for (size_t i = 0; i < n; i++) {
		const size_t *of = &count[i * LOOKS];
		size_t all = sum(of);

		fputs(of[LOOK_EMPTY] ? "<i class=hatch>" : "<i>", p->out);
		if (all && all == of[LOOK_PASS])
			fprintf(p->out, "%s" NBSP "%s", looks[LOOK_PASS].glyph,
				html_number(p, all));
		else if (all)
			html_counts(p, of);
		fputs("</i>", p->out);
	}
}

static void story(struct html_page *p, const struct scenario *text)
{
	fputs("<ol class=story>", p->out);
	for (size_t i = 0; i < text->n_steps; i++) {
		const struct step *step = &text->steps[i];
		const char *must = story_must(&p->scratch, step);
		const char *twin = story_twin(&p->scratch, text, step);

		fprintf(p->out, "<li>%s",
			html_text(p, story_does(&p->scratch, text, step)));
		if (must)
			fprintf(p->out, "<p>%s", html_text(p, must));
		if (twin)
			fprintf(p->out, "<p>%s", html_text(p, twin));
		fputc('\n', p->out);
	}
	fputs("</ol>", p->out);
}

static void rules(struct html_page *p, const struct strs *clauses)
{
	for (size_t i = 0; i < clauses->n; i++) {
		fputs(i ? ", " : "<p class=rules>Rules: ", p->out);
		html_clause(p, clauses->v[i]);
	}
	if (clauses->n)
		fputs("</p>", p->out);
}

static const struct record *any_record(const struct html_page *p, const struct html_cell *c)
{
	for (size_t i = 0; i < p->n; i++)
		if (c->in[i])
			return c->in[i];
	return NULL;
}

/* There are many passes, and cells that were not run: a glyph, and nothing. */
static void look(struct html_page *p, const struct html_cell *c, size_t column)
{
	const struct look_row *l = &looks[c->look[column]];

	if (c->look[column] == LOOK_NONE || c->look[column] == LOOK_PASS) {
		fprintf(p->out, "<td>%s", c->look[column] == LOOK_PASS ? l->glyph : "");
		return;
	}
	fprintf(p->out, "<td class=%s>", l->class);
	if (c->look[column] == LOOK_SKIP)
		fprintf(p->out, "<a href=#skip:%zu>%s %s</a>",
			html_skip_of(p, c->in[column]), l->glyph, l->word);
	else if (c->told)
		html_cell_link(p, c, pool_printf(&p->scratch, "%s %s%s", l->glyph, l->word,
						 c->look[column] != LOOK_FLAKY &&
						 c->in[column]->flaky ? ", flaky" : ""));
	else
		fprintf(p->out, "%s %s %s", l->glyph, l->word,
			html_esc(p, html_why(p, c->in[column])));
}

/* Whether the two cells have the same to say in all columns; what went wrong has a row of its
 * own. */
static bool alike(const struct html_page *p, const struct html_cell *a, const struct html_cell *b)
{
	if (memcmp(a->look, b->look, p->n) || a->worst <= LOOK_XPASS || a->worst == LOOK_FLAKY ||
	    a->worst == LOOK_KNOWN)
		return false;
	for (size_t i = 0; i < p->n; i++)
		if (a->look[i] == LOOK_SKIP &&
		    html_skip_of(p, a->in[i]) != html_skip_of(p, b->in[i]))
			return false;
	return true;
}

/* After its plain cell or another one of that a control or twin has the end of its name. */
static const char *short_name(const struct html_cell *c, const struct html_cell *before)
{
	if (c->plain && before && (before == c->plain || before->plain == c->plain))
		return c->name + strlen(c->plain->name) + 1;
	return *c->variant ? c->variant : "the scenario itself";
}

static void name(struct html_page *p, const struct html_cell *c, const struct html_cell *before)
{
	fputs("<li", p->out);
	if (!c->told)
		fprintf(p->out, " id=\"%s\"", html_esc(p, c->name));
	fprintf(p->out, ">%s", html_esc(p, short_name(c, before)));
}

/* The names of all cells that are like the one at FROM, and what became of them. */
static void row(struct html_page *p, const struct html_scenario *s, size_t from, size_t columns,
		bool *shown)
{
	const struct html_cell *before = NULL;

	fputs("<tr><th><ul>", p->out);
	for (size_t i = from; i < s->n; i++) {
		const struct html_cell *c = &s->cells[i];

		if (shown[i] || (i != from && !alike(p, &s->cells[from], c)))
			continue;
		name(p, c, before);
		before = c;
		shown[i] = true;
	}
	fputs("</ul>", p->out);
	for (size_t i = 0; i < columns; i++)
		look(p, &s->cells[from], i);
	fputc('\n', p->out);
}

static void cells(struct html_page *p, const struct html_scenario *s)
{
	bool *shown = pool_array(&p->scratch, bool, s->n + 1);
	size_t columns = columns_of(p, s->count);

	/* Its columns are those of the grid, whose head has their names. */
	fputs("<table class=cells>\n", p->out);
	for (size_t i = 0; i < s->n; i++)
		if (!shown[i])
			row(p, s, i, columns, shown);
	fputs("</table>", p->out);
}

static void scenario(struct html_page *p, const struct html_scenario *s)
{
	const struct record *r = any_record(p, &s->cells[0]);

	pool_reset(&p->scratch);
	fprintf(p->out, "<details class=scenario id=\"scenario:%s\"><summary><h4>%s</h4>",
		html_esc(p, s->name), html_esc(p, s->title));
	scenario_columns(p, s->count);
	fputs("</summary><div class=body>", p->out);
	if (s->text) {
		fprintf(p->out, "<p>%s</p>", html_text(p, s->text->about));
		rules(p, &s->text->clauses);
		story(p, s->text);
	} else if (r) {
		rules(p, &r->clauses);
	}
	cells(p, s);
	fputs("</div></details>\n", p->out);
}

/* The scenarios of the family that begins at FROM; where the next one does. */
static size_t family(struct html_page *p, size_t from)
{
	const char *name = p->scenarios[from].family;
	size_t *count = pool_array(p->pool, size_t, p->n * LOOKS), to = from;

	for (; to < p->n_scenarios && !strcmp(p->scenarios[to].family, name); to++)
		for (size_t i = 0; i < p->n * LOOKS; i++)
			count[i] += p->scenarios[to].count[i];
	pool_reset(&p->scratch);
	fprintf(p->out, "<details class=family id=\"family:%s\"><summary><h3>%s</h3>",
		html_esc(p, name), html_esc(p, name));
	family_columns(p, count);
	fputs("</summary>\n", p->out);
	for (size_t i = from; i < to; i++)
		scenario(p, &p->scenarios[i]);
	fputs("</details>\n", p->out);
	return to;
}

void html_grid(struct html_page *p)
{
	fputs("<section id=grid aria-labelledby=h-grid><h2 id=h-grid>All cells</h2>\n"
		"<p class=shown role=status hidden></p>\n", p->out);
	html_heads(p);
	for (size_t i = 0; i < p->n_scenarios;)
		i = family(p, i);
	fputs("</div></section>\n", p->out);
}
