// SPDX-License-Identifier: GPL-2.0-only
/*
 * Known issues: where each was seen, with its cells, and those that should have been and were not.
 */
#include <string.h>

#include "export/html_page.h"

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

static bool judged(const struct html_page *p, const struct known *k, size_t column)
{
	for (size_t i = 0; i < p->n_cells; i++) {
		enum look look = (enum look)p->cells[i].look[column];

		if (look != LOOK_SKIP && look != LOOK_BROKEN && look != LOOK_NONE &&
		    known_names(k, p->cells[i].name))
			return true;
	}
	return false;
}

/*
 * Whether it should have been seen in the run: it is one of that version, and a cell that it names
 * was judged. What the kernel logs is no cell's verdict.
 */
static bool concerns(const struct html_page *p, const struct known *k, size_t column)
{
	const struct html_column *c = &p->columns[column];

	return !k->log.n && (k->runtime || c->release) && known_covers(k, c->release, c->runtime) &&
	       judged(p, k, column);
}

static void seen_in(struct html_page *p, const struct known *k, const char *id)
{
	fputs("<span class=counts>", p->out);
	for (size_t i = 0; i < p->n; i++) {
		size_t count[LOOKS];
		bool any = count_in(p, id, i, count);

		if (!any && !(k && concerns(p, k, i)))
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

static void entries(struct html_page *p, const char *id)
{
	for (size_t i = 0; i < p->n_cells; i++) {
		const struct html_cell *c = &p->cells[i];
		bool has = false;

		for (size_t k = 0; k < p->n; k++)
			has |= has_issue(c->in[k], id);
		/* What is worse in another run has its entry there, and of many some have a row. */
		if (has && c->told && c->worst == LOOK_KNOWN) {
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
	seen_in(p, k, id);
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

static bool is_told(const struct strs *told, const char *id)
{
	for (size_t i = 0; i < told->n; i++)
		if (!strcmp(told->v[i], id))
			return true;
	return false;
}

/* Issues of a list of the run's own, which is not installed, are in its records alone. */
static size_t unlisted(struct html_page *p)
{
	struct strs told = { .v = pool_array(p->pool, const char *, p->n_cells * p->n + 1) };

	for (size_t i = 0; i < p->n_cells; i++)
		for (size_t k = 0; k < p->n; k++) {
			const struct record *r = p->cells[i].in[k];

			if (!r || !r->issue || listed(p, r->issue) || is_told(&told, r->issue))
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

static bool concerns_any(const struct html_page *p, const struct known *k)
{
	for (size_t i = 0; i < p->n; i++)
		if (concerns(p, k, i))
			return true;
	return false;
}

static size_t list(struct html_page *p, bool want_seen)
{
	size_t n = 0;

	for (size_t i = 0; i < p->known.n; i++) {
		const struct known *k = &p->known.v[i];
		bool is = k->id && seen(p, k->id);

		if (!k->id || is != want_seen || (!is && !concerns_any(p, k)))
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
