// SPDX-License-Identifier: GPL-2.0-only
/*
 * The entry of a cell: what was done and by whom, expected and seen side by side, the rule, the
 * other runs, the kernel's log, and how to repeat it.
 */
#include <string.h>

#include "export/cells.h"
#include "export/html_page.h"

/* Longer results begin a line. */
enum { BRIEF_MAX = 60 };

static void fact(struct html_page *p, const char *name, const char *value)
{
	if (value && *value)
		fprintf(p->out, "<dt>%s</dt><dd>%s</dd>", name, value);
}

static const char *code(struct html_page *p, const char *text)
{
	return text ? pool_printf(&p->scratch, "<code>%s</code>", html_esc(p, text)) : NULL;
}

static void facts(struct html_page *p, const struct html_column *column, const struct record *r)
{
	fprintf(p->out, "<dl class=facts><dt>Cell</dt><dd><a href=\"#%s\"><code>%s</code></a></dd>",
		html_esc(p, r->cell), html_esc(p, r->cell));
	fact(p, "Who", code(p, r->actor));
	fact(p, "Call", r->op && r->call ? pool_printf(&p->scratch, "%s %s", code(p, r->op),
						       html_esc(p, r->call)) :
	     code(p, r->op ? r->op : r->call));
	fact(p, "Where", code(p, r->at));
	if (r->issue)
		fact(p, "Known issue", pool_printf(&p->scratch, "<a href=\"#known:%s\">%s</a>",
						   html_esc(p, r->issue), html_esc(p, r->issue)));
	fact(p, "Link", r->link ? html_linked(p, r->link) : NULL);
	fact(p, "Reference", r->reference ? html_linked(p, r->reference) : NULL);
	if (r->took_ns > 0)
		fact(p, "Took", html_duration(p, r->took_ns));
	fact(p, "First attempt", html_esc(p, r->tried_again));
	fact(p, "Console", r->console ? html_console(p, column, r->console) : NULL);
	fputs("</dl>", p->out);
}

static void pair(struct html_page *p, const char *field, const char *expected, const char *seen)
{
	if (!expected && !seen)
		return;
	fprintf(p->out, "<div class=pair><div><h4>Expected%s%s</h4><pre tabindex=0>%s</pre></div>",
		field ? " " : "", field ? code(p, field) : "", html_text(p, expected));
	fprintf(p->out, "<div class=seen><h4>Seen</h4><pre tabindex=0>%s</pre></div></div>",
		html_text(p, seen));
}

static void also(struct html_page *p, const struct value *list)
{
	for (size_t i = 0; list && i < list->list.n; i++) {
		const struct value *m = list->list.items[i];

		pair(p, value_text(value_get(m, "field")), value_text(value_get(m, "expected")),
		     value_text(value_get(m, "seen")));
	}
}

static void rules(struct html_page *p, const struct record *r)
{
	if (r->clauses.n)
		fputs("<h4>Rule</h4>", p->out);
	for (size_t i = 0; i < r->clauses.n; i++) {
		const char *id = r->clauses.v[i];
		const struct clause *k = clause_find(&p->catalogue, id);

		fputs("<blockquote>", p->out);
		if (k)
			fprintf(p->out, "<p>%s</p>", html_text(p, k->statement));
		fputs("<footer>", p->out);
		html_clause(p, id);
		fprintf(p->out, "%s%s</footer></blockquote>", k ? " " : "",
			k ? html_esc(p, k->source) : "");
	}
}

/* What went as it had to is a line. */
static void step(struct html_page *p, const struct html_step *s)
{
	static const struct {
		const char *class, *glyph, *word;
	} marks[] = {
		[STEP_WENT] = { "p", "✓", "" },
		[STEP_WRONG] = { "f", "✗", ", not as expected" },
		[STEP_UNREACHED] = { "s", "–", "" },
		[STEP_UNJUDGED] = { "s", "·", ", not judged any more" },
	};
	bool brief = !s->must && strlen(s->saw) <= BRIEF_MAX;

	fprintf(p->out, "<li class=%s><b>%s</b> <code><em>%s</em>: %s</code>", marks[s->mark].class,
		marks[s->mark].glyph, html_text(p, s->who), html_text(p, s->does));
	if (s->must)
		fprintf(p->out, "<br><span>%s</span>", html_text(p, s->must));
	fprintf(p->out, "%s<span>%s <code>%s</code>%s</span></li>", brief ? " " : "<br>",
		brief ? "→" : "saw", html_text(p, s->saw), marks[s->mark].word);
}

static void steps(struct html_page *p, struct html_column *column, const struct html_cell *cell)
{
	size_t n;
	const struct html_step *v = html_steps(p, column, cell, &n);

	if (n)
		fputs("<h4>Steps</h4><ol class=steps>", p->out);
	for (size_t i = 0; i < n; i++)
		step(p, &v[i]);
	if (n)
		fputs("</ol>", p->out);
}

static const char *why_in(struct html_page *p, const struct html_cell *cell, size_t column)
{
	return cell->in[column] ? html_why(p, cell->in[column]) : "";
}

static bool alike(struct html_page *p, const struct html_cell *cell, size_t a, size_t b)
{
	return cell->look[a] == cell->look[b] && !strcmp(why_in(p, cell, a), why_in(p, cell, b));
}

/* A row for those that are like the run FROM, which is the first of them. */
static void columns_like(struct html_page *p, const struct html_cell *cell, size_t from)
{
	for (size_t i = 0; i < from; i++)
		if (alike(p, cell, i, from))
			return;
	fputs("<tr><td>", p->out);
	html_look(p, (enum look)cell->look[from]);
	fputs("<th scope=row>", p->out);
	for (size_t i = from; i < p->n; i++)
		if (alike(p, cell, i, from))
			fprintf(p->out, "%s%s", i > from ? ", " : "",
				html_esc(p, p->columns[i].title));
	fprintf(p->out, "<td>%s", html_text(p, why_in(p, cell, from)));
}

static void columns(struct html_page *p, const struct html_cell *cell)
{
	if (p->n < 2)
		return;
	fputs("<h4>In each run</h4><table class=runs><tbody>", p->out);
	for (size_t i = 0; i < p->n; i++)
		columns_like(p, cell, i);
	fputs("</table>", p->out);
}

static void attempt(struct html_page *p, const char *text, int64_t took_ns, bool counts)
{
	fprintf(p->out, "<li>%s%s%s%s%s</li>", counts ? "<b>" : "", html_esc(p, text),
		took_ns > 0 ? "; took " : "", took_ns > 0 ? html_duration(p, took_ns) : "",
		counts ? "</b>, which counts" : "");
}

/* Those of --retry and --repeat, in order, where they are not all alike. */
static void attempts(struct html_page *p, const struct record *r)
{
	size_t n, i = 0;
	const struct cell_attempt *v = cell_attempts(&p->scratch, r, &n);
	size_t shown = n < ATTEMPTS_SHOWN ? n : ATTEMPTS_SHOWN;
	const char *more = cell_attempts_more(&p->scratch, v, n);
	const struct cell_attempt counts = {
		r->attempt, 1, (enum verdict_kind)r->verdict, NULL, r->took_ns,
	};

	if (!r->flaky || !n)
		return;
	fputs("<h4>Attempts</h4><ul class=attempts>", p->out);
	for (; i < shown && v[i].attempt < counts.attempt; i++)
		attempt(p, cell_attempt_text(&p->scratch, &v[i]), v[i].took_ns, false);
	attempt(p, cell_attempt_text(&p->scratch, &counts), counts.took_ns, true);
	for (; i < shown; i++)
		attempt(p, cell_attempt_text(&p->scratch, &v[i]), v[i].took_ns, false);
	if (more)
		attempt(p, more, 0, false);
	fputs("</ul>", p->out);
}

static void log_lines(struct html_page *p, const char *title, const struct strs *lines)
{
	if (!lines->n)
		return;
	fprintf(p->out, "<h4>%s</h4><pre tabindex=0>", title);
	for (size_t i = 0; i < lines->n; i++)
		fprintf(p->out, "%s\n", html_text(p, lines->v[i]));
	fputs("</pre>", p->out);
}

static void logs(struct html_page *p, const struct html_cell *cell)
{
	for (size_t i = 0; i < p->n; i++) {
		const struct record *r = cell->in[i];
		const char *of = p->n > 1 ? html_esc(p, pool_printf(&p->scratch, " of %s",
								    p->columns[i].title)) : "";

		if (!r)
			continue;
		log_lines(p, pool_printf(&p->scratch, "Kernel log%s, over this cell", of),
			  &r->own_log);
		log_lines(p, pool_printf(&p->scratch, "Kernel log%s meanwhile, over this cell or "
					 "another", of), &r->log);
	}
}

/* The run that is told about: the first of those in which the cell ended worst. */
static struct html_column *column_of(struct html_page *p, const struct html_cell *cell)
{
	size_t i = 0;

	while (cell->look[i] != cell->worst)
		i++;
	return &p->columns[i];
}

static void body(struct html_page *p, const struct html_cell *cell)
{
	struct html_column *column = column_of(p, cell);
	const struct record *r = cell->in[column - p->columns];
	const struct scenario *text = cell->scenario->text;

	if (text)
		fprintf(p->out, "<p>%s <a href=\"#scenario:%s\">The scenario</a></p>",
			html_text(p, text->about), html_esc(p, cell->scenario->name));
	if (r->message && r->expected)
		fprintf(p->out, "<p class=message>%s</p>", html_text(p, r->message));
	facts(p, column, r);
	pair(p, r->field, r->expected, r->seen);
	also(p, r->also);
	attempts(p, r);
	if (cell->like) {
		fprintf(p->out, "<h4>Rule and steps</h4><p>as of ");
		html_cell_link(p, cell->like, cell->like->name);
		fputs(", which went wrong alike</p>", p->out);
	} else {
		rules(p, r);
		steps(p, column, cell);
	}
	columns(p, cell);
	logs(p, cell);
	if (r->again)
		fprintf(p->out, "<h4>Again</h4><pre class=again tabindex=0>%s</pre>",
			html_text(p, r->again));
	fputs("<button type=button class=copy hidden>Copy as bug report</button>", p->out);
}

void html_entry(struct html_page *p, const struct html_cell *cell, bool open)
{
	const struct record *r = cell->in[column_of(p, cell) - p->columns];

	pool_reset(&p->scratch);
	const char *name = html_esc(p, cell->name);

	fprintf(p->out, "<details class=\"entry %s\" id=\"%s\" data-run=%zu%s><summary>",
		looks[cell->worst].class, name, (size_t)(column_of(p, cell) - p->columns),
		open ? " open" : "");
	html_look(p, cell->worst);
	fprintf(p->out, " <h3>%s</h3> <span>%s</span></summary>\n<div class=body>", name,
		html_esc(p, html_why(p, r)));
	body(p, cell);
	fputs("</div></details>\n", p->out);
}
