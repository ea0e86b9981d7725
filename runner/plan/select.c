// SPDX-License-Identifier: GPL-2.0-only
/*
 * Selection.
 */
#define _GNU_SOURCE
#include <fnmatch.h>
#include <fts.h>
#include <string.h>
#include <sys/stat.h>

#include "load/loader.h"
#include "load/paths.h"
#include "plan/check.h"
#include "plan/select.h"

enum { FILES_MAX = 20000 };

struct files {
	struct pool *pool;
	const char **v;
	size_t n, room;
	bool full; /* there are more, which has been reported */
};

static void add_file(struct files *files, const char *path)
{
	if (files->n == files->room) {
		size_t room = files->room ? files->room * 2 : 64;
		const char **v = pool_array(files->pool, const char *, room);

		if (files->n)
			memcpy(v, files->v, files->n * sizeof(*v));
		files->v = v;
		files->room = room;
	}
	/* A file may be named twice, once by its directory. */
	for (size_t i = 0; i < files->n; i++)
		if (!strcmp(files->v[i], path))
			return;
	files->v[files->n++] = pool_strdup(files->pool, path);
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

/* What cannot be read is a problem: a selection without it would judge less than was asked. */
static void add_entry(struct selection *s, struct files *files, const FTSENT *e)
{
	const char *dot = strrchr(e->fts_name, '.');
	const struct mark at = { .file = pool_strdup(s->pool, e->fts_path) };

	if (e->fts_info == FTS_DNR || e->fts_info == FTS_ERR || e->fts_info == FTS_NS)
		problem_add(&s->problems, at, "cannot be read: %s", strerror(e->fts_errno));
	if (e->fts_info != FTS_F || (e->fts_level && !(dot && !strcmp(dot, ".yaml"))))
		return;
	if (files->n < FILES_MAX) {
		add_file(files, e->fts_path);
		return;
	}
	if (!files->full)
		problem_add(&s->problems, at, "is one more than %d files", FILES_MAX);
	files->full = true;
}

/* PATH may be a symbolic link; those below it are not followed. */
static void add_path(struct selection *s, struct files *files, const char *path)
{
	char *const roots[] = { (char *)path, NULL };
	FTS *fts = fts_open(roots, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR, by_name);
	FTSENT *e;

	while (fts && (e = fts_read(fts)))
		add_entry(s, files, e);
	if (fts)
		fts_close(fts);
}

static bool looks_like_path(const char *arg)
{
	struct stat st;
	size_t len = strlen(arg);

	return stat(arg, &st) == 0 || strchr(arg, '/') ||
		(len > 5 && !strcmp(arg + len - 5, ".yaml"));
}

/* Report what is no tag, so that a mistyped one is not taken for one that nothing has. */
static void check_tag(struct selection *s, const char *pattern)
{
	struct loader l = { .pool = s->pool, .problems = &s->problems };
	struct value *tag = value_str(s->pool, pattern + 1);

	tag->at = (struct mark){ .file = pattern };
	load_symbol(&l, tag, tag_symbols, "a tag");
}

/* Paths into FILES, the rest are patterns; false when a path is not there. */
static bool sort_args(struct selection *s, char *const *args, struct files *files)
{
	struct stat st;
	bool good = true;

	for (size_t i = 0; args[i]; i++) {
		if (!looks_like_path(args[i])) {
			if (args[i][0] == '@')
				check_tag(s, args[i]);
			s->patterns[s->n_patterns++] = args[i];
			continue;
		}
		if (stat(args[i], &st) < 0) {
			problem_add(&s->problems, (struct mark){ .file = args[i] },
				    "no such file or directory");
			good = false;
			continue;
		}
		add_path(s, files, args[i]);
	}
	return good;
}

static void load_suites(struct selection *s, const struct files *files)
{
	s->suites = pool_array(s->pool, struct suite *, files->n + 1);
	for (size_t i = 0; i < files->n; i++) {
		struct suite *suite = suite_load(s->pool, files->v[i], &s->catalogue, &s->problems);

		for (size_t k = 0; suite && k < s->n_suites; k++)
			if (!strcmp(s->suites[k]->name, suite->name))
				problem_add(&s->problems, (struct mark){ suite->file, 1, 1 },
					    "the suite %s is also in %s", suite->name,
						    s->suites[k]->file);
		if (suite)
			s->suites[s->n_suites++] = suite;
	}
}

bool select_load(struct selection *s, struct pool *pool, char *const *args)
{
	struct files files = { .pool = pool };
	size_t n = 0;

	while (args[n])
		n++;
	*s = (struct selection){ .pool = pool, .problems.pool = pool };
	s->catalogue = (struct catalogue){
		.pool = pool, .dir = paths_data(pool, "suites/clauses"), .problems = &s->problems,
	};
	s->patterns = pool_array(pool, const char *, n + 1);
	if (sort_args(s, args, &files) && !files.n && (s->n_patterns || !n))
		add_path(s, &files, paths_data(pool, "suites"));
	load_suites(s, &files);
	if (!s->problems.n && !s->n_suites)
		problem_add(&s->problems,
			    (struct mark){ .file = s->n_patterns < n ? args[0] :
					   paths_data(pool, "suites") },
			    "holds no suite");
	problems_print(&s->problems, stderr);
	return s->problems.n == 0;
}

void select_free(struct selection *s)
{
	catalogue_free(&s->catalogue);
}

static bool has_tag(const struct scenario *scenario, const char *tag)
{
	for (size_t i = 0; i < scenario->tags.n; i++)
		if (!strcmp(tag, scenario->tags.v[i]))
			return true;
	return false;
}

/* A pattern names cells as a glob, or as the beginning of their dotted names. */
static bool fits(const char *pattern, const struct cell *cell, const char *name)
{
	size_t len = strlen(pattern);

	if (*pattern == '@')
		return has_tag(cell->scenario, pattern + 1);
	if (!strncmp(name, pattern, len) && (name[len] == '.' || !name[len]))
		return true;
	return !strcmp(pattern, cell->scenario->id) || fnmatch(pattern, name, 0) == 0;
}

static void suggest(const struct selection *s, const char *pattern)
{
	struct nearest n = { .word = pattern };

	for (size_t i = 0; i < s->n_suites; i++) {
		nearest_offer(&n, s->suites[i]->prefix);
		for (size_t k = 0; k < s->suites[i]->n; k++) {
			const struct scenario *scenario = &s->suites[i]->scenarios[k];

			nearest_offer(&n, scenario->id);
			nearest_offer(&n, pool_printf(s->pool, "%s.%s", s->suites[i]->prefix,
						      scenario->id));
		}
	}
	fprintf(stderr, "nsconform: %s selects nothing%s\n", pattern, nearest_hint(s->pool, &n));
}

bool select_plan(const struct selection *s, struct plan *plan, bool controls)
{
	bool *used = pool_array(s->pool, bool, s->n_patterns + 1);
	bool good = true;
	size_t kept = 0;

	for (size_t i = 0; i < s->n_suites; i++)
		for (size_t k = 0; k < s->suites[i]->n; k++)
			plan_add(plan, &s->suites[i]->scenarios[k], controls);
	for (size_t i = 0; s->n_patterns && i < plan->n; i++) {
		AUTO_POOL pool = { 0 };
		const char *name = cell_name(&pool, &plan->cells[i]);
		bool take = false;

		for (size_t p = 0; p < s->n_patterns; p++)
			if (fits(s->patterns[p], &plan->cells[i], name))
				take = used[p] = true;
		if (take)
			plan->cells[kept++] = plan->cells[i];
	}
	if (s->n_patterns)
		plan->n = kept;
	for (size_t p = 0; p < s->n_patterns; p++)
		if (!used[p]) {
			suggest(s, s->patterns[p]);
			good = false;
		}
	return good && plan->n;
}
