// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counting the verdicts of several runs, and printing them, with what compare says of them.
 */
#include <string.h>

#include "compare/matrix.h"
#include "nsc/json.h"
#include "report/promise.h"

struct column {
	const char *title;   /* the directory's last name */
	const char *kernel;  /* what the run said about its machine, or "" */
	const char *runtime; /* that built the boxes, with its version; or "" */
	const char *unended; /* why there may be more cells, or NULL */
};

/* Of the runs in one directory the first speaks for all. */
static struct column column_of(struct pool *pool, const struct ran *ran)
{
	struct column c = { ran_title(pool, ran), "", "", ran_unended(ran) };

	for (size_t i = 0; i < ran->n_runs; i++) {
		const struct run_record *run = &ran->runs[i];

		/* A 32-bit program speaks to another side of the same kernel. */
		if (run->kernel && !*c.kernel)
			c.kernel = run->word_bits != 32 ? run->kernel :
				   pool_printf(pool, "%s, 32-bit", run->kernel);
		if (run->runtime && !*c.runtime)
			c.runtime = pool_printf(pool, "%s %s", run->runtime,
						run->runtime_version ? run->runtime_version : "");
	}
	return c;
}

static struct column *columns_of(const struct joined *j)
{
	struct column *v = pool_array(j->pool, struct column, j->n);

	for (size_t i = 0; i < j->n; i++)
		v[i] = column_of(j->pool, &j->runs[i]);
	return v;
}

/* The need or the known issue explains more than a message, which may be long, and vary. */
static const char *why_of(const struct record *record)
{
	const char *why = record ? record_why(record) : NULL;

	if (!record || why || record->verdict == VERDICT_PASS)
		return why ? why : "";
	return record->message ? record->message : "";
}

struct tally {
	const char *title;
	struct totals *totals; /* of each column */
	size_t (*promises)[PROMISES]; /* the same for columns of runtimes */
};

struct tallies {
	const struct joined *joined;
	const struct column *columns;
	enum promise **promises; /* of each cell of each run */
	struct tally *v;
	size_t n;
};

static const char *row_title(const struct joined *j, const struct joined_cell *cell,
			     enum matrix_rows rows)
{
	return rows == MATRIX_SCENARIOS ? cell->scenario :
	       pool_strndup(j->pool, cell->name, strcspn(cell->name, "."));
}

static struct tally new_tally(const struct joined *j, const char *title)
{
	return (struct tally){
		title, pool_array(j->pool, struct totals, j->n),
		(size_t (*)[PROMISES])pool_array(j->pool, size_t, j->n * PROMISES),
	};
}

/* Cells of a row follow each other: what a run leaves is in its plan's order but for the last. */
static struct tally *find_row(struct tallies *t, const char *title)
{
	for (size_t i = t->n; i-- > 0;)
		if (!strcmp(t->v[i].title, title))
			return &t->v[i];
	t->v[t->n] = new_tally(t->joined, title);
	return &t->v[t->n++];
}

/* Verdicts of controls and twins count with their plain cell; records come in any order. */
static enum promise *doubts(const struct joined *j, size_t column)
{
	enum promise *v = pool_array(j->pool, enum promise, j->runs[column].n + 1);
	const struct ran *ran = &j->runs[column];

	for (size_t i = 0; i < ran->n; i++)
		v[i] = promise_of((enum verdict_kind)ran->cells[i].verdict,
				  record_why(&ran->cells[i]));
	for (size_t i = 0; i < ran->n; i++) {
		const char *name = ran->cells[i].cell;
		size_t len = promise_plain(name);
		const struct joined_cell *plain = !name[len] ? NULL :
			joined_find(j, pool_strndup(j->pool, name, len));

		if (plain && plain->in[column]) {
			size_t at = (size_t)(plain->in[column] - ran->cells);

			v[at] = promise_doubted(v[at], (enum verdict_kind)ran->cells[i].verdict);
		}
	}
	return v;
}

static void count_cell(const struct tallies *t, struct tally *row, const struct joined_cell *c)
{
	for (size_t i = 0; i < t->joined->n; i++) {
		const struct record *r = c->in[i];

		if (!r)
			continue;
		totals_add(&row->totals[i], (enum verdict_kind)r->verdict, false);
		if (!r->cell[promise_plain(r->cell)])
			row->promises[i][t->promises[i][r - t->joined->runs[i].cells]]++;
	}
}

static void count(struct tallies *t, enum matrix_rows rows)
{
	const struct joined *j = t->joined;
	struct tally all = new_tally(j, "all");

	t->v = pool_array(j->pool, struct tally, HASH_COUNT(j->cells) + 2);
	t->promises = pool_array(j->pool, enum promise *, j->n);
	for (size_t i = 0; i < j->n; i++)
		t->promises[i] = doubts(j, i);
	for (struct joined_cell *c = j->cells; c; c = c->hh.next) {
		count_cell(t, find_row(t, row_title(j, c, rows)), c);
		count_cell(t, &all, c);
	}
	t->v[t->n++] = all;
}

/* A word where all are alike. */
static const char *promises(struct pool *pool, const size_t *n)
{
	const char *text = "", *only = NULL;
	int kinds = 0;

	for (int i = 0; i < PROMISES; i++) {
		text = pool_printf(pool, "%s%s%zu", text, i ? "/" : "", n[i]);
		only = n[i] ? promise_names[i] : only;
		kinds += n[i] > 0;
	}
	return kinds > 1 ? text : kinds ? only : "-";
}

static const char *entry(struct pool *pool, const struct totals *t)
{
	size_t n = t->pass + t->fail + t->known + t->xpass + t->skip + t->broken;

	return n ? pool_printf(pool, "%zu/%zu/%zu/%zu/%zu/%zu", t->pass, t->fail, t->known,
			       t->xpass, t->skip, t->broken) : "-";
}

static int title_width(const struct tallies *t)
{
	int width = 8;

	for (size_t i = 0; i < t->n; i++)
		if ((int)strlen(t->v[i].title) > width)
			width = (int)strlen(t->v[i].title);
	return width;
}

static const char *text_of(const struct tallies *t, struct pool *pool, size_t row, size_t column)
{
	return *t->columns[column].runtime ? promises(pool, t->v[row].promises[column]) :
					     entry(pool, &t->v[row].totals[column]);
}

static int column_width(const struct tallies *t, size_t column)
{
	int width = (int)strlen(t->columns[column].title);

	for (size_t r = 0; r < t->n; r++) {
		AUTO_POOL pool = { 0 };
		int len = (int)strlen(text_of(t, &pool, r, column));

		if (len > width)
			width = len;
	}
	return width;
}

static void print_legend(const struct joined *j, const struct column *columns, FILE *out)
{
	bool kernels = false, runtimes = false;

	for (size_t i = 0; i < j->n; i++) {
		const struct column *c = &columns[i];

		fprintf(out, "# %s: %s%s%s%s%s\n", c->title, c->runtime,
			*c->runtime ? " on " : "", c->kernel,
			c->unended ? "; the run has no end: " : "", c->unended ? c->unended : "");
		kernels |= !*c->runtime;
		runtimes |= *c->runtime != 0;
	}
	if (kernels)
		fputs("# pass/fail/xfail/xpass/skip/error\n", out);
	if (runtimes)
		fputs("# of runtimes: kept/failed/known/not-promised/cannot/other\n", out);
}

void matrix_print(const struct joined *j, enum matrix_rows rows, FILE *out)
{
	struct tallies t = { .joined = j, .columns = columns_of(j) };
	int width, *widths = pool_array(j->pool, int, j->n);

	count(&t, rows);
	width = title_width(&t);
	print_legend(j, t.columns, out);
	fprintf(out, "%-*s", width, "");
	for (size_t i = 0; i < j->n; i++) {
		widths[i] = column_width(&t, i);
		fprintf(out, "  %*s", widths[i], t.columns[i].title);
	}
	for (size_t r = 0; r < t.n; r++) {
		AUTO_POOL pool = { 0 };

		fprintf(out, "\n%-*s", width, t.v[r].title);
		for (size_t i = 0; i < j->n; i++)
			fprintf(out, "  %*s", widths[i], text_of(&t, &pool, r, i));
	}
	fputc('\n', out);
}

static const char *name_of(const struct record *r)
{
	return r ? verdict_name((enum verdict_kind)r->verdict) : "not run";
}

/* The comparison whose NEW the run is, or NULL: the first of a kind has none. */
static const struct comparison *against(const struct comparison *v, size_t n, const struct ran *run)
{
	for (size_t i = 0; i < n; i++)
		if (v[i].new == run)
			return &v[i];
	return NULL;
}

static const struct difference *difference_of(const struct joined *j, const struct comparison *v,
					      size_t n, size_t column, const struct joined_cell *c)
{
	const struct comparison *comparison = against(v, n, &j->runs[column]);

	return comparison ? comparison_find(comparison, c->name) : NULL;
}

static bool differs(const struct joined *j, const struct comparison *v, size_t n,
		    const struct joined_cell *c)
{
	for (size_t i = 1; i < j->n; i++)
		if (strcmp(name_of(c->in[i]), name_of(c->in[0])) != 0 ||
		    difference_of(j, v, n, i, c))
			return true;
	return false;
}

void matrix_print_comparisons(const struct joined *j, const struct comparison *v, size_t n,
			      FILE *out)
{
	const struct column *columns = columns_of(j);

	for (size_t i = 1; i < j->n; i++) {
		const struct comparison *c = against(v, n, &j->runs[i]);

		fputc('\n', out);
		if (c)
			comparison_print(c, false, out);
		else
			fprintf(out, "%s: no run of its kind is before it, so it is compared with none\n",
				columns[i].title);
	}
}

static void print_difference(const struct difference *d, FILE *out)
{
	AUTO_POOL pool = { 0 };

	fprintf(out, " [%s%s%s%s]", change_kinds[d->change].name,
		d->regression ? ", a regression" : "", d->why ? ": " : "",
		d->why ? report_one_line(&pool, d->why) : "");
}

static void print_cell(const struct joined *j, const struct comparison *v, size_t n,
		       const struct column *columns, const struct joined_cell *c, FILE *out)
{
	AUTO_POOL pool = { 0 };

	fprintf(out, "%s:", c->name);
	for (size_t i = 0; i < j->n; i++) {
		const char *why = report_one_line(&pool, why_of(c->in[i]));
		const struct difference *d = difference_of(j, v, n, i, c);

		fprintf(out, "%s %s %s%s%s%s", i ? "," : "", columns[i].title, name_of(c->in[i]),
			*why ? " (" : "", why, *why ? ")" : "");
		if (d)
			print_difference(d, out);
	}
	fputc('\n', out);
}

void matrix_print_differences(const struct joined *j, const struct comparison *v, size_t n,
			      FILE *out)
{
	AUTO_POOL pool = { 0 };
	const struct column *columns = columns_of(j);
	size_t cells = 0;

	for (struct joined_cell *c = j->cells; c; c = c->hh.next) {
		if (!differs(j, v, n, c))
			continue;
		cells++;
		print_cell(j, v, n, columns, c, out);
	}
	fprintf(out, "# %zu of %u cells differ\n", cells, HASH_COUNT(j->cells));
	for (size_t i = 0; i < n; i++)
		fprintf(out, "# %s against %s: %s\n", ran_title(&pool, v[i].new),
			ran_title(&pool, v[i].base), comparison_conclusion(&pool, &v[i]));
}

static void print_seen(const struct record *r, const struct difference *d, FILE *out)
{
	AUTO_POOL own = { 0 };

	fprintf(out, "{\"verdict\": %s, \"why\": %s", json_string(&own, name_of(r)),
		json_string(&own, why_of(r)));
	if (d)
		fprintf(out, ", \"change\": %s, \"regression\": %s, \"explanation\": %s",
			json_string(&own, change_kinds[d->change].name),
			d->regression ? "true" : "false",
			d->why ? json_string(&own, d->why) : "null");
	fputc('}', out);
}

void matrix_print_json(const struct joined *j, const struct comparison *v, size_t n, FILE *out)
{
	AUTO_POOL pool = { 0 };
	const struct column *columns = columns_of(j);

	fputs("{\"columns\": [", out);
	for (size_t i = 0; i < j->n; i++) {
		const struct comparison *c = against(v, n, &j->runs[i]);

		fprintf(out, "%s{\"title\": %s, \"kernel\": %s, \"runtime\": %s, \"base\": %s, "
			"\"regressions\": %zu}", i ? ", " : "",
			json_string(&pool, columns[i].title),
			json_string(&pool, columns[i].kernel),
			json_string(&pool, columns[i].runtime),
			c ? json_string(&pool, ran_title(&pool, c->base)) : "null",
			c ? c->regressions : 0);
	}
	fputs("],\n \"cells\": [", out);
	for (struct joined_cell *c = j->cells; c; c = c->hh.next) {
		AUTO_POOL own = { 0 };

		fprintf(out, "%s{\"cell\": %s, \"scenario\": %s, \"seen\": [",
			c == j->cells ? "" : ",\n  ", json_string(&own, c->name),
			json_string(&own, c->scenario));
		for (size_t i = 0; i < j->n; i++) {
			fputs(i ? ", " : "", out);
			print_seen(c->in[i], difference_of(j, v, n, i, c), out);
		}
		fputs("]}", out);
	}
	fputs("]}\n", out);
}
