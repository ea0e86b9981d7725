// SPDX-License-Identifier: GPL-2.0-only
/*
 * The report page: one file with all that it needs, for people who have to decide what a run means.
 */
#include <string.h>

#include "export/export.h"
#include "export/html_page.h"
#include "load/configured.h"
#include "load/paths.h"

/* The Makefile turns the files into lists of bytes. */
static const char style[] = {
#include "runner/export/page.css.inc"
	0 };
static const char script[] = {
#include "runner/export/page.js.inc"
	0 };

static size_t sum_of(const struct html_page *p, enum look from, enum look to)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++)
		for (int look = from; look <= (int)to; look++)
			n += p->columns[i].count[look];
	return n;
}

static const char *title(struct html_page *p)
{
	const char *text = "nsconform:";

	for (size_t i = 0; i < p->n; i++)
		text = pool_printf(&p->scratch, "%s%s %s", text, i ? "," : "", p->columns[i].title);
	size_t bad = sum_of(p, LOOK_FAIL, LOOK_EMPTY);

	return bad ? pool_printf(&p->scratch, "%s (%zu not right)", text, bad) : text;
}

static void head(struct html_page *p)
{
	fprintf(p->out, "<!DOCTYPE html>\n<html lang=en>\n<head>\n<meta charset=utf-8>\n"
		"<meta name=viewport content=\"width=device-width, initial-scale=1\">\n"
		"<meta name=color-scheme content=\"light dark\">\n"
		"<meta name=generator content=\"nsconform %s\">\n<title>%s</title>\n<style>\n%s</style>\n</head>\n",
		html_esc(p, configured_version), html_esc(p, title(p)), style);
}

static void navigation(struct html_page *p)
{
	static const struct {
		const char *id, *name;
	} parts[] = {
		{ "changes", "Changes" }, { "failures", "Not right" }, { "promises", "Promises" },
		{ "grid", "All cells" }, { "known", "Known issues" }, { "skips", "Skipped" },
		{ "clauses", "Rules" }, { "legend", "Legend" },
	};
	bool runtime = false;

	for (size_t i = 0; i < p->n; i++)
		runtime |= p->columns[i].runtime != NULL;
	fputs("<nav aria-label=Sections><ul>", p->out);
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		if ((p->n > 1 || strcmp(parts[i].id, "changes")) &&
		    (runtime || strcmp(parts[i].id, "promises")))
			fprintf(p->out, "<li><a href=\"#%s\">%s</a></li>", parts[i].id,
				parts[i].name);
	fputs("</ul></nav>\n", p->out);
}

/* Without the script there is nothing that they could do. */
static void filters(struct html_page *p)
{
	fputs("<form id=filter role=search aria-label=\"Filter cells\" hidden>\n"
	      "<label>Cells <input type=search name=q placeholder=\"name, call or rule\" autocomplete=off></label>\n"
	      "<fieldset><legend>Verdict</legend>", p->out);
	for (int i = 0; i < LOOKS; i++)
		if (sum_of(p, (enum look)i, (enum look)i))
			fprintf(p->out, "<label class=%s><input type=checkbox name=verdict value=\"%s\"> %s %s</label>\n",
				looks[i].class, looks[i].word, looks[i].glyph, looks[i].word);
	fputs("</fieldset>\n", p->out);
	if (p->n > 1) {
		fputs("<label><input type=checkbox name=differs value=1> runs differ</label>\n"
		      "<label>in <select name=run><option value=\"\">any run</option>", p->out);
		for (size_t i = 0; i < p->n; i++)
			fprintf(p->out, "<option value=%zu>%s</option>", i + 1,
				html_esc(p, p->columns[i].title));
		fputs("</select></label>\n", p->out);
	}
	fputs("<button type=reset>Clear</button></form>\n", p->out);
}

static void legend(struct html_page *p)
{
	fputs("<section id=legend aria-labelledby=h-legend><h2 id=h-legend>Legend</h2>\n<dl class=legend>",
	      p->out);
	for (int i = 0; i <= LOOK_NONE; i++) {
		fputs("<dt>", p->out);
		html_look(p, (enum look)i);
		fprintf(p->out, "</dt><dd>%s</dd>\n", looks[i].doc);
	}
	fputs("</dl>\n<p>A cell is a scenario in one variant. Its controls take one namespace away, and pass when "
	      "the scenario then fails; its twins make a refused call one that succeeds. Where one of them "
	      "does not pass, the cell proves nothing, and is hatched.</p>\n</section>\n", p->out);
}

static void body(struct html_page *p)
{
	fprintf(p->out, "<body style=\"--runs:%zu\">\n<a class=skiplink href=\"#main\">To the results</a>\n<header><h1>nsconform</h1>"
	      "<button type=button id=scheme hidden>Dark</button>", p->n);
	navigation(p);
	fputs("</header>\n<main id=main>\n", p->out);
	if (p->baseline)
		html_changes(p);
	html_runs(p);
	if (!p->baseline)
		html_changes(p);
	filters(p);
	html_failures(p);
	html_promises(p);
	html_grid(p);
	html_known(p);
	html_skips(p);
	html_clauses(p);
	legend(p);
	fprintf(p->out, "</main>\n<script>\n%s</script>\n</body>\n</html>\n", script);
}

/* Those that come with nsconform, and of each run what it knew beyond them (--known). */
static void load_known(struct html_page *p, const struct ran *runs, size_t n)
{
	known_load_shipped(p->pool, &(struct strs){ 0 }, &p->known, &p->problems);
	for (size_t i = 0; i < n; i++)
		ran_known(p->pool, &runs[i], &p->known);
}

void export_html(FILE *out, struct pool *pool, const struct ran *runs, size_t n)
{
	struct html_page p = { .out = out, .pool = pool, .problems = { .pool = pool } };

	p.catalogue = (struct catalogue){
		.pool = pool, .dir = paths_data(pool, "suites/clauses"), .problems = &p.problems,
	};
	catalogue_load_all(&p.catalogue);
	load_known(&p, runs, n);
	html_model(&p, runs, n);
	html_stories(&p);
	html_group_skips(&p);
	head(&p);
	body(&p);
	catalogue_free(&p.catalogue);
	pool_free(&p.scratch);
}
