// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pieces that all sections of the page are made of.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <string.h>

#include "export/cells.h"
#include "export/html_page.h"
#include "nsc/text.h"
#include "report/reason.h"

/* So many columns are narrow. */
enum { MANY = 5 };

const struct look_row looks[LOOKS + 1] = {
	[LOOK_FAIL] = { "f", "✗", "fail", "an expectation was not met" },
	[LOOK_BROKEN] = { "b", "!", "broken",
			  "the harness could not carry it out; nothing is said about the kernel" },
	[LOOK_XPASS] = { "x", "±", "unexpected pass",
			 "a known issue says that it fails, and it passed" },
	[LOOK_EMPTY] = { "e", "≠", "proves nothing",
			 "it passed, but its control or twin did not end as it must" },
	[LOOK_FLAKY] = { "y", "⇄", "flaky", "it passed, and another attempt did not" },
	[LOOK_KNOWN] = { "k", "≈", "known", "it failed as a known issue says" },
	[LOOK_SKIP] = { "s", "–", "skip", "this machine lacks something that it needs" },
	[LOOK_PASS] = { "p", "✓", "pass", "everything is as expected" },
	[LOOK_NONE] = { "n", "·", "not run", "it is not among the cells of this run" },
};

/* Most texts have nothing to escape, and stay where they are. */
static bool is_plain(const char *s, const char *special)
{
	for (; *s; s++)
		if (*s < ' ' || *s > '~' || strchr(special, *s))
			return false;
	return true;
}

static const char *entity(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

static const char *escape(struct html_page *p, const char *s, const char *special)
{
	if (!s || is_plain(s, special))
		return s ? s : "";
	const char *text = text_escape(&p->scratch, s, strlen(s), "\t");
	char *out = pool_alloc(&p->scratch, strlen(text) * 6 + 1), *to = out;

	for (; *text; text++) {
		const char *e = strchr(special, *text) ? entity(*text) : NULL;

		if (e)
			to = stpcpy(to, e);
		else
			*to++ = *text;
	}
	return out;
}

const char *html_esc(struct html_page *p, const char *s)
{
	return escape(p, s, "&<>\"'");
}

const char *html_text(struct html_page *p, const char *s)
{
	return escape(p, s, "&<>");
}

const char *html_number(struct html_page *p, size_t n)
{
	if (n < 1000)
		return pool_printf(&p->scratch, "%zu", n);
	if (n < 1000000)
		return pool_printf(&p->scratch, "%zu,%03zu", n / 1000, n % 1000);
	return pool_printf(&p->scratch, "%zu,%03zu,%03zu", n / 1000000, n / 1000 % 1000, n % 1000);
}

const char *html_duration(struct html_page *p, int64_t ns)
{
	long long us = ns / 1000, s = us / 1000000;

	if (us < 10000)
		return pool_printf(&p->scratch, "%lld.%lld ms", us / 1000, us / 100 % 10);
	if (us < 1000000)
		return pool_printf(&p->scratch, "%lld ms", us / 1000);
	if (s < 60)
		return pool_printf(&p->scratch, "%lld.%lld s", s, us / 100000 % 10);
	if (s < 3600)
		return pool_printf(&p->scratch, "%lld min %lld s", s / 60, s % 60);
	return pool_printf(&p->scratch, "%lld h %lld min", s / 3600, s / 60 % 60);
}

/* What is linked, by how it begins, and what stands before it in the address. */
static const struct {
	const char *start, *address;
} links[] = {
	{ "https://", "" },
	{ "http://", "" },
	{ "CVE-", "https://www.cve.org/CVERecord?id=" },
};

static const char *link_at(const char *s)
{
	for (size_t i = 0; i < sizeof(links) / sizeof(*links); i++)
		if (!strncmp(s, links[i].start, strlen(links[i].start)))
			return links[i].address;
	return NULL;
}

static size_t link_length(const char *s)
{
	size_t n = strcspn(s, " \t\n,;)<>\"'");

	while (n && strchr(".:", s[n - 1]))
		n--;
	return n;
}

const char *html_linked(struct html_page *p, const char *s)
{
	const char *text = "", *from = s ? s : "";

	for (const char *at = from; *at; at++) {
		bool inside = at > from && isalnum((unsigned char)at[-1]);
		const char *address = inside ? NULL : link_at(at);

		if (!address)
			continue;
		const char *name = pool_strndup(&p->scratch, at, link_length(at));
		const char *before = pool_strndup(&p->scratch, from, (size_t)(at - from));

		text = pool_printf(&p->scratch, "%s%s<a href=\"%s%s\">%s</a>", text,
				   html_esc(p, before), address, html_esc(p, name),
				   html_esc(p, name));
		from = at + strlen(name);
		at = from - 1;
	}
	return pool_printf(&p->scratch, "%s%s", text, html_esc(p, from));
}

static bool any(const size_t *count, size_t *sum)
{
	*sum = 0;
	for (int i = 0; i < LOOKS; i++)
		*sum += count[i];
	return *sum;
}

void html_look(struct html_page *p, enum look look)
{
	fprintf(p->out, "<b class=%s>%s" NBSP "%s</b>", looks[look].class, looks[look].glyph,
		looks[look].word);
}

void html_counts(struct html_page *p, const size_t *count)
{
	size_t sum;

	if (!any(count, &sum))
		html_look(p, LOOK_NONE);
	for (int i = 0; sum && i < LOOKS; i++)
		if (count[i])
			fprintf(p->out, "<b class=%s>%s" NBSP "%s</b> ", looks[i].class,
				looks[i].glyph, html_number(p, count[i]));
}

void html_bar(struct html_page *p, const size_t *count)
{
	size_t sum;

	if (!any(count, &sum))
		return;
	fputs("<span class=bar aria-hidden=true>", p->out);
	for (int i = 0; i < LOOKS; i++)
		if (count[i])
			fprintf(p->out, "<i class=%s style=\"flex-grow:%zu\"></i>", looks[i].class,
				count[i]);
	fputs("</span>", p->out);
}

void html_heads(struct html_page *p)
{
	fprintf(p->out, "<div class=\"grid%s\"><div class=heads aria-hidden=true><span></span>",
		p->n >= MANY ? " many" : "");
	for (size_t i = 0; i < p->n; i++)
		fprintf(p->out, "<span>%s</span>", html_esc(p, p->columns[i].brief));
	fputs("</div>\n", p->out);
}

void html_cell_link(struct html_page *p, const struct html_cell *cell, const char *text)
{
	fprintf(p->out, "<a href=\"#%s\">%s</a>", html_esc(p, cell->name), html_esc(p, text));
}

void html_clause(struct html_page *p, const char *id)
{
	const char *name = html_esc(p, id);

	if (clause_find(&p->catalogue, id))
		fprintf(p->out, "<a href=\"#clause:%s\"><code>%s</code></a>", name, name);
	else
		fprintf(p->out, "<code>%s</code>", name);
}

const char *html_why(struct html_page *p, const struct record *r)
{
	const char *why = r->flaky && r->verdict == VERDICT_PASS ? cell_flaky(&p->scratch, r) :
								   record_why(r);

	return why ? why : reason_text(&p->scratch, r);
}
