// SPDX-License-Identifier: GPL-2.0-only
/*
 * All cells: families, in them scenarios, in them variants; a column for each run.
 */
#include <string.h>

#include "export/html_page.h"
#include "report/story.h"

static void summary_columns(struct html_page *p, const size_t *count, bool bars)
{
	for (size_t i = 0; i < p->n; i++) {
		const size_t *of = &count[i * LOOKS];

		fprintf(p->out, "<span class=\"c%s\">", !bars && of[LOOK_EMPTY] ? " hatch" : "");
		if (bars)
			html_bar(p, of);
		html_counts(p, of);
		fputs("</span>", p->out);
	}
}

static void story(struct html_page *p, const struct scenario *text)
{
	fputs("<ol class=story>", p->out);
	for (size_t i = 0; i < text->n_steps; i++) {
		const struct step *step = &text->steps[i];
		const char *must = story_must(&p->scratch, step);
		const char *twin = story_twin(&p->scratch, text, step);

		fprintf(p->out, "<li><code>%s</code>",
			html_esc(p, story_does(&p->scratch, text, step)));
		if (must)
			fprintf(p->out, "<br>%s", html_esc(p, must));
		if (twin)
			fprintf(p->out, "<br>%s", html_esc(p, twin));
		fputs("</li>\n", p->out);
	}
	fputs("</ol>", p->out);
}

static void rules(struct html_page *p, const struct strs *clauses)
{
	for (size_t i = 0; i < clauses->n; i++) {
		const char *id = html_esc(p, clauses->v[i]);

		fprintf(p->out, "%s<a href=\"#clause:%s\">%s</a>",
			i ? ", " : "<p class=rules>Rules: ", id, id);
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
		fprintf(p->out, "<a href=\"#skip:%zu\">%s %s</a>",
			html_skip_of(p, c->in[column]), l->glyph, l->word);
	else if (c->told)
		html_cell_link(p, c, pool_printf(&p->scratch, "%s %s%s", l->glyph, l->word,
						 c->look[column] != LOOK_FLAKY &&
						 c->in[column]->flaky ? ", flaky" : ""));
	else
		fprintf(p->out, "%s %s %s", l->glyph, l->word,
			html_esc(p, html_why(p, c->in[column])));
}

/* Below its plain cell a control or twin has the end of its name. */
static const char *short_name(const struct html_cell *c)
{
	if (c->plain)
		return c->name + strlen(c->plain->name) + 1;
	return *c->variant ? c->variant : "the scenario itself";
}

static void cells(struct html_page *p, const struct html_scenario *s)
{
	fputs("<table class=cells><thead><tr><th>Variant", p->out);
	for (size_t i = 0; i < p->n; i++)
		fprintf(p->out, "<th>%s", html_esc(p, p->columns[i].title));
	fputs("<tbody>\n", p->out);
	for (size_t i = 0; i < s->n; i++) {
		const struct html_cell *c = &s->cells[i];

		fputs("<tr", p->out);
		if (!c->told)
			fprintf(p->out, " id=\"%s\"", html_esc(p, c->name));
		fprintf(p->out, "%s><th>%s", c->plain ? " class=o" : "",
			html_esc(p, short_name(c)));
		for (size_t k = 0; k < p->n; k++)
			look(p, c, k);
		fputc('\n', p->out);
	}
	fputs("</table>", p->out);
}

static void scenario(struct html_page *p, const struct html_scenario *s)
{
	const struct record *r = any_record(p, &s->cells[0]);

	pool_reset(&p->scratch);
	fprintf(p->out, "<details class=scenario id=\"scenario:%s\"><summary><h4>%s</h4>",
		html_esc(p, s->name), html_esc(p, s->title));
	summary_columns(p, s->count, false);
	fputs("</summary><div class=body>", p->out);
	if (s->text) {
		fprintf(p->out, "<p>%s</p>", html_esc(p, s->text->about));
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
	summary_columns(p, count, true);
	fputs("</summary>\n", p->out);
	for (size_t i = from; i < to; i++)
		scenario(p, &p->scenarios[i]);
	fputs("</details>\n", p->out);
	return to;
}

void html_grid(struct html_page *p)
{
	fprintf(p->out, "<section id=grid aria-labelledby=h-grid><h2 id=h-grid>All cells</h2>\n"
		"<p class=shown role=status hidden></p>\n<div class=grid style=\"--runs:%zu\">"
		"<div class=heads aria-hidden=true><span></span>", p->n);
	for (size_t i = 0; i < p->n; i++)
		fprintf(p->out, "<span>%s</span>", html_esc(p, p->columns[i].title));
	fputs("</div>\n", p->out);
	for (size_t i = 0; i < p->n_scenarios;)
		i = family(p, i);
	fputs("</div></section>\n", p->out);
}
