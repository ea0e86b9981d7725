// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading runs for the matrix, and printing it.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "nsc/json.h"
#include "report/matrix.h"
#include "report/promise.h"
#include "report/records.h"

static struct matrix_cell *find(struct matrix *m, const char *name, const char *scenario)
{
	struct matrix_cell *cell;

	HASH_FIND_STR(m->cells, name, cell);
	if (cell)
		return cell;
	cell = pool_new(m->pool, struct matrix_cell);
	cell->name = pool_strdup(m->pool, name);
	cell->scenario = pool_strdup(m->pool, scenario);
	cell->family = pool_strndup(m->pool, name, strcspn(name, "."));
	cell->seen = pool_array(m->pool, struct seen, m->n);
	for (size_t i = 0; i < m->n; i++)
		cell->seen[i] = (struct seen){ .verdict = -1, .why = "" };
	HASH_ADD_KEYPTR(hh, m->cells, cell->name, strlen(cell->name), cell);
	return cell;
}

struct loading {
	struct matrix *matrix;
	size_t column;
};

static void take_cell(const struct record *record, void *context)
{
	const struct loading *l = context;
	struct seen *seen = &find(l->matrix, record->cell, record->scenario)->seen[l->column];
	/* The need or the known issue explains more than a message, which may be long, and vary. */
	const char *why = record_why(record) || record->verdict == VERDICT_PASS ?
		record_why(record) : record->message;

	seen->verdict = (int8_t)record->verdict;
	seen->why = pool_strdup(l->matrix->pool, why ? why : "");
}

/* Of parts the first speaks for all. Without any record the column has no title of its own. */
static void take_environment(const struct run_record *run, const char *path, void *context)
{
	const struct loading *l = context;
	struct column *column = &l->matrix->columns[l->column];

	column->unended = column->unended ? column->unended : run_unended(run);
	if (run->kernel && !*column->kernel)
		column->kernel = run->kernel;
	if (run->runtime && !*column->runtime)
		column->runtime = pool_printf(l->matrix->pool, "%s %s", run->runtime,
					      run->runtime_version ? run->runtime_version : "");
}

/* Records come in any order; verdicts of controls and twins are kept with their plain cell. */
static void doubt(struct matrix *m)
{
	for (struct matrix_cell *c = m->cells; c; c = c->hh.next)
		for (size_t i = 0; i < m->n; i++) {
			struct seen *seen = &c->seen[i];

			seen->promise = (int8_t)promise_of((enum verdict_kind)seen->verdict,
							   seen->why);
		}
	for (struct matrix_cell *c = m->cells, *plain; c; c = c->hh.next) {
		HASH_FIND(hh, m->cells, c->name, promise_plain(c->name), plain);
		for (size_t i = 0; i < m->n && plain && plain != c; i++)
			if (c->seen[i].verdict >= 0)
				plain->seen[i].promise = (int8_t)promise_doubted(
					(enum promise)plain->seen[i].promise,
					(enum verdict_kind)c->seen[i].verdict);
	}
}

void matrix_load(struct matrix *m, struct pool *pool, char *const *dirs, size_t n,
		 struct problems *problems)
{
	*m = (struct matrix){ .pool = pool, .n = n,
			      .columns = pool_array(pool, struct column, n) };
	for (size_t i = 0; i < n; i++) {
		char *title = pool_strdup(pool, dirs[i]);

		for (size_t len = strlen(title); len > 1 && title[len - 1] == '/';)
			title[--len] = 0;
		m->columns[i].title = strrchr(title, '/') ? strrchr(title, '/') + 1 : title;
		m->columns[i].kernel = m->columns[i].runtime = "";
		struct loading l = { m, i };

		runs_read(dirs[i], take_environment, &l, problems);
		records_read(dirs[i], take_cell, &l, problems);
	}
	doubt(m);
}

void matrix_free(struct matrix *m)
{
	HASH_CLEAR(hh, m->cells);
}

struct tally {
	const char *title;
	struct totals *totals; /* of each column */
	size_t (*promises)[PROMISES]; /* the same for columns of runtimes */
};

static const char *row_title(const struct matrix_cell *cell, enum matrix_rows rows)
{
	return rows == MATRIX_FAMILIES ? cell->family : cell->scenario;
}

static struct tally new_tally(const struct matrix *m, const char *title)
{
	return (struct tally){
		title, pool_array(m->pool, struct totals, m->n),
		(size_t (*)[PROMISES])pool_array(m->pool, size_t, m->n * PROMISES),
	};
}

/* Cells of a row follow each other: what a run leaves is in its plan's order but for the last. */
static struct tally *find_row(const struct matrix *m, struct tally *v, size_t *n, const char *title)
{
	for (size_t i = *n; i-- > 0;)
		if (!strcmp(v[i].title, title))
			return &v[i];
	v[*n] = new_tally(m, title);
	return &v[(*n)++];
}

static void add(struct tally *t, size_t column, const struct matrix_cell *c)
{
	const struct seen *s = &c->seen[column];

	totals_add(&t->totals[column], (enum verdict_kind)s->verdict, false);
	if (!c->name[promise_plain(c->name)])
		t->promises[column][s->promise]++;
}

static struct tally *count(const struct matrix *m, enum matrix_rows rows, size_t *n)
{
	struct tally *v = pool_array(m->pool, struct tally, HASH_COUNT(m->cells) + 2);
	struct tally all = new_tally(m, "all");

	*n = 0;
	for (struct matrix_cell *c = m->cells; c; c = c->hh.next) {
		struct tally *row = find_row(m, v, n, row_title(c, rows));

		for (size_t i = 0; i < m->n; i++) {
			if (c->seen[i].verdict < 0)
				continue;
			add(row, i, c);
			add(&all, i, c);
		}
	}
	v[(*n)++] = all;
	return v;
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

static int width_of(const struct tally *v, size_t n)
{
	int width = 8;

	for (size_t i = 0; i < n; i++)
		if ((int)strlen(v[i].title) > width)
			width = (int)strlen(v[i].title);
	return width;
}

static const char *text_of(const struct matrix *m, struct pool *pool, const struct tally *t,
			   size_t i)
{
	return *m->columns[i].runtime ? promises(pool, t->promises[i]) : entry(pool, &t->totals[i]);
}

static int column_width(const struct matrix *m, const struct tally *v, size_t n, size_t column)
{
	int width = (int)strlen(m->columns[column].title);

	for (size_t r = 0; r < n; r++) {
		AUTO_POOL pool = { 0 };
		int len = (int)strlen(text_of(m, &pool, &v[r], column));

		if (len > width)
			width = len;
	}
	return width;
}

static void print_legend(const struct matrix *m, FILE *out)
{
	bool kernels = false, runtimes = false;

	for (size_t i = 0; i < m->n; i++) {
		const struct column *c = &m->columns[i];

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

void matrix_print(const struct matrix *m, enum matrix_rows rows, FILE *out)
{
	size_t n;
	struct tally *v = count(m, rows, &n);
	int width = width_of(v, n), *widths = pool_array(m->pool, int, m->n);

	print_legend(m, out);
	fprintf(out, "%-*s", width, "");
	for (size_t i = 0; i < m->n; i++) {
		widths[i] = column_width(m, v, n, i);
		fprintf(out, "  %*s", widths[i], m->columns[i].title);
	}
	for (size_t r = 0; r < n; r++) {
		AUTO_POOL pool = { 0 };

		fprintf(out, "\n%-*s", width, v[r].title);
		for (size_t i = 0; i < m->n; i++)
			fprintf(out, "  %*s", widths[i], text_of(m, &pool, &v[r], i));
	}
	fputc('\n', out);
}

static bool differs(const struct matrix *m, const struct matrix_cell *c)
{
	for (size_t i = 1; i < m->n; i++)
		if (c->seen[i].verdict != c->seen[0].verdict)
			return true;
	return false;
}

static const char *name_of(int verdict)
{
	return verdict < 0 ? "not run" : verdict_name((enum verdict_kind)verdict);
}

void matrix_print_differences(const struct matrix *m, FILE *out)
{
	size_t n = 0;

	for (struct matrix_cell *c = m->cells; c; c = c->hh.next) {
		if (!differs(m, c))
			continue;
		n++;
		fprintf(out, "%s:", c->name);
		for (size_t i = 0; i < m->n; i++) {
			const struct seen *s = &c->seen[i];

			fprintf(out, "%s %s %s%s%s%s", i ? "," : "", m->columns[i].title,
				name_of(s->verdict), *s->why ? " (" : "", s->why,
				*s->why ? ")" : "");
		}
		fputc('\n', out);
	}
	fprintf(out, "# %zu of %u cells differ\n", n, HASH_COUNT(m->cells));
}

void matrix_print_json(const struct matrix *m, FILE *out)
{
	AUTO_POOL pool = { 0 };

	fputs("{\"columns\": [", out);
	for (size_t i = 0; i < m->n; i++)
		fprintf(out, "%s{\"title\": %s, \"kernel\": %s, \"runtime\": %s}", i ? ", " : "",
			json_string(&pool, m->columns[i].title),
			json_string(&pool, m->columns[i].kernel),
			json_string(&pool, m->columns[i].runtime));
	fputs("],\n \"cells\": [", out);
	for (struct matrix_cell *c = m->cells; c; c = c->hh.next) {
		AUTO_POOL own = { 0 };

		fprintf(out, "%s{\"cell\": %s, \"scenario\": %s, \"seen\": [",
			c == m->cells ? "" : ",\n  ", json_string(&own, c->name),
			json_string(&own, c->scenario));
		for (size_t i = 0; i < m->n; i++)
			fprintf(out, "%s{\"verdict\": %s, \"why\": %s}", i ? ", " : "",
				json_string(&own, name_of(c->seen[i].verdict)),
				json_string(&own, c->seen[i].why));
		fputs("]}", out);
	}
	fputs("]}\n", out);
}
