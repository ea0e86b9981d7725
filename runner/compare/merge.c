// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writing the results of shards as those of one run.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fts.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "compare/merge.h"
#include "nsc/json.h"
#include "report/exit_status.h"
#include "report/run_file.h"

struct merging {
	struct pool *pool;
	const char *dir;
	const struct ran *runs;
	size_t n;
	struct strs plan; /* the whole one */
	struct run_file file;
	struct stat self; /* of .dir */
};

static bool fail(const char *path)
{
	fprintf(stderr, "nsconform: cannot write %s: %s\n", path, strerror(errno));
	return false;
}

static bool make_dir(const char *path)
{
	return mkdir(path, 0777) == 0 || errno == EEXIST || fail(path);
}

/* Add what FROM has after SKIP lines to TO. */
static bool append(const char *from, const char *to, int skip)
{
	FILE *in = fopen(from, "re"), *out = fopen(to, "ae");
	bool good = in && out;
	char *line = NULL;
	size_t room = 0;
	ssize_t len;

	/* Lines of traces are long, and other files may be without any. */
	while (good && (len = getline(&line, &room, in)) > 0)
		good = skip-- > 0 || fwrite(line, 1, (size_t)len, out) == (size_t)len;
	good = good && !ferror(in);
	free(line);
	if (in)
		fclose(in);
	if (out && fclose(out))
		good = false;
	return good || fail(to);
}

static const char *shard_dir(const struct merging *m, const struct ran *ran)
{
	return pool_printf(m->pool, "%s/shards/%lld-of-%lld", m->dir,
			   (long long)ran->runs->shard_index, (long long)ran->runs->shard_number);
}

/* REL begins with a slash; the file is that of the shard that comes Ith. */
static bool take_file(const struct merging *m, size_t i, const char *from, const char *rel)
{
	static const char traces[] = "/traces/";
	const char *top = pool_printf(m->pool, "%s%s", m->dir, rel);

	if (!strcmp(rel, "/cells.jsonl") || !strcmp(rel, "/whole.plan"))
		return true;
	/* The header is there when a shard has brought it. */
	if (!strncmp(rel, traces, strlen(traces)))
		return append(from, top, access(top, F_OK) == 0 ? 1 : 0);
	if (!strcmp(rel, "/environment.json") && !i && !append(from, top, 0))
		return false;
	return append(from, pool_printf(m->pool, "%s%s", shard_dir(m, &m->runs[i]), rel), 0);
}

static bool take_entry(const struct merging *m, size_t i, FTS *files, FTSENT *e,
		       const char *rel)
{
	switch (e->fts_info) {
	case FTS_D:
		/* Results may be put together inside one of them. */
		if (e->fts_statp->st_ino == m->self.st_ino &&
		    e->fts_statp->st_dev == m->self.st_dev)
			return !fts_set(files, e, FTS_SKIP);
		return make_dir(pool_printf(m->pool, "%s%s", strcmp(rel, "/traces") ?
					    shard_dir(m, &m->runs[i]) : m->dir, rel));
	case FTS_F:
		return take_file(m, i, e->fts_path, rel);
	case FTS_DNR:
	case FTS_ERR:
	case FTS_NS:
		errno = e->fts_errno;
		return fail(e->fts_path);
	default:
		return true;
	}
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

static bool take_files(const struct merging *m, size_t i)
{
	char *root = pool_strdup(m->pool, m->runs[i].dir);

	for (size_t len = strlen(root); len > 1 && root[len - 1] == '/';)
		root[--len] = 0;
	char *const roots[] = { root, NULL };
	FTS *files = fts_open(roots, FTS_LOGICAL | FTS_NOCHDIR, by_name);
	bool good = files || fail(root);

	for (FTSENT *e; good && files && (e = fts_read(files));)
		good = take_entry(m, i, files, e, e->fts_path + strlen(root));
	if (files)
		fts_close(files);
	return good;
}

static bool write_cells(const struct merging *m)
{
	const char *path = pool_printf(m->pool, "%s/cells.jsonl", m->dir);
	FILE *out = fopen(path, "we");

	if (!out)
		return fail(path);
	for (size_t r = 0; r < m->n; r++)
		for (size_t i = 0; i < m->runs[r].n; i++) {
			AUTO_POOL pool = { 0 };
			struct record record = m->runs[r].cells[i];

			record.run = m->file.record.run;
			fprintf(out, "%s\n",
				json_text(&pool, record_value(&pool, cell_record_fields, &record)));
		}
	bool good = !ferror(out);

	return (fclose(out) == 0 && good) || fail(path);
}

/* A status of another profile than the default one says what the verdicts come to. */
static int own_status(const struct ran *ran)
{
	int64_t status = ran->runs->exit_status;

	return status > EXIT_SIGNAL || (status >= EXIT_GOOD && status <= EXIT_UNJUDGED) ||
	       ran_unended(ran) ? (int)status : ran_status(ran);
}

/* The worst of the shards' own statuses, the first of these; what has no end is no success. */
static int status_of(const struct merging *m, bool whole)
{
	static const int worst_first[] = { EXIT_FAILED, EXIT_BROKEN, EXIT_GOOD, EXIT_UNJUDGED };
	int64_t signal = 0;

	for (size_t i = 0; i < m->n; i++)
		if (m->runs[i].runs->exit_status > signal)
			signal = m->runs[i].runs->exit_status;
	if (signal > EXIT_SIGNAL)
		return (int)signal;
	for (size_t k = 0; k < sizeof(worst_first) / sizeof(*worst_first); k++)
		for (size_t i = 0; i < m->n; i++)
			if (own_status(&m->runs[i]) == worst_first[k])
				return !whole && worst_first[k] != EXIT_FAILED ? EXIT_BROKEN :
										 worst_first[k];
	return EXIT_BROKEN;
}

/* Texts of time compare as text. */
static const char *later(const char *a, const char *b)
{
	return !a || (b && strcmp(a, b) < 0) ? b : a;
}

static bool seen_by(const struct ran *ran, const char *issue)
{
	for (size_t i = 0; i < ran->n; i++)
		if (ran->cells[i].verdict == VERDICT_KNOWN && ran->cells[i].issue &&
		    !strcmp(ran->cells[i].issue, issue))
			return true;
	return false;
}

/* The issues that a shard has not seen, and none of the others either. */
static struct strs unseen(const struct merging *m)
{
	size_t room = 1;

	for (size_t i = 0; i < m->n; i++)
		room += m->runs[i].runs->known_unseen.n;
	struct strs all = { .v = pool_array(m->pool, const char *, room) };

	for (size_t i = 0; i < m->n; i++) {
		const struct strs *own = &m->runs[i].runs->known_unseen;

		for (size_t k = 0; k < own->n; k++) {
			bool told = false;

			for (size_t a = 0; a < all.n && !told; a++)
				told = !strcmp(all.v[a], own->v[k]);
			for (size_t other = 0; other < m->n && !told; other++)
				told = seen_by(&m->runs[other], own->v[k]);
			if (!told)
				all.v[all.n++] = own->v[k];
		}
	}
	return all;
}

static void describe(struct merging *m, bool whole)
{
	struct run_record *r = &m->file.record;
	const char *run = r->run;
	struct totals all = { 0 };
	int64_t flaky = 0;

	*r = *m->runs->runs;
	r->run = run;
	r->plan_cells = r->whole_cells;
	r->plan_sha256 = r->whole_sha256;
	r->whole_cells = r->shard_index = r->shard_number = -1;
	r->whole_sha256 = NULL;
	r->state = whole ? RUN_COMPLETE : RUN_INTERRUPTED;
	r->exit_status = status_of(m, whole);
	for (size_t i = 0; i < m->n; i++) {
		const struct run_record *one = m->runs[i].runs;

		if (strcmp(one->started, r->started) < 0)
			r->started = one->started;
		r->ended = later(r->ended, one->ended);
		r->known_issues = known_record_join(m->pool, r->known_issues, one->known_issues);
		for (size_t k = 0; k < m->runs[i].n; k++) {
			totals_add(&all, (enum verdict_kind)m->runs[i].cells[k].verdict, false);
			flaky += m->runs[i].cells[k].flaky;
		}
	}
	r->flaky = flaky ? flaky : -1;
	r->known_unseen = unseen(m);
	r->totals = run_file_totals(m->pool, &all);
}

static bool is_whole(const struct merging *m)
{
	size_t cells = 0;

	for (size_t i = 0; i < m->n; i++) {
		cells += m->runs[i].n;
		if (ran_unended(&m->runs[i]))
			return false;
	}
	return (int64_t)cells == m->runs->runs->whole_cells;
}

/* All shards have the names of the whole plan. */
static bool read_whole(struct merging *m)
{
	const char *path = pool_printf(m->pool, "%s/whole.plan", m->runs->dir);

	plan_names_read(m->pool, path, &m->plan);
	if ((int64_t)m->plan.n != m->runs->runs->whole_cells)
		fprintf(stderr, "nsconform: %s has not the names of %lld cells\n", path,
			(long long)m->runs->runs->whole_cells);
	return (int64_t)m->plan.n == m->runs->runs->whole_cells;
}

bool merge_write(struct pool *pool, const struct ran *runs, size_t n, const char *dir)
{
	struct merging m = { .pool = pool, .dir = dir, .runs = runs, .n = n };
	bool good = !run_file_taken(pool, dir, NULL) && read_whole(&m) && make_dir(dir) &&
		(stat(dir, &m.self) == 0 || fail(dir)) &&
		run_file_begin(&m.file, pool, dir, NULL, &m.plan) &&
		make_dir(pool_printf(pool, "%s/shards", dir)) && write_cells(&m);

	for (size_t i = 0; i < n && good; i++)
		good = take_files(&m, i);
	if (!good)
		return false;
	describe(&m, is_whole(&m));
	return run_file_write(&m.file, pool);
}
