// SPDX-License-Identifier: GPL-2.0-only
/*
 * Result files.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "load/runtime.h"
#include "nsc/json.h"
#include "report/output.h"

static bool make_dir(const char *path)
{
	if (mkdir(path, 0777) == 0 || errno == EEXIST)
		return true;
	fprintf(stderr, "nsconform: cannot make %s: %s\n", path, strerror(errno));
	return false;
}

static FILE *open_file(const char *path, const char *mode)
{
	FILE *f = fopen(path, mode);

	if (!f)
		fprintf(stderr, "nsconform: cannot write %s: %s\n", path, strerror(errno));
	return f;
}

/* Of several runs into one directory the first writes environment.json. */
static bool write_environment(struct output *o, const char *environment)
{
	const char *path = pool_printf(o->pool, "%s/environment.json", o->dir);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);

	if (fd < 0 && errno == EEXIST)
		return true;
	FILE *f = fd < 0 ? NULL : fdopen(fd, "w");

	if (!f) {
		fprintf(stderr, "nsconform: cannot write %s: %s\n", path, strerror(errno));
		return false;
	}
	fprintf(f, "%s\n", environment);
	return fclose(f) == 0;
}

/* The name has the selection in it, as runs that share a directory differ in that. */
static const char *file_name(struct pool *pool, const struct selection *s)
{
	const char *name = s->n_patterns ? s->patterns[0] : s->n_suites == 1 ?
		s->suites[0]->prefix : "run";
	char *clean = pool_strdup(pool, name);

	for (char *c = clean; *c; c++)
		if (*c == '/')
			*c = '.';
	return clean;
}

bool output_open(struct output *o, const struct selection *s, const char *environment)
{
	struct pool *pool = o->pool;
	const char *name = file_name(pool, s), *dir = o->dir;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (!dir)
		return true;
	if (!make_dir(dir) || !make_dir(pool_printf(pool, "%s/tap", dir)) ||
	    !make_dir(pool_printf(pool, "%s/traces", dir)) || !write_environment(o, environment))
		return false;
	o->tap = open_file(pool_printf(pool, "%s/tap/%s.tap", dir, name), "we");
	/* Lines are appended one by one, because runs that go on side by side share the file. */
	o->cells = open_file(pool_printf(pool, "%s/cells.jsonl", dir), "ae");
	if (o->cells)
		setvbuf(o->cells, NULL, _IOLBF, 64 * 1024);
	return o->tap && o->cells;
}

void output_tap(struct output *o, const char *text, size_t len)
{
	if (fwrite(text, 1, len, stdout) != len)
		o->failed = true;
	if (o->tap && fwrite(text, 1, len, o->tap) != len)
		o->failed = true;
}

void output_text(struct output *o, const char *text)
{
	output_tap(o, text, strlen(text));
}

bool output_wants_traces(const struct output *o)
{
	return o->dir && !o->no_traces;
}

static struct value *trace_header(struct pool *pool, const struct output *o,
				  const struct suite *suite)
{
	struct value *map = value_map(pool);

	value_put(pool, map, "nsconform_trace", value_int(pool, TRACE_VERSION));
	value_put(pool, map, "command", (struct value *)o->command);
	value_put(pool, map, "release", value_str(pool, o->release));
	if (o->inside)
		value_put(pool, map, "inside", value_bool(pool, true));
	if (o->confinement && (o->confinement->filtered || o->confinement->profile))
		value_put(pool, map, "confinement", confinement_value(pool, o->confinement));
	if (o->runtime) {
		value_put(pool, map, "runtime", value_str(pool, o->runtime->file));
		value_put(pool, map, "version", value_str(pool, o->runtime->installed ?
							  o->runtime->installed : "?"));
	}
	value_put(pool, map, "file", value_str(pool, suite->file));
	value_put(pool, map, "source", value_str(pool, suite->source));
	return map;
}

/* Move the suite's entry to the end of the list, where the open one is; make it if need be. */
static struct traced *touch(struct output *o, const struct suite *suite)
{
	struct traced entry = { .suite = suite };

	for (size_t i = o->n_traced; i-- > 0;)
		if (o->traced[i].suite == suite) {
			entry = o->traced[i];
			memmove(&o->traced[i], &o->traced[i + 1],
				(--o->n_traced - i) * sizeof(entry));
			break;
		}
	if (o->n_traced == o->room_traced) {
		size_t room = o->room_traced ? o->room_traced * 2 : 64;
		struct traced *v = pool_array(o->pool, struct traced, room);

		if (o->n_traced)
			memcpy(v, o->traced, o->n_traced * sizeof(*v));
		o->traced = v;
		o->room_traced = room;
	}
	o->traced[o->n_traced] = entry;
	return &o->traced[o->n_traced++];
}

/* The trace file of the suite; cells come nearly in order, so one is open at a time. */
static struct traced *trace_open(struct output *o, const struct suite *suite)
{
	AUTO_POOL pool = { 0 };
	const char *path = pool_printf(&pool, "%s/traces/%s.jsonl", o->dir, suite->prefix);
	bool again = access(path, F_OK) == 0;

	if (o->trace && o->traced[o->n_traced - 1].suite == suite)
		return &o->traced[o->n_traced - 1];
	if (o->trace && fclose(o->trace))
		o->failed = true;
	o->trace = open_file(path, "ae");
	if (o->trace && !again)
		fprintf(o->trace, "%s\n", json_text(&pool, trace_header(&pool, o, suite)));
	return touch(o, suite);
}

static void put_trace(struct output *o, const struct suite *suite, const char *line)
{
	struct traced *t = trace_open(o, suite);

	if (!o->trace || fprintf(o->trace, "%s\n", line) < 0)
		o->failed = true;
	t->cells++;
}

/* A run that was killed leaves traces without this mark, and so do lost lines. */
static void end_traces(struct output *o, bool interrupted)
{
	while (o->n_traced) {
		AUTO_POOL pool = { 0 };
		const struct traced *t = trace_open(o, o->traced[o->n_traced - 1].suite);

		if (!o->trace || fprintf(o->trace, "%s\n",
					 trace_end(&pool, t->cells, interrupted)) < 0)
			o->failed = true;
		if (o->trace && fclose(o->trace))
			o->failed = true;
		o->trace = NULL;
		o->n_traced--;
	}
}

static struct value *also_list(struct pool *pool, const struct verdict *v)
{
	struct value *list = value_list(pool);

	for (size_t i = 0; i < v->n_also; i++) {
		const struct mismatch *m = &v->also[i];
		struct value *one = value_map(pool);

		value_put(pool, one, "step", value_int(pool, m->step + 1));
		value_put(pool, one, "field", value_str(pool, m->what));
		value_put(pool, one, "expected", value_str(pool, m->expected));
		value_put(pool, one, "seen", value_str(pool, m->seen));
		value_push(pool, list, one);
	}
	return list;
}

static void write_record(struct output *o, const struct cell *cell, const char *name,
			 const struct verdict *v, const char *tried_again)
{
	AUTO_POOL pool = { 0 };
	struct value *record = value_map(&pool), *clauses = value_list(&pool);
	const struct strs *ids = &cell->scenario->clauses;

	for (size_t i = 0; i < ids->n; i++)
		value_push(&pool, clauses, value_str(&pool, ids->v[i]));
	value_put(&pool, record, "cell", value_str(&pool, name));
	value_put(&pool, record, "scenario",
		  value_str(&pool, pool_printf(&pool, "%s.%s", cell->scenario->suite->prefix,
					       cell->scenario->id)));
	value_put(&pool, record, "verdict", value_str(&pool, verdict_name(v->kind)));
	value_put(&pool, record, "clauses", clauses);
	if (v->reason)
		value_put(&pool, record, "reason", value_str(&pool, v->reason));
	if (v->message)
		value_put(&pool, record, "message", value_str(&pool, v->message));
	if (v->resolution)
		value_put(&pool, record, v->kind == VERDICT_SKIP ? "remedy" : "reference",
			  value_str(&pool, v->resolution));
	if (v->expected)
		value_put(&pool, record, "expected", value_str(&pool, v->expected));
	if (v->seen)
		value_put(&pool, record, "seen", value_str(&pool, v->seen));
	if (v->n_also)
		value_put(&pool, record, "also", also_list(&pool, v));
	if (tried_again)
		value_put(&pool, record, "tried_again", value_str(&pool, tried_again));
	if (fprintf(o->cells, "%s\n", json_text(&pool, record)) < 0)
		o->failed = true;
}

void output_cell(struct output *o, const struct cell *cell, const char *name,
		 const struct verdict *verdict, const char *tried_again, const char *trace)
{
	if (!o->dir)
		return;
	write_record(o, cell, name, verdict, tried_again);
	/* The cell vm.boot belongs to no suite, so there is nothing to judge again. */
	if (cell->scenario->suite->source && trace)
		put_trace(o, cell->scenario->suite, trace);
}

bool output_close(struct output *o, bool interrupted)
{
	FILE *const files[] = { o->tap, o->cells };

	end_traces(o, interrupted);
	for (size_t i = 0; i < 2; i++)
		if (files[i] && fclose(files[i]))
			o->failed = true;
	if (fflush(stdout) || ferror(stdout))
		o->failed = true;
	if (o->failed)
		fprintf(stderr, "nsconform: results could not be written completely\n");
	return !o->failed;
}
