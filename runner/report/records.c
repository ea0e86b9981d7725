// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lines of cells, and files of runs.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fts.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <uthash.h>
#include <zlib.h>

#include "load/paths.h"
#include "load/yaml.h"
#include "nsc/json.h"
#include "nsc/sys.h"
#include "nsc/text.h"
#include "report/records.h"

enum { RUN_BYTES_MAX = 4 * 1024 * 1024, PLAN_BYTES_MAX = 64 * 1024 * 1024 };

static bool parse(struct pool *pool, const char *path, const char *text, size_t len,
		  struct record *record)
{
	struct problems own = { .pool = pool };
	const struct value *v = yaml_parse(pool, path, text, len, &own);
	const char *verdict = value_text(value_get(v, "verdict"));

	fields_bind(pool, cell_record_fields, v, record);
	if (!record->cell || !verdict || !symbol_find(verdict_symbols, verdict))
		return false;
	if (!record->scenario)
		record->scenario = record->cell;
	return true;
}

static ssize_t read_gz(void *file, char *buf, size_t size)
{
	return gzread(file, buf, (unsigned)size);
}

static int close_gz(void *file)
{
	return gzclose_r(file) == Z_OK ? 0 : EOF;
}

/* A file that is compressed, or is not. */
static FILE *open_text(const char *path)
{
	static const cookie_io_functions_t functions = { .read = read_gz, .close = close_gz };
	gzFile file = gzopen(path, "re");
	FILE *f = file ? fopencookie(file, "r", functions) : NULL;

	if (file && !f)
		gzclose_r(file);
	return f;
}

static const char BASELINE[] = "results/baseline/%s.jsonl.gz";

static const char *find_results(struct pool *pool, const char *name)
{
	const char *baseline = paths_data(pool, pool_printf(pool, BASELINE, name));

	return access(name, F_OK) < 0 && access(baseline, F_OK) == 0 ? baseline : name;
}

/* Not a pipe, as files are read twice. */
static bool is_file(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

static bool is_run(const struct value *v)
{
	return value_get(v, "nsconform_results") != NULL;
}

/* The first line of a file is about the run: false, with a problem, when it is not. */
static bool check_first_line(FILE *f, const char *path, struct problems *problems)
{
	AUTO_POOL pool = { 0 };
	struct problems own = { .pool = &pool };
	char *text = NULL;
	size_t room = 0;
	ssize_t len = getline(&text, &room, f);
	bool good = len > 0 && is_run(yaml_parse(&pool, path, text, (size_t)len, &own));

	free(text);
	/* Whether it can be read at all is found out when it is closed. */
	if (len <= 0 && !ferror(f))
		problem_add(problems, (struct mark){ .file = path }, "is empty, and no results");
	else if (len > 0 && !good)
		problem_add(problems, (struct mark){ path, 1, 1 },
			    "expected the record of a run, as `nsconform report baseline` writes it");
	return good;
}

/*
 * FIRST is the number of the first line.  A line without an end is one that a run was killed over:
 * its cell is not there, as those after it.
 */
static void read_lines(FILE *f, const char *path, int first, take_record *take, void *context,
		       struct problems *problems)
{
	char *text = NULL;
	size_t room = 0;
	ssize_t len;

	for (int line = first; (len = getline(&text, &room, f)) > 0; line++) {
		AUTO_POOL own = { 0 };
		struct record record;

		if (text[len - 1] != '\n')
			continue;
		if (parse(&own, path, text, (size_t)len, &record))
			take(&record, context);
		else
			problem_add(problems, (struct mark){ path, line, 1 },
				    "not a cell's record");
	}
	free(text);
}

void records_read_lines(FILE *f, const char *name, take_record *take, void *context,
			struct problems *problems)
{
	read_lines(f, name, 1, take, context, problems);
}

/* Cells of a run that was killed over attempts of them. */
struct so_far {
	const char *cell;
	const char *line; /* the last record of the attempts, or NULL: the cell is over */
	UT_hash_handle hh;
};

struct merged {
	struct pool pool;
	struct so_far *cells;
	bool over; /* what is read is of cells that are over */
	take_record *take;
	void *context;
};

static void note(const struct record *record, void *context)
{
	struct merged *m = context;
	struct so_far *s;

	HASH_FIND_STR(m->cells, record->cell, s);
	if (!s) {
		s = pool_new(&m->pool, struct so_far);
		*s = (struct so_far){ .cell = pool_strdup(&m->pool, record->cell) };
		HASH_ADD_KEYPTR(hh, m->cells, s->cell, strlen(s->cell), s);
		s->line = m->over ? NULL : "";
	}
	if (m->over)
		m->take(record, m->context);
	else if (s->line)
		s->line = json_text(&m->pool, record_value(&m->pool, cell_record_fields, record));
}

/* The cells of a directory, and what came so far of those that are not over. */
static void read_dir(FILE *f, const char *dir, const char *path, take_record *take, void *context,
		     struct problems *problems)
{
	struct merged m = { .over = true, .take = take, .context = context };
	glob_t found = { 0 };

	const char *below = text_glob_word(&m.pool, dir);

	glob(pool_printf(&m.pool, "%s/run.attempts", below), 0, NULL, &found);
	glob(pool_printf(&m.pool, "%s/parts/*.attempts", below), GLOB_APPEND, NULL, &found);
	read_lines(f, path, 1, found.gl_pathc ? note : take, found.gl_pathc ? &m : context,
		   problems);
	m.over = false;
	for (size_t i = 0; i < found.gl_pathc; i++) {
		FILE *attempts = fopen(found.gl_pathv[i], "re");

		if (attempts)
			read_lines(attempts, pool_strdup(problems->pool, found.gl_pathv[i]), 1,
				   note, &m, problems);
		if (attempts)
			fclose(attempts);
	}
	for (struct so_far *s = m.cells; s; s = s->hh.next) {
		AUTO_POOL own = { 0 };
		struct record record;

		if (s->line && parse(&own, path, s->line, strlen(s->line), &record))
			take(&record, context);
	}
	globfree(&found);
	HASH_CLEAR(hh, m.cells);
	pool_free(&m.pool);
}

void records_read(const char *name, take_record *take, void *context, struct problems *problems)
{
	const char *path = find_results(problems->pool, name);
	bool file = is_file(path);

	if (!file)
		path = pool_printf(problems->pool, "%s/cells.jsonl", path);
	FILE *f = open_text(path);

	if (!f && !strchr(name, '/') && access(name, F_OK) < 0)
		problem_add(problems, (struct mark){ .file = name },
			    "there is no such directory or file, and no baseline of that name: %s",
			    paths_data(problems->pool,
				       pool_printf(problems->pool, BASELINE, name)));
	else if (!f)
		problem_add(problems, (struct mark){ .file = path }, "%s", strerror(errno));
	if (!f)
		return;
	if (!file)
		read_dir(f, name, path, take, context, problems);
	else if (check_first_line(f, path, problems))
		read_lines(f, path, 2, take, context, problems);
	bool good = !ferror(f);

	/* Compressed data without an end is an error of closing. */
	if (fclose(f) || !good)
		problem_add(problems, (struct mark){ .file = path }, "cannot be read to its end");
}

/* A run that was killed when it had just begun has left an empty file. */
static bool check_run(const struct value *v, const char *path, struct run_record *run,
		      struct problems *problems)
{
	struct mark at = { path, 1, 1 };

	if (!v)
		run->state = RUN_RUNNING;
	else if (run->nsconform_results < 0)
		problem_add(problems, at, "not a run's record");
	else if (run->nsconform_results != RESULTS_VERSION)
		problem_add(problems, at, "the results are of version %lld, and this nsconform "
			    "reads version %d", (long long)run->nsconform_results, RESULTS_VERSION);
	return !v || run->nsconform_results == RESULTS_VERSION;
}

/* TEXT is what PATH has. VERSIONED: it has to be a run's record. */
static void parse_run(const char *path, const char *text, size_t len, bool versioned,
		      take_run *take, void *context, struct problems *problems)
{
	struct problems own = { .pool = problems->pool };
	const struct value *v = len ? yaml_parse(problems->pool, path, text, len, &own) : NULL;
	struct run_record run;

	if (len && !v) {
		problem_add(problems, (struct mark){ path, 1, 1 }, "not a run's record");
		return;
	}
	fields_bind(problems->pool, run_record_fields, v, &run);
	if (!versioned)
		run.state = RUN_UNKNOWN;
	if (!versioned || check_run(v, path, &run, problems))
		take(&run, path, context);
}

/* False when there is no such file. */
static bool read_run(const char *path, bool versioned, take_run *take, void *context,
		     struct problems *problems)
{
	char *text;
	size_t len;

	if (sys_read_file(problems->pool, path, RUN_BYTES_MAX, &text, &len) < 0)
		return false;
	parse_run(path, text, len, versioned, take, context, problems);
	return true;
}

static void read_first_line(const char *path, take_run *take, void *context,
			    struct problems *problems)
{
	FILE *f = open_text(path);
	char *text = NULL;
	size_t room = 0;
	ssize_t len = f ? getline(&text, &room, f) : -1;
	AUTO_POOL pool = { 0 };
	struct problems own = { .pool = &pool };

	/* records_read() says what is wrong with a file that has no such line. */
	if (len > 0 && is_run(yaml_parse(&pool, path, text, (size_t)len, &own)))
		parse_run(path, text, (size_t)len, true, take, context, problems);
	free(text);
	if (f)
		fclose(f);
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

static bool read_parts(const char *dir, take_run *take, void *context, struct problems *problems)
{
	char *const roots[] = { (char *)pool_printf(problems->pool, "%s/parts", dir), NULL };
	FTS *files = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, by_name);
	bool any = false;

	for (FTSENT *e; files && (e = fts_read(files));)
		if (e->fts_info == FTS_F && e->fts_namelen > 5 &&
		    !strcmp(e->fts_name + e->fts_namelen - 5, ".json"))
			any |= read_run(pool_strdup(problems->pool, e->fts_path), true, take,
					context, problems);
	if (files)
		fts_close(files);
	return any;
}

void runs_read(const char *name, take_run *take, void *context, struct problems *problems)
{
	struct pool *pool = problems->pool;
	const char *dir = find_results(pool, name);

	if (is_file(dir))
		read_first_line(dir, take, context, problems);
	else if (!read_run(pool_printf(pool, "%s/run.json", dir), true, take, context, problems) &&
		 !read_parts(dir, take, context, problems))
		read_run(pool_printf(pool, "%s/environment.json", dir), false, take, context,
			 problems);
}

static const char *beside(struct pool *pool, const char *path, const char *ending)
{
	return pool_printf(pool, "%.*s%s", (int)(strlen(path) - strlen(".json")), path, ending);
}

const char *run_plan_path(struct pool *pool, const char *path)
{
	return beside(pool, path, ".plan");
}

const char *run_attempts_path(struct pool *pool, const char *path)
{
	return beside(pool, path, ".attempts");
}

void run_plan_read(struct pool *pool, const char *path, struct strs *names)
{
	plan_names_read(pool, run_plan_path(pool, path), names);
}

void plan_names_read(struct pool *pool, const char *path, struct strs *names)
{
	size_t room = 0;
	char *text;

	*names = (struct strs){ 0 };
	if (sys_read_file(pool, path, PLAN_BYTES_MAX, &text, NULL) < 0)
		return;
	for (const char *s = text; (s = strchr(s, '\n')); s++)
		room++;
	names->v = pool_array(pool, const char *, room + 1);
	/* A line that was cut short is no name. */
	for (char *end; (end = strchr(text, '\n')); text = end + 1) {
		*end = 0;
		names->v[names->n++] = text;
	}
}

const char *run_unended(const struct run_record *run)
{
	return run->state == RUN_RUNNING ? "it was killed, or goes on" :
	       run->state == RUN_INTERRUPTED ? "it was interrupted" : NULL;
}

static void tell_unended(const struct run_record *run, const char *path, void *context)
{
	bool *any = context;
	const char *why = run_unended(run);

	if (why)
		fprintf(stderr, "nsconform: %s: the run has no end: %s\n", path, why);
	*any |= why != NULL;
}

bool runs_tell_unended(const char *name, struct problems *problems)
{
	bool any = false;

	runs_read(name, tell_unended, &any, problems);
	return any;
}
