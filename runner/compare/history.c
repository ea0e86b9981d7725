// SPDX-License-Identifier: GPL-2.0-only
/*
 * Clauses in the order of kernels: a clause is broken where a scenario about it fails, held where
 * one was judged and none failed, and lacked where all were skipped for what the kernel has not.
 */
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "compare/history.h"
#include "load/release.h"

enum standing { STANDS_NOT_JUDGED, STANDS_LACKED, STANDS_HELD, STANDS_BROKEN };

static const char *const words[] = {
	[STANDS_NOT_JUDGED] = "not judged",
	[STANDS_LACKED] = "lacked",
	[STANDS_HELD] = "held",
	[STANDS_BROKEN] = "broken",
};

struct kernel_run {
	size_t column; /* of the runs that are joined */
	int release;
};

struct clause_row {
	const char *id;
	enum standing *in;  /* of each kernel, in the order of releases */
	const char **issue; /* that it is broken by, where one is known */
	UT_hash_handle hh;
};

struct history {
	const struct joined *j;
	struct kernel_run *kernels;
	size_t n;
	struct clause_row *rows;
};

static int by_release(const void *a, const void *b)
{
	const struct kernel_run *x = a, *y = b;

	return x->release != y->release ? (x->release < y->release ? -1 : 1) :
	       x->column < y->column ? -1 : x->column > y->column;
}

/* Runs whose kernel is not on record cannot be put in order. */
static void find_kernels(struct history *h)
{
	h->kernels = pool_array(h->j->pool, struct kernel_run, h->j->n + 1);
	for (size_t i = 0; i < h->j->n; i++) {
		const struct ran *ran = &h->j->runs[i];
		const struct run_record *run = ran->n_runs ? &ran->runs[0] : NULL;
		int release = run && run->kernel && !run->runtime ?
			      release_of_kernel(run->kernel, run->kernel_version) : 0;

		if (release)
			h->kernels[h->n++] = (struct kernel_run){ i, release };
	}
	qsort(h->kernels, h->n, sizeof(*h->kernels), by_release);
}

static enum standing standing_of(const struct record *r)
{
	switch ((enum verdict_kind)r->verdict) {
	case VERDICT_PASS:
	case VERDICT_XPASS:
		return STANDS_HELD;
	case VERDICT_FAIL:
	case VERDICT_KNOWN:
		return STANDS_BROKEN;
	case VERDICT_SKIP:
		return r->reason && !strncmp(r->reason, "lacks ", strlen("lacks ")) ?
		       STANDS_LACKED : STANDS_NOT_JUDGED;
	default:
		return STANDS_NOT_JUDGED;
	}
}

static struct clause_row *row_of(struct history *h, const char *id)
{
	struct clause_row *row;

	HASH_FIND_STR(h->rows, id, row);
	if (row)
		return row;
	row = pool_new(h->j->pool, struct clause_row);
	row->id = id;
	row->in = pool_array(h->j->pool, enum standing, h->n + 1);
	row->issue = pool_array(h->j->pool, const char *, h->n + 1);
	HASH_ADD_KEYPTR(hh, h->rows, row->id, strlen(row->id), row);
	return row;
}

/* A baseline has no clauses: those of the cell in another run are the same. */
static const struct strs *clauses_of(const struct history *h, const struct joined_cell *c)
{
	for (size_t i = 0; i < h->j->n; i++)
		if (c->in[i] && c->in[i]->clauses.n)
			return &c->in[i]->clauses;
	return NULL;
}

/* What a cell shows counts for each of its clauses; a control or a twin is about the scenario. */
static void take_cell(struct history *h, const struct joined_cell *c)
{
	const struct strs *clauses = clauses_of(h, c);

	for (size_t k = 0; clauses && k < clauses->n; k++) {
		struct clause_row *row = row_of(h, clauses->v[k]);

		for (size_t i = 0; i < h->n; i++) {
			const struct record *r = c->in[h->kernels[i].column];
			enum standing standing = r && r->kind == CELL_PLAIN ? standing_of(r) :
									STANDS_NOT_JUDGED;

			if (standing > row->in[i])
				row->in[i] = standing;
			if (standing == STANDS_BROKEN && r->issue)
				row->issue[i] = r->issue;
		}
	}
}

static bool is_always_held(const struct history *h, const struct clause_row *row)
{
	for (size_t i = 0; i < h->n; i++)
		if (row->in[i] == STANDS_LACKED || row->in[i] == STANDS_BROKEN)
			return false;
	return true;
}

static const char *title_of(const struct history *h, size_t i)
{
	return ran_title(h->j->pool, &h->j->runs[h->kernels[i].column]);
}

static bool alike(const struct clause_row *row, size_t a, size_t b)
{
	return row->in[a] == row->in[b] && (!row->issue[a] || !row->issue[b] ?
	       row->issue[a] == row->issue[b] : !strcmp(row->issue[a], row->issue[b]));
}

/* "lacked in 4.18 to 5.4, held in 5.10 to 6.12, broken in 6.18 (issue)" */
static void print_row(const struct history *h, const struct clause_row *row, FILE *out)
{
	fprintf(out, "%s:", row->id);
	for (size_t from = 0, to; from < h->n; from = to + 1) {
		to = from;
		while (to + 1 < h->n && alike(row, from, to + 1))
			to++;
		fprintf(out, "%s %s in %s", from ? "," : "", words[row->in[from]],
			title_of(h, from));
		if (to > from)
			fprintf(out, " to %s", title_of(h, to));
		if (row->issue[from])
			fprintf(out, " (%s)", row->issue[from]);
	}
	fputc('\n', out);
}

static int by_id(struct clause_row *a, struct clause_row *b)
{
	return strcmp(a->id, b->id);
}

void history_print(const struct joined *j, FILE *out)
{
	struct history h = { .j = j };
	size_t held = 0;

	find_kernels(&h);
	for (struct joined_cell *c = j->cells; c; c = c->hh.next)
		take_cell(&h, c);
	HASH_SORT(h.rows, by_id);
	for (struct clause_row *row = h.rows; row; row = row->hh.next) {
		if (is_always_held(&h, row))
			held++;
		else
			print_row(&h, row, out);
	}
	fprintf(out, "# %zu of %u clauses are held by all of %zu kernels, or were not judged\n", held,
		HASH_COUNT(h.rows), h.n);
	HASH_CLEAR(hh, h.rows);
}
