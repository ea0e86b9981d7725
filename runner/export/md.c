// SPDX-License-Identifier: GPL-2.0-only
/*
 * A summary in Markdown, for the pages of CI jobs: short, whatever the run was, as GitHub refuses
 * more than 1 MiB. What comes from kernels, runtimes and suites is in code spans, in which nothing
 * is Markdown.
 */
#include <stdlib.h>
#include <string.h>

#include "export/cells.h"
#include "export/export.h"
#include "nsc/text.h"
#include "report/exit_status.h"

/* How much of what there may be any amount of is shown; a text is at most TEXT_MAX bytes, and when
 * there are BYTES_MAX of all no more items follow. */
enum { GROUPS_MAX = 100, LINES_MAX = 200, NAMES_MAX = 8, TEXT_MAX = 400, BYTES_MAX = 200 * 1024 };

/* Cells that are alike: of one scenario, with one verdict, by one step, for one reason; or of one
 * known issue; or that lack the same. */
struct group {
	const struct record *first;
	const char *text; /* what they share */
	size_t *n;	  /* of each run */
	size_t cells;
	const struct record *names[NAMES_MAX]; /* the first of them, each name once */
	size_t n_names;
};

struct groups {
	struct group *v;
	size_t n;
	size_t left_out; /* cells of groups that did not find room */
};

struct md {
	FILE *out; /* to .text, of .len */
	char *text;
	size_t len;
	struct pool *pool;
	const struct ran *runs;
	const struct record ***cells; /* of each run, by name */
	size_t n;
};

static const char *span(struct pool *pool, const char *text, const char *special)
{
	char *line = text_escape(pool, text, strnlen(text, TEXT_MAX + 8), special);
	const char *fence = "`", *blank, *more = "";
	size_t len = strlen(line);

	if (!len)
		return "";
	if (len > TEXT_MAX) {
		for (len = TEXT_MAX; len && (line[len] & 0xc0) == 0x80; len--)
			;
		line[len] = 0;
		more = "...";
	}
	while (strstr(line, fence))
		fence = pool_printf(pool, "%s`", fence);
	blank = fence[1] ? " " : "";
	return pool_printf(pool, "%s%s%s%s%s%s", fence, blank, line, more, blank, fence);
}

/* TEXT as a code span, "" or NULL as nothing; in a table, bars are escaped also there. */
static const char *code(struct pool *pool, const char *text)
{
	return text ? span(pool, text, "\t") : "";
}

static const char *table_code(struct pool *pool, const char *text)
{
	return text ? span(pool, text, "|\t") : "";
}

/* The names of columns before those of the runs, with bars between them. */
static void head(struct md *m, const char *names)
{
	fprintf(m->out, "| %s |", names);
	for (size_t i = 0; i < m->n; i++)
		fprintf(m->out, " %s |", table_code(m->pool, m->runs[i].dir));
	fputs("\n|---|", m->out);
	for (; (names = strchr(names, '|')); names++)
		fputs("---|", m->out);
	for (size_t i = 0; i < m->n; i++)
		fputs("---|", m->out);
	fputc('\n', m->out);
}

static const char *result_of(const struct ran *ran)
{
	static const char *const results[] = {
		[EXIT_GOOD] = "✓ passed", [EXIT_FAILED] = "✗ **failed**",
		[EXIT_BROKEN] = "✗ **broken**", [EXIT_UNJUDGED] = "∅ **nothing was judged**",
	};

	if (ran_unended(ran) && ran_status(ran) != EXIT_FAILED)
		return "✗ **not complete**";
	return results[ran_status(ran)];
}

/* What the record of a run says, or "". */
static const char *about_run(struct pool *pool, const struct ran *ran, const char *key)
{
	const struct value *v = !ran->n_runs ? NULL :
		said(record_value(pool, run_record_fields, &ran->runs[0]), key);

	if (!v || (v->type == VALUE_LIST && !v->list.n))
		return "";
	return value_text(v) ? value_text(v) : value_show(pool, v);
}

static void about_runs(struct md *m)
{
	static const char *const told[] = {
		"kernel", "kernel_version", "machine", "word_bits", "distribution", "runtime",
		"runtime_version", "image", "version", "selection", "fail_on", "started",
	};

	for (size_t i = 0; i < sizeof(told) / sizeof(*told); i++) {
		const char *row = "";
		bool any = false;

		for (size_t r = 0; r < m->n; r++) {
			const char *text = about_run(m->pool, &m->runs[r], told[i]);

			any |= *text != 0;
			row = pool_printf(m->pool, "%s %s |", row, table_code(m->pool, text));
		}
		if (any)
			fprintf(m->out, "| %s |%s\n", told[i], row);
	}
}

/* A number of each run; WHAT says which. */
typedef size_t run_count(const struct ran *ran, int64_t what);

static void count_row(struct md *m, const char *name, const char *doc, run_count *count,
		      int64_t what)
{
	bool any = false;

	for (size_t r = 0; r < m->n; r++)
		any |= count(&m->runs[r], what) > 0;
	if (!any)
		return;
	fprintf(m->out, "| %s: %s |", name, doc);
	for (size_t r = 0; r < m->n; r++)
		fprintf(m->out, " %zu |", count(&m->runs[r], what));
	fputc('\n', m->out);
}

static size_t count_verdict(const struct ran *ran, int64_t verdict)
{
	return totals_of(&ran->totals, (enum verdict_kind)verdict);
}

static size_t count_missed(const struct ran *ran, int64_t what)
{
	(void)what;
	return ran->missed.n;
}

static size_t count_flaky(const struct ran *ran, int64_t what)
{
	(void)what;
	return ran->totals.flaky;
}

static size_t count_failed_on(const struct ran *ran, int64_t what)
{
	(void)what;
	return ran_failed_on(ran);
}

static size_t count_tried_again(const struct ran *ran, int64_t what)
{
	return what ? ran->totals.passed_again : ran->totals.tried_again;
}

static void summary(struct md *m)
{
	head(m, "");
	fputs("| **result** |", m->out);
	for (size_t r = 0; r < m->n; r++)
		fprintf(m->out, " %s |", result_of(&m->runs[r]));
	fputs("\n| cells |", m->out);
	for (size_t r = 0; r < m->n; r++)
		fprintf(m->out, " %zu |", m->runs[r].n + m->runs[r].missed.n);
	fputc('\n', m->out);
	for (const struct symbol *s = verdict_symbols; s->name; s++)
		count_row(m, s->name, s->doc, count_verdict, s->value);
	count_row(m, "missed", "the run did not come to it", count_missed, 0);
	count_row(m, "fail-on", "it fails the run by --fail-on", count_failed_on, 0);
	count_row(m, "flaky", "its attempts differ", count_flaky, 0);
	count_row(m, "tried again", "it may only have been late", count_tried_again, 0);
	about_runs(m);
	fputc('\n', m->out);
	for (size_t r = 0; r < m->n; r++) {
		const char *why = run_incomplete(m->pool, &m->runs[r]);

		if (why)
			fprintf(m->out, "**%s is not complete**: %s.\n\n",
				code(m->pool, m->runs[r].dir), why);
	}
}

/* One row of a table or item of a list: the text by which a cell is put to others, or NULL for one
 * that does not belong there. */
typedef const char *group_text(struct pool *pool, const struct record *cell);

static bool alike(const struct group *g, const struct record *c, const char *text, bool scenario)
{
	return !strcmp(g->text, text) &&
	       (!scenario || (g->first->verdict == c->verdict &&
			      !strcmp(g->first->scenario, c->scenario) &&
			      !strcmp(g->first->at ? g->first->at : "", c->at ? c->at : "")));
}

static void put_name(struct group *g, const struct record *c)
{
	for (size_t i = 0; i < g->n_names; i++)
		if (!strcmp(g->names[i]->cell, c->cell))
			return;
	if (g->n_names < NAMES_MAX)
		g->names[g->n_names++] = c;
}

/* The group of the cell, made if need be; NULL when there is no room. */
static struct group *group_of(struct md *m, struct groups *all, const struct record *c,
			      const char *text, bool scenario)
{
	size_t g = 0;

	while (g < all->n && !alike(&all->v[g], c, text, scenario))
		g++;
	if (g == GROUPS_MAX)
		return NULL;
	if (g == all->n) {
		size_t *n = pool_array(m->pool, size_t, m->n);

		all->v[all->n++] = (struct group){ .first = c, .text = text, .n = n };
	}
	return &all->v[g];
}

/* SCENARIO: only cells of one scenario, verdict and place are alike. */
static struct groups groups_of(struct md *m, group_text *text_of, bool scenario)
{
	struct groups all = { .v = pool_array(m->pool, struct group, GROUPS_MAX) };

	for (size_t r = 0; r < m->n; r++)
		for (size_t i = 0; i < m->runs[r].n; i++) {
			const struct record *c = m->cells[r][i];
			const char *text = text_of(m->pool, c);
			struct group *g = text ? group_of(m, &all, c, text, scenario) : NULL;

			all.left_out += text && !g;
			if (!g)
				continue;
			g->n[r]++;
			g->cells++;
			put_name(g, c);
		}
	return all;
}

/* The stream tells its length when it is flushed. */
static bool is_full(const struct md *m)
{
	fflush(m->out);
	return m->len > BYTES_MAX;
}

/* Of the groups the first SHOWN are there. */
static void tell_left_out(struct md *m, const struct groups *all, size_t shown)
{
	size_t cells = all->left_out;

	for (size_t i = shown; i < all->n; i++)
		cells += all->v[i].cells;
	if (cells)
		fprintf(m->out, "%s%zu more cell%s left out here: `nsconform report junit` has all of "
			"them.\n", shown ? "\n" : "", cells, cells == 1 ? " is" : "s are");
}

static void title(struct md *m, const char *text, const struct groups *all)
{
	size_t cells = all->left_out;

	for (size_t i = 0; i < all->n; i++)
		cells += all->v[i].cells;
	fprintf(m->out, "### %s: %zu cell%s\n\n", text, cells, text_plural(cells));
}

static const char *failed_text(struct pool *pool, const struct record *c)
{
	return c->verdict == VERDICT_FAIL ? cell_why(pool, c) : NULL;
}

static const char *broken_text(struct pool *pool, const struct record *c)
{
	return c->verdict == VERDICT_BROKEN ? cell_why(pool, c) : NULL;
}

static const char *fail_on_text(struct pool *pool, const struct record *c)
{
	return c->fail_on ? cell_why(pool, c) : NULL;
}

/* Those that failed are told as such. */
static const char *flaky_text(struct pool *pool, const struct record *c)
{
	return c->flaky && !cell_failed(c) ? cell_flaky(pool, c) : NULL;
}

static const char *known_text(struct pool *pool, const struct record *c)
{
	(void)pool;
	return c->verdict == VERDICT_KNOWN ? cell_issue(c) : NULL;
}

static const char *xpass_text(struct pool *pool, const struct record *c)
{
	(void)pool;
	return c->verdict == VERDICT_XPASS ? cell_issue(c) : NULL;
}

static const char *skip_text(struct pool *pool, const struct record *c)
{
	if (c->verdict != VERDICT_SKIP)
		return NULL;
	return c->remedy ? c->remedy : cell_why(pool, c);
}

static void put_field(struct md *m, const char *name, const char *text)
{
	if (text && *text)
		fprintf(m->out, "  - %s %s\n", name, code(m->pool, text));
}

static void put_item(struct md *m, const struct group *g)
{
	const struct record *c = g->first;

	fprintf(m->out, "- **%s**", code(m->pool, g->cells > 1 ? c->scenario : c->cell));
	if (m->n > 1)
		for (size_t r = 0; r < m->n; r++)
			fprintf(m->out, "%s%s %zu", r ? ", " : ": ", code(m->pool, m->runs[r].dir),
				g->n[r]);
	fputc('\n', m->out);
	put_field(m, "why", c->message ? c->message : g->text);
	if (c->message && c->flaky)
		put_field(m, "also", cell_flaky(m->pool, c));
	if (c->actor && c->op)
		put_field(m, "step", pool_printf(m->pool, "%s.%s%s%s", c->actor, c->op,
						 c->field ? " " : "", c->field ? c->field : ""));
	put_field(m, "expected", c->expected);
	put_field(m, "seen", c->seen);
	put_field(m, "call", c->call);
	put_field(m, "at", c->at);
	put_field(m, "clauses", strs_join(m->pool, &c->clauses, " "));
	put_field(m, "kernel log", strs_join(m->pool, &c->own_log, " / "));
	put_field(m, "repeat", c->again);
	if (g->cells > 1) {
		fprintf(m->out, "  - %zu cells", g->cells);
		for (size_t i = 0; i < g->n_names; i++)
			fprintf(m->out, "%s%s", i ? ", " : ": ", code(m->pool, g->names[i]->cell));
		fputs(g->n_names == NAMES_MAX ? ", ...\n" : "\n", m->out);
	}
}

static void list(struct md *m, const char *name, group_text *text_of)
{
	struct groups all = groups_of(m, text_of, true);
	size_t shown = 0;

	if (!all.n)
		return;
	title(m, name, &all);
	while (shown < all.n && !is_full(m))
		put_item(m, &all.v[shown++]);
	tell_left_out(m, &all, shown);
	fputc('\n', m->out);
}

static int most_first(const void *a, const void *b)
{
	const struct group *x = a, *y = b;

	return x->cells < y->cells ? 1 : x->cells > y->cells ? -1 : strcmp(x->text, y->text);
}

/* BESIDE is what the second column has of the first cell of a group. */
static void table(struct md *m, const char *name, const char *first, const char *second,
		  group_text *text_of, const char *(*beside)(struct pool *, const struct record *))
{
	struct groups all = groups_of(m, text_of, false);
	size_t shown = 0;

	if (!all.n)
		return;
	qsort(all.v, all.n, sizeof(*all.v), most_first);
	title(m, name, &all);
	if (!is_full(m))
		head(m, pool_printf(m->pool, "%s | %s", first, second));
	for (; shown < all.n && !is_full(m); shown++) {
		const struct group *g = &all.v[shown];

		fprintf(m->out, "| %s | %s |", table_code(m->pool, g->text),
			table_code(m->pool, beside(m->pool, g->first)));
		for (size_t r = 0; r < m->n; r++)
			fprintf(m->out, " %zu |", g->n[r]);
		fputc('\n', m->out);
	}
	tell_left_out(m, &all, shown);
	fputc('\n', m->out);
}

/* The reason where the remedy is what cells are put together by. */
static const char *skip_reason(struct pool *pool, const struct record *c)
{
	return c->remedy ? cell_why(pool, c) : NULL;
}

static const char *reference_of(struct pool *pool, const struct record *c)
{
	return c->link && c->reference ? pool_printf(pool, "%s %s", c->link, c->reference) :
	       c->link ? c->link : c->reference;
}

static int cell_by_name(const void *name, const void *cell)
{
	return strcmp(name, (*(const struct record *const *)cell)->cell);
}

static const struct record *find(const struct md *m, size_t run, const char *name)
{
	const struct record **c = bsearch(name, m->cells[run], m->runs[run].n, sizeof(*c),
					  cell_by_name);

	return c ? *c : NULL;
}

/* Whether a run before RUN has shown the cell as failed already. */
static bool failed_before(const struct md *m, size_t run, const char *name)
{
	for (size_t r = 0; r < run; r++) {
		const struct record *c = find(m, r, name);

		if (c && cell_failed(c))
			return true;
	}
	return false;
}

/* What became of each cell that failed or broke anywhere. */
static void side_by_side(struct md *m)
{
	size_t rows = 0;

	for (size_t r = 0; m->n > 1 && r < m->n; r++)
		for (size_t i = 0; i < m->runs[r].n; i++) {
			const char *name = m->cells[r][i]->cell;

			if (!cell_failed(m->cells[r][i]) || failed_before(m, r, name) ||
			    rows++ >= LINES_MAX)
				continue;
			if (rows == 1) {
				fputs("### Side by side\n\n", m->out);
				head(m, "cell");
			}
			fprintf(m->out, "| %s |", table_code(m->pool, name));
			for (size_t k = 0; k < m->n; k++) {
				const struct record *c = find(m, k, name);

				fprintf(m->out, " %s%s |", c && cell_failed(c) ? "✗ " : "",
					c ? verdict_name((enum verdict_kind)c->verdict) : "-");
			}
			fputc('\n', m->out);
		}
	if (rows > LINES_MAX)
		fprintf(m->out, "\n%zu more are left out here.\n", rows - LINES_MAX);
	if (rows)
		fputc('\n', m->out);
}

/* In memory first: how much there is of it is not known of a pipe. */
void export_md(FILE *out, struct pool *pool, const struct ran *runs, size_t n)
{
	struct md m = {
		.pool = pool, .runs = runs, .cells = pool_array(pool, const struct record **, n),
		.n = n,
	};

	m.out = open_memstream(&m.text, &m.len);
	for (size_t r = 0; r < n; r++)
		m.cells[r] = ran_by_name(pool, &runs[r]);
	fputs("## nsconform\n\n", m.out);
	summary(&m);
	side_by_side(&m);
	list(&m, "Failed", failed_text);
	list(&m, "Broken", broken_text);
	list(&m, "Failed by --fail-on", fail_on_text);
	list(&m, "Flaky", flaky_text);
	table(&m, "Known issues", "issue", "reference", known_text, reference_of);
	table(&m, "Passed against a known issue", "issue", "reference", xpass_text, reference_of);
	table(&m, "Skipped", "what would make them run, or what is missing", "why, for example",
	      skip_text, skip_reason);
	fclose(m.out);
	fwrite(m.text, 1, m.len, out);
	free(m.text);
}
