// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whether results are shards of one run.
 */
#define _GNU_SOURCE
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compare/describe_ran.h"
#include "compare/joined.h"
#include "compare/merge.h"
#include "load/yaml.h"
#include "nsc/text.h"

static void complain(struct problems *problems, const struct ran *ran, const char *text)
{
	problem_add(problems, (struct mark){ .file = ran->dir }, "%s", text);
}

/* NULL, or why the results are no shard. */
static const char *check_shard(const struct ran *ran)
{
	const struct run_record *run = ran->runs;

	if (ran->n_runs != 1)
		return "has parts of a run (--part): only shards are merged (--shard)";
	return run->shard_number < 1 || run->shard_index < 1 || !run->whole_sha256 ?
		"is no shard of a run: it was not run with --shard" : NULL;
}

/* NULL, or what keeps B from being another shard of the run of A. */
static const char *check_pair(struct pool *pool, const struct ran *a, const struct ran *b)
{
	const struct run_record *x = a->runs, *y = b->runs;
	const char *unlike = ran_unlike(pool, a, b);

	if (unlike)
		return pool_printf(pool, "differs from %s in %s", a->dir, unlike);
	if (x->shard_number != y->shard_number)
		return pool_printf(pool, "is one of %lld shards, and %s one of %lld",
				   (long long)y->shard_number, a->dir, (long long)x->shard_number);
	return strcmp(x->whole_sha256, y->whole_sha256) ?
		pool_printf(pool, "is a shard of another plan than %s: it had another selection or other "
			    "suites", a->dir) : NULL;
}

static int by_index(const void *a, const void *b)
{
	const struct ran *x = a, *y = b;

	return x->runs->shard_index < y->runs->shard_index ? -1 :
	       x->runs->shard_index > y->runs->shard_index;
}

/* Each shard is there once. */
static bool check_numbers(struct pool *pool, const struct ran *runs, size_t n,
			  struct problems *problems)
{
	size_t before = problems->n;

	for (size_t i = 1; i < n; i++)
		if (runs[i].runs->shard_index == runs[i - 1].runs->shard_index)
			complain(problems, &runs[i],
				 pool_printf(pool, "is shard %lld, as %s is",
					     (long long)runs[i].runs->shard_index,
					     runs[i - 1].dir));
	return problems->n == before;
}

static void complain_of_cell(struct problems *problems, const struct ran *ran, const char *name,
			     const struct ran *first)
{
	complain(problems, ran, pool_printf(problems->pool, "has the cell %s, which %s has, too",
					    name, first->dir));
}

/* The first cell of each pair of shards that both have; also a cell that one has twice. */
static void check_cells(struct pool *pool, const struct ran *runs, size_t n,
			struct problems *problems)
{
	struct joined j;
	bool *told = pool_array(pool, bool, n);
	size_t *seen = pool_array(pool, size_t, n);

	joined_make(&j, pool, runs, n);
	for (struct joined_cell *c = j.cells; c; c = c->hh.next) {
		const struct ran *first = NULL;

		for (size_t i = 0; i < n; i++) {
			seen[i] += c->in[i] != NULL;
			if (c->in[i] && first && !told[i]) {
				told[i] = true;
				complain_of_cell(problems, &runs[i], c->name, first);
			}
			first = c->in[i] ? &runs[i] : first;
		}
	}
	for (size_t i = 0; i < n; i++)
		if (seen[i] != runs[i].n)
			complain(problems, &runs[i], "has a cell twice");
	joined_free(&j);
}

/* What the header of a file of traces has of its suite (from POOL), or NULL. */
static const char *suite_of(struct pool *pool, const char *path)
{
	struct problems own = { .pool = pool };
	FILE *f = fopen(path, "re");
	char *line = NULL;
	size_t room = 0;
	ssize_t len = f ? getline(&line, &room, f) : -1;
	const struct value *header = len < 0 ? NULL :
		yaml_parse(pool, path, pool_strndup(pool, line, (size_t)len), (size_t)len, &own);

	free(line);
	if (f)
		fclose(f);
	return value_text(value_get(header, "source"));
}

struct traced {
	const char *name, *source;
	const struct ran *ran;
	struct traced *next;
};

/* Cells of a suite go behind one header with its text. */
static void check_suite(struct pool *pool, struct traced **all, const struct ran *ran,
			const char *path, struct problems *problems)
{
	const char *name = strrchr(path, '/') + 1, *source = suite_of(pool, path);
	struct traced *t = *all;

	while (t && strcmp(t->name, name) != 0)
		t = t->next;
	if (!source) {
		problem_add(problems, (struct mark){ path, 1, 1 }, "not the header of a trace");
	} else if (!t) {
		t = pool_new(pool, struct traced);
		*t = (struct traced){ pool_strdup(pool, name), source, ran, *all };
		*all = t;
	} else if (strcmp(t->source, source) != 0) {
		complain(problems, ran,
			 pool_printf(pool, "was run with another suite in traces/%s than %s", name,
				     t->ran->dir));
	}
}

static void check_traces(struct pool *pool, const struct ran *runs, size_t n,
			 struct problems *problems)
{
	struct traced *all = NULL;

	for (size_t i = 0; i < n; i++) {
		glob_t found = { 0 };

		glob(pool_printf(pool, "%s/traces/*.jsonl", text_glob_word(pool, runs[i].dir)), 0,
		     NULL, &found);
		for (size_t k = 0; k < found.gl_pathc; k++)
			check_suite(pool, &all, &runs[i],
				    pool_strdup(pool, found.gl_pathv[k]), problems);
		globfree(&found);
	}
}

void merge_check(struct pool *pool, struct ran *runs, size_t n, struct problems *problems)
{
	for (size_t i = 0; i < n; i++) {
		const char *wrong = check_shard(&runs[i]);

		if (!wrong && i && !problems->n)
			wrong = check_pair(pool, &runs[0], &runs[i]);
		if (wrong)
			complain(problems, &runs[i], wrong);
	}
	if (problems->n)
		return;
	qsort(runs, n, sizeof(*runs), by_index);
	if (!check_numbers(pool, runs, n, problems))
		return;
	check_cells(pool, runs, n, problems);
	check_traces(pool, runs, n, problems);
}

const char *merge_missing(struct pool *pool, const struct ran *runs, size_t n)
{
	const char *text = "";
	size_t at = 0;

	for (int64_t index = 1; index <= runs->runs->shard_number; index++) {
		if (at < n && runs[at].runs->shard_index == index)
			at++;
		else
			text = pool_printf(pool, "%s%s%lld", text, *text ? ", " : "",
					   (long long)index);
	}
	return text;
}
