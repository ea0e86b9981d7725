// SPDX-License-Identifier: GPL-2.0-only
/*
 * Known issues: where each was seen, with its cells, and those that should have been and were not.
 */
#include <string.h>

#include "export/html_page.h"

static bool is_among(const struct strs *ids, const char *id)
{
	for (size_t i = 0; i < ids->n; i++)
		if (!strcmp(ids->v[i], id))
			return true;
	return false;
}

static bool has_issue(const struct record *r, const char *id)
{
	return r && r->issue && !strcmp(r->issue, id);
}

/* Cells of COLUMN that are about the issue, by how they ended. */
static bool count_in(const struct html_page *p, const char *id, size_t column, size_t *count)
{
	bool any = false;

	memset(count, 0, LOOKS * sizeof(*count));
	for (size_t i = 0; i < p->n_cells; i++)
		if (has_issue(p->cells[i].in[column], id)) {
			count[p->cells[i].look[column]]++;
			any = true;
		}
	return any;
}

static const char *version(struct html_page *p, const struct version *v)
{
	if (v->n[2])
		return pool_printf(&p->scratch, "%ld.%ld.%ld", v->n[0], v->n[1], v->n[2]);
	return pool_printf(&p->scratch, "%ld.%ld", v->n[0], v->n[1]);
}

static void range(struct html_page *p, const struct known *k)
{
	fprintf(p->out, "<p class=range>%s since %s",
		k->runtime ? html_esc(p, k->runtime) : "Linux", version(p, &k->since));
	for (size_t i = 0; i < k->n_fixed; i++)
		fprintf(p->out, "%s%s", i ? ", " : "; fixed in ", version(p, &k->fixed[i]));
	fprintf(p->out, "%s</p>", k->n_fixed ? "" : "; not fixed");
}

/* Whether the record of the run says that it should have been seen, and was not: in a part of the
 * run, and in none of the others. */
static bool is_unseen(const struct html_page *p, const char *id, size_t column)
{
	const struct ran *ran = p->columns[column].ran;
	size_t count[LOOKS];
	bool unseen = false;

	for (size_t i = 0; i < ran->n_runs; i++)
		unseen |= is_among(&ran->runs[i].known_unseen, id);
	return unseen && !count_in(p, id, column, count);
}

static void seen_in(struct html_page *p, const char *id)
{
	fputs("<span class=counts>", p->out);
	for (size_t i = 0; i < p->n; i++) {
		size_t count[LOOKS];
		bool any = count_in(p, id, i, count);

		if (!any && !is_unseen(p, id, i))
			continue;
		if (p->n > 1)
			fprintf(p->out, "<span>%s</span> ", html_esc(p, p->columns[i].title));
		if (any)
			html_counts(p, count);
		else
			fputs("<b class=n>·" NBSP "not seen</b> ", p->out);
	}
	fputs("</span>", p->out);
}

/* The issue that the cell's entry stands below: in other runs it may have others. */
static const char *first_issue(const struct html_page *p, const struct html_cell *c)
{
	for (size_t k = 0; k < p->n; k++)
		if (c->in[k] && c->in[k]->issue)
			return c->in[k]->issue;
	return "";
}

static void entries(struct html_page *p, const char *id)
{
	for (size_t i = 0; i < p->n_cells; i++) {
		const struct html_cell *c = &p->cells[i];
		bool has = false;

		for (size_t k = 0; k < p->n; k++)
			has |= has_issue(c->in[k], id);
		/* What is worse in another run has its entry there, and of many some have a row. */
		if (has && c->told && c->worst == LOOK_KNOWN && !strcmp(first_issue(p, c), id)) {
			html_entry(p, c, false);
		} else if (has) {
			fputs("<p>", p->out);
			html_cell_link(p, c, c->name);
			fputs("</p>", p->out);
		}
	}
}

/* K is NULL where the issue is not listed here. */
static void issue(struct html_page *p, const char *id, const struct known *k, const char *link,
		  const char *reference)
{
	pool_reset(&p->scratch);
	fprintf(p->out, "<details class=issue id=\"known:%s\"><summary><h3>%s</h3> ",
		html_esc(p, id), html_esc(p, id));
	seen_in(p, id);
	fputs("</summary><div class=body>", p->out);
	if (link)
		fprintf(p->out, "<p>%s</p>", html_linked(p, link));
	if (reference)
		fprintf(p->out, "<p>%s</p>", html_linked(p, reference));
	if (k)
		range(p, k);
	if (k && k->evidence)
		fprintf(p->out, "<p>%s</p>", html_esc(p, k->evidence));
	entries(p, id);
	fputs("</div></details>\n", p->out);
}

static const struct known *listed(const struct html_page *p, const char *id)
{
	for (size_t i = 0; i < p->known.n; i++)
		if (p->known.v[i].id && !strcmp(p->known.v[i].id, id))
			return &p->known.v[i];
	return NULL;
}

/* Issues of a list of the run's own, which is not installed, are in its records alone. */
static size_t unlisted(struct html_page *p)
{
	struct strs told = { .v = pool_array(p->pool, const char *, p->n_cells * p->n + 1) };

	for (size_t i = 0; i < p->n_cells; i++)
		for (size_t k = 0; k < p->n; k++) {
			const struct record *r = p->cells[i].in[k];

			if (!r || !r->issue || listed(p, r->issue) || is_among(&told, r->issue))
				continue;
			told.v[told.n++] = r->issue;
			issue(p, r->issue, NULL, r->link, r->reference);
		}
	return told.n;
}

static bool seen(const struct html_page *p, const char *id)
{
	size_t count[LOOKS];

	for (size_t i = 0; i < p->n; i++)
		if (count_in(p, id, i, count))
			return true;
	return false;
}

static bool is_unseen_anywhere(const struct html_page *p, const char *id)
{
	for (size_t i = 0; i < p->n; i++)
		if (is_unseen(p, id, i))
			return true;
	return false;
}

static size_t list(struct html_page *p, bool want_seen)
{
	size_t n = 0;

	for (size_t i = 0; i < p->known.n; i++) {
		const struct known *k = &p->known.v[i];
		bool is = k->id && seen(p, k->id);

		if (!k->id || is != want_seen || (!is && !is_unseen_anywhere(p, k->id)))
			continue;
		if (!want_seen && !n)
			fputs("<h3>Not seen, though listed for these versions and judged</h3>\n", p->out);
		issue(p, k->id, k, k->link, k->reference);
		n++;
	}
	return n;
}

void html_known(struct html_page *p)
{
	size_t listed_seen, others, unseen;

	fputs("<section id=known aria-labelledby=h-known><h2 id=h-known>Known issues</h2>\n", p->out);
	listed_seen = list(p, true);
	others = unlisted(p);
	if (!listed_seen && !others)
		fputs("<p>No cell failed by a known issue.</p>\n", p->out);
	unseen = list(p, false);
	if (p->known.n > listed_seen + unseen)
		fprintf(p->out, "<p>%zu more are about other versions, cells that were not judged, or lines of the kernel log.</p>\n",
			p->known.n - listed_seen - unseen);
	fputs("</section>\n", p->out);
}
