// SPDX-License-Identifier: GPL-2.0-only
/*
 * A cell as plain text, to be pasted into a bug tracker or a mail.
 */
#include "export/html_page.h"

static void line(struct html_page *p, const char *name, const char *value)
{
	if (value && *value)
		fprintf(p->out, "%-11s%s\n", name, html_esc(p, value));
}

static void machine(struct html_page *p, const struct html_column *c)
{
	const struct run_record *r = c->run;

	if (c->runtime)
		line(p, "Runtime:", c->title);
	line(p, "Kernel:", pool_printf(&p->scratch, "%s %s", r->kernel ? r->kernel : "not known",
				       r->kernel_version ? r->kernel_version : ""));
	line(p, "Machine:", pool_printf(&p->scratch, "%s, %s", r->machine ? r->machine : "?",
					r->distribution ? r->distribution : "?"));
	line(p, "Image:", r->image);
	line(p, "Config:", r->config_source);
	line(p, "Tested by:",
	     pool_printf(&p->scratch, "nsconform %s", r->version ? r->version : "?"));
}

static void rules(struct html_page *p, const struct record *r)
{
	for (size_t i = 0; i < r->clauses.n; i++) {
		const struct clause *k = clause_find(&p->catalogue, r->clauses.v[i]);

		line(p, i ? "" : "Rule:", r->clauses.v[i]);
		if (k) {
			line(p, "", k->statement);
			line(p, "", pool_printf(&p->scratch, "(%s)", k->source));
		}
	}
}

static void story(struct html_page *p, const struct html_step *steps, size_t n)
{
	static const char *const marks[] = {
		[STEP_WENT] = "  ", [STEP_WRONG] = "! ", [STEP_UNREACHED] = "- ",
		[STEP_UNJUDGED] = "  ",
	};

	if (n)
		fputs("\nSteps:\n", p->out);
	for (size_t i = 0; i < n; i++)
		fprintf(p->out, "%s%zu. %s: %s -&gt; %s\n", marks[steps[i].mark], i + 1,
			html_esc(p, steps[i].who), html_esc(p, steps[i].does),
			html_esc(p, steps[i].saw));
}

static void log_of(struct html_page *p, const struct record *r)
{
	const struct strs *const logs[] = { &r->own_log, &r->log };

	if (r->own_log.n + r->log.n)
		fputs("\nKernel log:\n", p->out);
	for (size_t i = 0; i < 2; i++)
		for (size_t k = 0; k < logs[i]->n; k++)
			fprintf(p->out, "  %s\n", html_esc(p, logs[i]->v[k]));
}

static void others(struct html_page *p, const struct html_column *column,
		   const struct html_cell *cell)
{
	const char *text = "";

	for (size_t i = 0; i < p->n; i++)
		if (&p->columns[i] != column)
			text = pool_printf(&p->scratch, "%s%s%s: %s", text, *text ? "; " : "",
					   p->columns[i].title, looks[cell->look[i]].word);
	line(p, "Elsewhere:", text);
}

void html_report(struct html_page *p, struct html_column *column, const struct html_cell *cell,
		 const struct html_step *steps, size_t n_steps)
{
	const struct record *r = cell->in[column - p->columns];
	const struct scenario *text = cell->scenario->text;

	fputs("<button type=button class=copy hidden>Copy as bug report</button>"
	      "<details class=report><summary>As a bug report</summary><pre tabindex=0>", p->out);
	fprintf(p->out, "%s: %s\n\n", html_esc(p, cell->name), html_esc(p, r->message));
	line(p, "About:", text ? text->about : NULL);
	machine(p, column);
	rules(p, r);
	line(p, "Who:", r->actor);
	line(p, "Op:", r->op);
	line(p, "Call:", r->call);
	line(p, "Result:", r->field);
	line(p, "Expected:", r->expected);
	line(p, "Seen:", r->seen);
	line(p, "Issue:", r->issue);
	line(p, "At:", r->at);
	others(p, column, cell);
	story(p, steps, n_steps);
	log_of(p, r);
	fprintf(p->out, "\nAgain: %s\n</pre></details>\n", html_esc(p, r->again));
}
