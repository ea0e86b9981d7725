// SPDX-License-Identifier: GPL-2.0-only
/*
 * The runs: what was tested, and how it ended.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "export/html_page.h"
#include "nsc/text.h"

enum { OPEN_MAX = 3 };

/* The record's time in nanoseconds since 1970, or 0. */
static int64_t when(const char *text)
{
	struct tm tm = { 0 };
	const char *rest = text ? strptime(text, "%Y-%m-%dT%H:%M:%S", &tm) : NULL;
	int us = 0;

	if (!rest)
		return 0;
	sscanf(rest, ".%d", &us);
	return ((int64_t)timegm(&tm) * 1000000 + us) * 1000;
}

/* From the first part's beginning to the last one's end; 0 where a part has none. */
static int64_t took(const struct ran *ran)
{
	int64_t from = 0, to = 0;

	for (size_t i = 0; i < ran->n_runs; i++) {
		int64_t began = when(ran->runs[i].started), ended = when(ran->runs[i].ended);

		if (!began || !ended)
			return 0;
		from = !from || began < from ? began : from;
		to = ended > to ? ended : to;
	}
	return to - from;
}

static void fact_html(struct html_page *p, const char *name, const char *value)
{
	if (value && *value)
		fprintf(p->out, "<dt>%s</dt><dd>%s</dd>", name, value);
}

static void fact(struct html_page *p, const char *name, const char *value)
{
	fact_html(p, name, html_esc(p, value));
}

static const char *joined(struct html_page *p, const struct strs *words)
{
	const char *text = "";

	for (size_t i = 0; i < words->n; i++)
		text = pool_printf(&p->scratch, "%s%s%s", text, i ? " " : "",
				   text_shell_word(&p->scratch, words->v[i]));
	return text;
}

static void facts(struct html_page *p, const struct html_column *c)
{
	const struct run_record *r = c->run;
	/* A virtual machine has none. */
	const char *distribution = r->distribution && strcmp(r->distribution, "unknown") ?
		r->distribution : NULL;
	int64_t ns = took(c->ran);
	const char *kernel = pool_printf(&p->scratch, "%s %s", r->kernel ? r->kernel : "",
					 r->kernel_version ? r->kernel_version : "");

	/* Many cards are read side by side. */
	fprintf(p->out, "<details%s><summary>What was tested</summary><dl class=facts>",
		p->n > OPEN_MAX ? "" : " open");
	fact(p, "Kernel", kernel);
	if (c->runtime)
		fact(p, "Runtime", pool_printf(&p->scratch, "%s %s", r->runtime,
					       r->runtime_version ? r->runtime_version : ""));
	fact(p, "Machine", pool_printf(&p->scratch, "%s%s%s", r->machine ? r->machine : "",
				       distribution ? ", " : "", distribution ? distribution : ""));
	fact(p, "Image", r->image);
	fact(p, "Config", r->config_source);
	fact(p, "As", r->uid < 0 ? NULL : r->uid == 0 ? "root" :
	     pool_printf(&p->scratch, "user %lld", (long long)r->uid));
	fact(p, "nsconform", r->version);
	if (r->started)
		fact(p, "Started", pool_printf(&p->scratch, "%.10s %.8s UTC", r->started,
					       strlen(r->started) > 19 ? r->started + 11 : ""));
	if (ns > 0)
		fact(p, "Took", html_duration(p, ns));
	if (r->command.n)
		fact(p, "Command",
		     pool_printf(&p->scratch, "nsconform %s", joined(p, &r->command)));
	if (r->fail_on.n)
		fact(p, "Fails on", joined(p, &r->fail_on));
	fact(p, "Results", c->ran->dir);
	fact_html(p, "Consoles", html_consoles(p, c));
	fputs("</dl></details>", p->out);
}

static void verdict(struct html_page *p, const struct html_column *c)
{
	static const char *const words[] = {
		[LOOK_FAIL] = "failed", [LOOK_BROKEN] = "broken",
		[LOOK_XPASS] = "passed unexpectedly", [LOOK_EMPTY] = "prove nothing",
	};
	size_t judged = c->ran->n - c->count[LOOK_SKIP] - c->count[LOOK_BROKEN];
	const char *text = "", *unended = ran_unended(c->ran);

	for (int i = 0; i <= LOOK_EMPTY; i++)
		if (c->count[i])
			text = pool_printf(&p->scratch, "%s%s%s %s", text, *text ? ", " : "",
					   html_number(p, c->count[i]), words[i]);
	if (ran_failed_on(c->ran))
		text = pool_printf(&p->scratch, "%s%s%s failed by --fail-on", text,
				   *text ? ", " : "", html_number(p, ran_failed_on(c->ran)));
	if (!judged)
		fputs("<p class=\"verdict none\">Nothing was judged</p>", p->out);
	if (*text)
		fprintf(p->out, "<p class=\"verdict bad\">%s</p>", text);
	else if (judged)
		fprintf(p->out, "<p class=\"verdict %s\">Nothing failed%s%s</p>",
			unended ? "none" : "good", c->count[LOOK_KNOWN] ? " but what is known" : "",
			unended ? " so far" : "");
	if (c->flaky)
		fprintf(p->out, "<p class=flaky>Attempts of %s cell%s differ</p>",
			html_number(p, c->flaky), text_plural(c->flaky));
	if (unended)
		fprintf(p->out, "<p class=warn>The run has no end: %s. Cells are missing.</p>",
			unended);
}

/* The card's colour: what failed, else grey where nothing was judged, or what is missing may have
 * failed. */
static const char *state(const struct html_column *c)
{
	for (int i = 0; i <= LOOK_EMPTY; i++)
		if (c->count[i])
			return "bad";
	if (ran_failed_on(c->ran))
		return "bad";
	return !ran_unended(c->ran) && c->count[LOOK_PASS] + c->count[LOOK_FLAKY] +
		c->count[LOOK_KNOWN] ? "good" : "none";
}

static void card(struct html_page *p, const struct html_column *c)
{
	pool_reset(&p->scratch);
	fprintf(p->out, "<article class=\"run %s\"><h3>%s%s</h3>", state(c), html_esc(p, c->title),
		c == p->baseline ? " <small>baseline</small>" : "");
	verdict(p, c);
	html_bar(p, c->count);
	fprintf(p->out, "<p class=counts>");
	for (int i = 0; i < LOOKS; i++)
		if (c->count[i])
			fprintf(p->out, "<b class=%s>%s" NBSP "%s %s</b> ", looks[i].class,
				looks[i].glyph, html_number(p, c->count[i]), looks[i].word);
	fprintf(p->out, "<span>of %s cells</span></p>", html_number(p, c->ran->n));
	facts(p, c);
	fputs("</article>\n", p->out);
}

void html_runs(struct html_page *p)
{
	fprintf(p->out, "<section id=runs aria-labelledby=h-runs><h2 id=h-runs>Run%s</h2>\n"
		"<div class=cards>\n", p->n > 1 ? "s" : "");
	for (size_t i = 0; i < p->n; i++)
		card(p, &p->columns[i]);
	fputs("</div></section>\n", p->out);
}
