// SPDX-License-Identifier: GPL-2.0-only
/*
 * The catalogue: which rules the runs have proven, and by which scenarios.
 */
#include <string.h>

#include "export/html_page.h"

/* What the cells that name a rule say of it, what is worst first. */
enum standing {
	STANDING_BROKEN, /* the rule is */
	STANDING_KNOWN,
	STANDING_DOUBTED,
	STANDING_PROVEN,
	STANDING_SEEN,
	STANDING_SKIPPED,
	STANDING_NONE,
	STANDINGS,
};

static const struct {
	const char *class, *glyph, *word, *doc;
} standings[STANDINGS] = {
	[STANDING_BROKEN] = { "f", "✗", "violated", "a cell failed over it" },
	[STANDING_KNOWN] = { "k", "≈", "known", "a cell fails over it as a known issue says" },
	[STANDING_DOUBTED] = { "e", "≠", "proves nothing",
			       "cells passed, and a control or twin did not end as it must" },
	[STANDING_PROVEN] = { "p", "✓", "proven", "cells passed, their controls or twins, too" },
	[STANDING_SEEN] = { "p", "○", "seen", "cells passed that have no control or twin" },
	[STANDING_SKIPPED] = { "s", "–", "not judged", "its cells were skipped, or broke" },
	[STANDING_NONE] = { "n", "·", "not run", "no cell of the run names it" },
};

struct rule {
	const struct clause *clause;
	unsigned char *standing;       /* by column */
	const struct html_scenario **by; /* scenarios that name it */
	size_t n, room;
};

static struct rule *rule_of(struct html_page *p, struct rule *rules, const char *id)
{
	const struct clause *c = clause_find(&p->catalogue, id);
	size_t at = 0;

	for (size_t i = 0; c && i < p->catalogue.n; i++) {
		const struct family *f = &p->catalogue.families[i];

		if (c >= f->v && c < f->v + f->n)
			return &rules[at + (size_t)(c - f->v)];
		at += f->n;
	}
	return NULL;
}

static bool has_control(const struct html_scenario *s, const struct html_cell *plain)
{
	for (const struct html_cell *c = plain + 1; c < s->cells + s->n; c++)
		if (c->plain == plain)
			return true;
	return false;
}

static enum standing standing_of(const struct html_cell *c, size_t column)
{
	switch ((enum look)c->look[column]) {
	case LOOK_FAIL:
		return STANDING_BROKEN;
	case LOOK_KNOWN:
		return STANDING_KNOWN;
	case LOOK_EMPTY:
		return STANDING_DOUBTED;
	case LOOK_PASS:
	case LOOK_FLAKY:
	case LOOK_XPASS:
		return has_control(c->scenario, c) ? STANDING_PROVEN : STANDING_SEEN;
	case LOOK_SKIP:
	case LOOK_BROKEN:
		return STANDING_SKIPPED;
	case LOOK_NONE:
		break;
	}
	return STANDING_NONE;
}

static void name(struct html_page *p, struct rule *rule, const struct html_scenario *s)
{
	if (rule->n && rule->by[rule->n - 1] == s)
		return;
	if (rule->n == rule->room) {
		const struct html_scenario **v;

		rule->room = rule->room * 2 + 2;
		v = pool_array(p->pool, const struct html_scenario *, rule->room);
		if (rule->n)
			memcpy(v, rule->by, rule->n * sizeof(*v));
		rule->by = v;
	}
	rule->by[rule->n++] = s;
}

static void take(struct html_page *p, struct rule *rules, const struct html_cell *c, size_t column)
{
	const struct record *r = c->in[column];
	const struct scenario *text = c->scenario->text;
	/* A baseline has names and verdicts alone. */
	const struct strs *clauses = r->clauses.n || !text ? &r->clauses : &text->clauses;

	for (size_t i = 0; i < clauses->n; i++) {
		struct rule *rule = rule_of(p, rules, clauses->v[i]);
		unsigned char standing = (unsigned char)standing_of(c, column);

		if (!rule)
			continue;
		name(p, rule, c->scenario);
		if (standing < rule->standing[column])
			rule->standing[column] = standing;
	}
}

static struct rule *judge_all(struct html_page *p, size_t *n)
{
	struct rule *rules;
	size_t at = 0;

	*n = 0;
	for (size_t i = 0; i < p->catalogue.n; i++)
		*n += p->catalogue.families[i].n;
	rules = pool_array(p->pool, struct rule, *n + 1);
	for (size_t i = 0; i < p->catalogue.n; i++)
		for (size_t k = 0; k < p->catalogue.families[i].n; k++, at++) {
			rules[at].clause = &p->catalogue.families[i].v[k];
			rules[at].standing = (unsigned char *)pool_array(p->pool, char, p->n);
			memset(rules[at].standing, STANDING_NONE, p->n);
		}
	for (size_t i = 0; i < p->n_cells; i++)
		for (size_t k = 0; !p->cells[i].plain && k < p->n; k++)
			if (p->cells[i].in[k])
				take(p, rules, &p->cells[i], k);
	return rules;
}

static void counts(struct html_page *p, const struct rule *rules, size_t n, size_t column)
{
	size_t count[STANDINGS] = { 0 };

	for (size_t i = 0; i < n; i++)
		count[rules[i].standing[column]]++;
	for (int i = 0; i < STANDINGS; i++)
		if (count[i])
			fprintf(p->out, "<b class=%s title=\"%s\">%s" NBSP "%s</b> ",
				standings[i].class, standings[i].word, standings[i].glyph,
				html_number(p, count[i]));
}

static void row(struct html_page *p, const struct rule *rule)
{
	const struct clause *c = rule->clause;

	fprintf(p->out, "<tr id=\"clause:%s\"><th scope=row><code>%s</code><p>%s</p><p class=source>%s",
		html_esc(p, c->id), html_esc(p, c->id), html_esc(p, c->statement),
		html_esc(p, c->source));
	if (c->waived && !rule->n)
		fprintf(p->out, "; waived: %s", html_esc(p, c->waived));
	if (rule->n)
		fputs("<p class=by>By ", p->out);
	for (size_t i = 0; i < rule->n; i++)
		fprintf(p->out, "%s<a href=\"#scenario:%s\">%s</a>", i ? ", " : "",
			html_esc(p, rule->by[i]->name), html_esc(p, rule->by[i]->name));
	for (size_t i = 0; i < p->n; i++) {
		enum standing s = (enum standing)rule->standing[i];

		/* There are many of these: a glyph, as in the grid of cells. */
		if (s == STANDING_PROVEN || s == STANDING_NONE)
			fprintf(p->out, "<td class=%s>%s", standings[s].class, standings[s].glyph);
		else
			fprintf(p->out, "<td class=%s>%s" NBSP "%s", standings[s].class,
				standings[s].glyph, standings[s].word);
	}
	fputc('\n', p->out);
}

static void family(struct html_page *p, const struct family *f, const struct rule *rules)
{
	pool_reset(&p->scratch);
	fprintf(p->out, "<details class=family><summary><h3>%s</h3>", html_esc(p, f->name));
	for (size_t i = 0; i < p->n; i++) {
		fputs("<span class=c>", p->out);
		counts(p, rules, f->n, i);
		fputs("</span>", p->out);
	}
	fprintf(p->out, "</summary><div class=wide tabindex=0 role=region aria-label=\"Rules of %s\">"
		"<table class=clauses><thead><tr><th scope=col>Rule", html_esc(p, f->name));
	for (size_t i = 0; i < p->n; i++)
		fprintf(p->out, "<th scope=col>%s", html_esc(p, p->columns[i].title));
	fputs("<tbody>\n", p->out);
	for (size_t i = 0; i < f->n; i++)
		row(p, &rules[i]);
	fputs("</table></div></details>\n", p->out);
}

static void legend(struct html_page *p)
{
	fputs("<p class=legend>", p->out);
	for (int i = 0; i < STANDINGS; i++)
		fprintf(p->out, "<span><b class=%s>%s" NBSP "%s</b> %s</span> ", standings[i].class,
			standings[i].glyph, standings[i].word, standings[i].doc);
	fputs("</p>\n", p->out);
}

static size_t proven(const struct rule *rules, size_t n, size_t column)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		count += rules[i].standing[column] == STANDING_PROVEN;
	return count;
}

void html_clauses(struct html_page *p)
{
	size_t n, at = 0;
	struct rule *rules = judge_all(p, &n);

	fputs("<section id=clauses aria-labelledby=h-clauses><h2 id=h-clauses>Rules</h2>\n<ul>", p->out);
	for (size_t i = 0; i < p->n; i++)
		fprintf(p->out, "<li>%s: %s of %s rules of the catalogue proven</li>\n",
			html_esc(p, p->columns[i].title), html_number(p, proven(rules, n, i)),
			html_number(p, n));
	fputs("</ul>\n", p->out);
	legend(p);
	html_heads(p);
	for (size_t i = 0; i < p->catalogue.n; i++) {
		family(p, &p->catalogue.families[i], &rules[at]);
		at += p->catalogue.families[i].n;
	}
	fputs("</div></section>\n", p->out);
}
