// SPDX-License-Identifier: GPL-2.0-only
/*
 * From selectors to suites, and from suites to the cells of a plan.
 */
#define _GNU_SOURCE
#include <fts.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "load/paths.h"
#include "load/seen.h"
#include "nsc/sys.h"
#include "plan/check.h"
#include "plan/select.h"

enum { FILES_MAX = 20000, SKIP_FILE_BYTES_MAX = 16 * 1024 * 1024 };

/* What kselftest-list.txt calls this program: the collection in `collection:test`. */
static const char COLLECTION[] = "nsconform:";
/* As some editors begin a file of UTF-8. */
static const char BYTE_ORDER_MARK[] = "\xef\xbb\xbf";

struct files {
	struct pool *pool;
	struct file {
		const char *path, *real; /* as given, and by paths_real() */
	} *v;
	size_t n, room;
	struct seen seen; /* by .real, or else by .path */
	size_t named; /* the first ones are named by a path, the others are there to select from */
	bool full;    /* there are more, which has been reported */
};

static void add_file(struct files *files, const char *path)
{
	char real[PATH_MAX];

	/* What is gone meanwhile is reported when it is read. */
	if (!paths_real(path, real))
		strcpy(real, "");
	const struct file file = { pool_strdup(files->pool, path), pool_strdup(files->pool, real) };

	/* A file may be named twice, once by its directory. */
	if (seen_before(files->pool, &files->seen, *real ? file.real : file.path, files))
		return;
	if (files->n == files->room) {
		size_t room = files->room ? files->room * 2 : 64;
		struct file *v = pool_array(files->pool, struct file, room);

		if (files->n)
			memcpy(v, files->v, files->n * sizeof(*v));
		files->v = v;
		files->room = room;
	}
	files->v[files->n++] = file;
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

static void add_selector(struct selection *s, struct selectors *list, const char *text,
			 struct mark at)
{
	struct selector selector;

	selector_read(s->pool, text, at, &selector, &s->problems);
	if (list->n == list->room) {
		size_t room = list->room ? list->room * 2 : 16;
		struct selector *v = pool_array(s->pool, struct selector, room);

		if (list->n)
			memcpy(v, list->v, list->n * sizeof(*v));
		list->v = v;
		list->room = room;
	}
	list->v[list->n++] = selector;
}

/*
 * A line of a skip file.  Those of LKFT have `collection:test` for every program that it runs
 * (automated/linux/kselftest/kselftest.sh in Linaro's test-definitions): what belongs to other
 * collections is left alone, unless it looks like a slip.
 */
static void add_line(struct selection *s, const char *line, struct mark at)
{
	struct nearest n = { .word = pool_strndup(s->pool, line, strcspn(line, ":") + 1) };

	if (!strncmp(line, COLLECTION, strlen(COLLECTION)))
		line += strlen(COLLECTION);
	else if (selector_alien(line, &n) && (!n.best || n.distance * 3 > strlen(n.word)))
		return;
	add_selector(s, &s->exclude, line, at);
}

static void read_skip_file(struct selection *s, const char *path)
{
	struct mark at = { .file = path, .line = 1, .column = 1 };
	char *text, *line;
	size_t len;
	int rc = sys_read_file(s->pool, path, SKIP_FILE_BYTES_MAX, &text, &len);

	if (rc < 0) {
		problem_add(&s->problems, (struct mark){ .file = path }, "%s", strerror(-rc));
		return;
	}
	/* What stands behind it would not be excluded. */
	if (strlen(text) < len)
		problem_add(&s->problems, (struct mark){ .file = path }, "has a NUL");
	if (!strncmp(text, BYTE_ORDER_MARK, strlen(BYTE_ORDER_MARK)))
		text += strlen(BYTE_ORDER_MARK);
	for (; (line = strsep(&text, "\n")); at.line++) {
		line[strcspn(line, "#\r")] = '\0';
		line += strspn(line, " \t");
		line[strcspn(line, " \t")] = '\0';
		if (*line)
			add_line(s, line, at);
	}
}

static void read_selectors(struct selection *s, char *const *args, const struct narrowing *narrow)
{
	struct mark typed = { 0 };

	for (size_t i = 0; args[i]; i++)
		add_selector(s, &s->take, args[i], typed);
	for (size_t i = 0; i < narrow->exclude.n; i++)
		add_selector(s, &s->exclude, narrow->exclude.v[i], typed);
	for (size_t i = 0; i < narrow->skip_files.n; i++)
		read_skip_file(s, narrow->skip_files.v[i]);
	s->patterns = pool_array(s->pool, const char *, s->take.n + 1);
	for (size_t i = 0; i < s->take.n; i++)
		if (!s->take.v[i].kind->path)
			s->patterns[s->n_patterns++] = s->take.v[i].text;
}

/* Add the files that have all that is selected by names; false when only all suites have it. */
static bool add_homes(struct selection *s, struct files *files)
{
	for (size_t i = 0; i < s->take.n; i++) {
		const struct selector *t = &s->take.v[i];
		const char *home = t->kind->home ? t->kind->home(s->pool, t->what) : NULL;

		if (home)
			add_path(s, files, home);
		else if (!t->kind->path)
			return false;
	}
	return s->take.n;
}

/* What the paths name, and where something is selected by what it is, whatever may be that. */
static void find_files(struct selection *s, struct files *files, const struct narrowing *narrow)
{
	for (size_t i = 0; i < s->take.n; i++)
		if (s->take.v[i].kind->path)
			add_path(s, files, s->take.v[i].text);
	files->named = files->n;
	if (s->take.n && !s->n_patterns && !s->exclude.n)
		return;
	for (size_t i = 0; i < narrow->suites.n; i++)
		add_path(s, files, narrow->suites.v[i]);
	if (!narrow->suites.n && (s->exclude.n || !add_homes(s, files)))
		add_path(s, files, paths_data(s->pool, "suites"));
}

/* What of the path REAL is below ROOT, a directory or NULL for none; NULL if it is not below it. */
static const char *below(const char *real, const char *root)
{
	if (!root)
		return NULL;
	size_t len = strlen(root);

	return !strncmp(real, root, len) && real[len] == '/' ? real + len + 1 : NULL;
}

/* The directory that the suite's name is a path below, with the slash before its own name; NULL
 * where the file is called otherwise. */
static const char *root_name(struct pool *pool, const struct suite *suite)
{
	const char *end = pool_printf(pool, "/%s.yaml", suite->name);
	size_t len = strlen(suite->real), tail = strlen(end);

	if (len <= tail || strcmp(suite->real + len - tail, end))
		return NULL;
	return memrchr(suite->real, '/', len - tail);
}

/*
 * What results call the suite's file: suites/uts/hostname.yaml, whatever path has named it, from
 * wherever. One whose path has not the suite's name is called by what it is below the working
 * directory.
 */
static const char *place_of(struct pool *pool, const struct suite *suite, const char *cwd)
{
	const char *root = root_name(pool, suite), *here = below(suite->real, cwd);

	if (root)
		return root + 1;
	return here ? here : suite->real;
}

static void load_suites(struct selection *s, const struct files *files, bool checked)
{
	char suites[PATH_MAX], directory[PATH_MAX];
	const char *root = paths_real(paths_data(s->pool, "suites"), suites) ? suites : NULL;
	const char *cwd = getcwd(directory, sizeof(directory));
	struct seen names = { 0 };
	size_t named = 0;

	s->suites = pool_array(s->pool, struct suite *, files->n + 1);
	for (size_t i = 0; i < files->n; i++) {
		struct suite *suite = suite_load(s->pool, files->v[i].path, &s->catalogue,
						 &s->problems, checked);
		const struct suite *other = suite ?
			seen_before(s->pool, &names, suite->name, suite) : NULL;
		bool hidden = false;

		/* Of two trees the one that was named counts. */
		for (size_t k = 0; other && i >= files->named && k < named; k++)
			hidden |= s->suites[k] == other;
		if (other && !hidden)
			problem_add(&s->problems, (struct mark){ suite->file, 1, 1 },
				    "the suite %s is also in %s", suite->name, other->file);
		if (suite) {
			suite->real = files->v[i].real;
			suite->own = !below(suite->real, root);
			suite->place = place_of(s->pool, suite, cwd);
		}
		if (suite && !hidden)
			s->suites[s->n_suites++] = suite;
		named = i < files->named ? s->n_suites : named;
	}
	seen_free(&names);
}

/* The paths of --suites are not looked for before the files in them are. */
static void check_suites(struct selection *s, const struct narrowing *narrow)
{
	for (size_t i = 0; i < narrow->suites.n; i++)
		selector_path(s->pool, narrow->suites.v[i],
			      (struct mark){ .file = narrow->suites.v[i] }, &s->problems);
}

bool select_load_narrow(struct selection *s, struct pool *pool, char *const *args,
			const struct narrowing *narrow)
{
	static const struct narrowing none;
	struct files files = { .pool = pool };

	narrow = narrow ? narrow : &none;
	*s = (struct selection){ .pool = pool, .problems.pool = pool };
	s->catalogue = (struct catalogue){
		.pool = pool, .dir = paths_data(pool, "suites/clauses"), .problems = &s->problems,
	};
	read_selectors(s, args, narrow);
	check_suites(s, narrow);
	if (!s->problems.n) {
		find_files(s, &files, narrow);
		load_suites(s, &files, narrow->checked);
		seen_free(&files.seen);
	}
	if (!s->problems.n && !s->n_suites)
		problem_add(&s->problems,
			    (struct mark){ .file = s->n_patterns < s->take.n ? args[0] :
					   narrow->suites.n ? narrow->suites.v[0] :
					   paths_data(pool, "suites") },
			    "holds no suite");
	problems_print(&s->problems, stderr);
	return s->problems.n == 0;
}

bool select_load(struct selection *s, struct pool *pool, char *const *args)
{
	return select_load_narrow(s, pool, args, NULL);
}

void select_free(struct selection *s)
{
	catalogue_free(&s->catalogue);
}

/* Whether any of them names it; all that do are used. */
static bool any_fits(const struct selectors *list, const struct subject *subject)
{
	bool fits = false;

	for (size_t i = 0; i < list->n; i++)
		if (selector_fits(&list->v[i], subject))
			fits = list->v[i].used = true;
	return fits;
}

/* Of the plan's cells from FROM on. */
static void take_cells(const struct selection *s, struct plan *plan, size_t from)
{
	size_t kept = from;

	for (size_t c = from; c < plan->n; c++) {
		AUTO_POOL pool = { 0 };
		const struct subject subject = {
			plan->cells[c].scenario->suite, &plan->cells[c],
			cell_name(&pool, &plan->cells[c]),
		};
		bool take = any_fits(&s->take, &subject) || !s->take.n;

		if (!any_fits(&s->exclude, &subject) && take)
			plan->cells[kept++] = plan->cells[c];
	}
	plan->n = kept;
}

static void plan_suite(const struct selection *s, size_t i, struct plan *plan, bool controls)
{
	for (size_t k = 0; k < s->suites[i]->n; k++)
		plan_add(plan, &s->suites[i]->scenarios[k], controls);
}

/*
 * Mark what MARKING has of the cells that there are without boxes, and with controls; the number of
 * cells that it takes.
 */
static size_t use_native(const struct selection *s, const struct selection *marking)
{
	AUTO_POOL pool = { 0 };
	struct plan plan = { .pool = &pool };

	for (size_t i = 0; i < s->n_suites; i++)
		plan_suite(s, i, &plan, true);
	take_cells(marking, &plan, 0);
	return plan.n;
}

struct suggestion {
	struct name_taker taker;
	struct nearest nearest;
};

static void take_name(struct name_taker *t, const char *name)
{
	nearest_offer(&((struct suggestion *)t)->nearest, name);
}

static void suggest(const struct selection *s, const struct selector *selector)
{
	struct suggestion n = { { take_name }, { .word = selector->text } };
	const char *where = "";

	for (size_t i = 0; selector->kind->offer && i < s->n_suites; i++)
		for (size_t k = 0; k < s->suites[i]->n; k++)
			selector->kind->offer(s->pool, &s->suites[i]->scenarios[k],
					      selector->kind->prefix, &n.taker);
	if (selector->at.file)
		where = pool_printf(s->pool, "%s:%d: ", selector->at.file, selector->at.line);
	fprintf(stderr, "nsconform: %s%s selects nothing%s\n", where, selector->text,
		nearest_hint(s->pool, &n.nearest));
}

/* True when all have selected something. */
static bool check_used(const struct selection *s, const struct selectors *list)
{
	bool good = true;

	for (size_t i = 0; i < list->n; i++)
		if (!list->v[i].used) {
			suggest(s, &list->v[i]);
			good = false;
		}
	return good;
}

bool select_plan(const struct selection *s, struct plan *plan, bool controls)
{
	static const char excluded[] = "everything that is selected is excluded, too";

	for (size_t i = 0; i < s->n_suites; i++) {
		size_t from = plan->n;

		plan_suite(s, i, plan, controls);
		if (s->take.n || s->exclude.n)
			take_cells(s, plan, from);
	}
	/* A selector may exclude what this plan does not have: boxes, controls... */
	if (s->exclude.n)
		use_native(s, &(struct selection){ .exclude = s->exclude });
	/* ... or takes nothing of it, as no scenario of a suite has a box. */
	if ((plan->runtime || plan->inside) && use_native(s, s) && !plan->n)
		plan->empty = "none of the scenarios that are selected has a box";
	bool good = check_used(s, &s->take) && check_used(s, &s->exclude);

	if (good && !plan->n && !plan->empty) {
		plan->empty = s->part ? excluded : NULL;
		if (!s->part)
			fprintf(stderr, "nsconform: %s\n", excluded);
	}
	return good && (plan->n || plan->empty);
}
