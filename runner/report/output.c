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
#include "load/yaml.h"
#include "nsc/json.h"
#include "nsc/sha256.h"
#include "report/cell_text.h"
#include "report/flaky.h"
#include "report/output.h"
#include "report/records.h"

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

/* Of the parts of a run the first writes environment.json. */
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

static const char *part_name(struct pool *pool, const struct selection *s, bool part)
{
	return part ? file_name(pool, s) : NULL;
}

bool output_taken(struct pool *pool, const char *dir, const struct selection *s, bool part)
{
	return dir && run_file_taken(pool, dir, part_name(pool, s, part));
}

static struct strs texts(struct pool *pool, const struct value *list)
{
	struct strs v = { .n = list->list.n };

	v.v = pool_array(pool, const char *, v.n + 1);
	for (size_t i = 0; i < v.n; i++)
		v.v[i] = value_text(list->list.items[i]);
	return v;
}

static const char *plan_sha256(struct pool *pool, const struct strs *plan)
{
	struct sha256 h;

	sha256_begin(&h);
	for (size_t i = 0; i < plan->n; i++) {
		sha256_add(&h, plan->v[i], strlen(plan->v[i]));
		sha256_add(&h, "\n", 1);
	}
	return sha256_end(pool, &h);
}

void output_plan(struct pool *pool, const struct plan *plan, struct strs *names)
{
	*names = (struct strs){ .v = pool_array(pool, const char *, plan->n + 1), .n = plan->n };
	for (size_t i = 0; i < plan->n; i++)
		names->v[i] = cell_name(pool, &plan->cells[plan_at(plan, i)]);
}

/* What the environment and the record of a run both have is of the same name in both. */
static void describe_run(struct output *o, const struct selection *s, const struct strs *plan,
			 const char *environment)
{
	struct problems own = { .pool = o->pool };
	struct run_record *r = &o->run.record;

	fields_bind(o->pool, run_record_fields,
		    yaml_parse(o->pool, "environment", environment, strlen(environment), &own), r);
	r->command = texts(o->pool, o->command);
	r->selection = (struct strs){ s->patterns, s->n_patterns };
	r->plan_cells = (int64_t)plan->n;
	r->seed = o->seed ? o->seed : -1;
	r->fail_on = fail_on_texts(o->pool, o->fail_on);
	r->plan_sha256 = plan_sha256(o->pool, plan);
	r->image = o->image;
	r->image_sha256 = o->image_sha256;
}

/* Whoever puts shards together needs to know what the whole is. */
static bool write_whole(struct output *o, const struct plan *plan)
{
	struct run_record *r = &o->run.record;
	AUTO_POOL own = { 0 };
	struct strs names;

	if (!plan->whole)
		return true;
	output_plan(&own, plan->whole, &names);
	r->shard_index = plan->shard_index;
	r->shard_number = plan->shard_number;
	r->whole_cells = (int64_t)names.n;
	r->whole_sha256 = plan_sha256(o->pool, &names);
	return !o->dir || o->part ||
	       run_file_names(pool_printf(o->pool, "%s/whole.plan", o->dir), &names);
}

bool output_open(struct output *o, const struct selection *s, const struct plan *plan,
		 const char *environment)
{
	struct pool *pool = o->pool;
	const char *name = file_name(pool, s), *dir = o->dir;
	AUTO_POOL own = { 0 };
	struct strs names;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (!dir && !o->copy)
		return true;
	output_plan(&own, plan, &names);
	describe_run(o, s, &names, environment);
	if (!dir)
		return write_whole(o, plan) && run_file_begin(&o->run, pool, NULL, NULL, &names);
	if (!make_dir(dir) || output_taken(pool, dir, s, o->part) || !write_whole(o, plan) ||
	    !run_file_begin(&o->run, pool, dir, part_name(pool, s, o->part), &names) ||
	    !make_dir(pool_printf(pool, "%s/tap", dir)) ||
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
	if (!o->silent && fwrite(text, 1, len, stdout) != len)
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
	if (o->again)
		value_put(pool, map, "again", value_str(pool, suite_again(pool, suite, o->again)));
	value_put(pool, map, "release", value_str(pool, o->release));
	if (o->inside)
		value_put(pool, map, "inside", value_bool(pool, true));
	if (o->pairs_seed)
		value_put(pool, map, "pairs_seed", value_int(pool, o->pairs_seed));
	if (o->confinement && (o->confinement->filtered || o->confinement->profile))
		value_put(pool, map, "confinement", confinement_value(pool, o->confinement));
	if (o->runtime) {
		value_put(pool, map, "runtime", value_str(pool, o->runtime->file));
		value_put(pool, map, "version", value_str(pool, o->runtime->installed ?
							  o->runtime->installed : "?"));
		if (o->runtime->specification)
			value_put(pool, map, "specification",
				  value_str(pool, o->runtime->specification));
	}
	value_put(pool, map, "file", value_str(pool, suite_place(suite)));
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
	o->traced = pool_grow(o->pool, o->traced, o->n_traced, &o->room_traced, sizeof(entry));
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

static void put_name(struct pool *pool, struct record *r, const struct cell *cell, const char *name)
{
	const struct scenario *s = cell->scenario;
	size_t len;

	r->cell = name;
	r->scenario = pool_printf(pool, "%s.%s", s->suite->prefix, s->id);
	len = strlen(r->scenario);
	r->variant = name[len] ? name + len + 1 : NULL;
	r->kind = cell->kind;
	r->clauses = s->clauses;
	r->at = cell_place(pool, cell, s->at);
	r->again = cell_again(pool, cell, name);
}

static void put_verdict(struct pool *pool, struct record *r, const struct verdict *v)
{
	bool issue = v->kind == VERDICT_KNOWN || v->kind == VERDICT_XPASS;

	r->verdict = v->kind;
	*(issue ? &r->issue : &r->reason) = v->reason;
	*(v->kind == VERDICT_SKIP ? &r->remedy : &r->reference) = v->resolution;
	r->link = v->link;
	r->console = v->console;
	r->message = v->message;
	r->call = v->call;
	r->field = v->what;
	r->expected = v->expected;
	r->seen = v->seen;
	r->also = also_list(pool, v);
	r->log = v->log;
	r->own_log = v->own_log;
}

static void put_trace_of(struct pool *pool, struct record *r, const struct cell_result *c)
{
	const struct script_step *step = c->verdict->step < 0 ? NULL :
		&c->script->steps[c->verdict->step];

	r->attempt = c->trace->attempts ? c->trace->attempt : c->trace->tried_again ? 2 : 1;
	r->attempts = c->trace->attempts;
	r->flaky = flaky(c->trace, c->verdict->kind);
	r->tried_again = c->trace->tried_again;
	if (c->trace->started_ns) {
		r->started = record_when(pool, c->trace->started_ns);
		r->took_ns = c->trace->took_ns;
	}
	if (!step)
		return;
	r->actor = step_actor(c->script, step);
	r->op = step_op(step);
	r->call = step->step->op->source;
	r->at = cell_place(pool, c->cell, step->step->at);
}

void output_record(struct pool *pool, const struct output *o, const struct cell_result *c,
		   struct record *r)
{
	fields_bind(pool, cell_record_fields, NULL, r);
	r->run = o->run.record.run;
	r->attempt = 0;
	put_name(pool, r, c->cell, c->name);
	put_verdict(pool, r, c->verdict);
	r->fail_on = fail_on_said(pool, o->fail_on, c->verdict->kind, c->verdict->reason);
	if (c->trace)
		put_trace_of(pool, r, c);
}

void output_cell(struct output *o, const struct cell_result *c, const struct record *r)
{
	AUTO_POOL pool = { 0 };
	FILE *const files[] = { o->cells, o->copy };

	if (!o->dir && !o->copy)
		return;
	const char *line = json_text(&pool, record_value(&pool, cell_record_fields, r));

	for (size_t i = 0; i < 2; i++)
		if (files[i] && fprintf(files[i], "%s\n", line) < 0)
			o->failed = true;
	/* The cell vm.boot belongs to no suite, so there is nothing to judge again. */
	if (o->dir && c->cell->scenario->suite->source && c->line)
		put_trace(o, c->cell->scenario->suite, c->line);
}

void output_so_far(struct output *o, const struct record *r)
{
	AUTO_POOL pool = { 0 };

	if (!o->dir)
		return;
	if (!o->attempts) {
		o->attempts = open_file(run_attempts_path(&pool, o->run.path), "we");
		if (o->attempts)
			setvbuf(o->attempts, NULL, _IOLBF, 64 * 1024);
	}
	if (!o->attempts || fprintf(o->attempts, "%s\n", json_text(&pool, record_value(
					    &pool, cell_record_fields, r))) < 0)
		o->failed = true;
}

void output_round(struct output *o, int round)
{
	AUTO_POOL pool = { 0 };

	o->run.record.rounds = round;
	if (o->dir && !run_file_write(&o->run, &pool))
		o->failed = true;
}

/* All cells have their records. */
static void forget_attempts(struct output *o)
{
	AUTO_POOL pool = { 0 };

	if (o->attempts) {
		fclose(o->attempts);
		unlink(run_attempts_path(&pool, o->run.path));
	}
	o->attempts = NULL;
}

bool output_close(struct output *o, bool interrupted)
{
	FILE *const files[] = { o->tap, o->cells };

	end_traces(o, interrupted);
	for (size_t i = 0; i < 2; i++)
		if (files[i] && fclose(files[i]))
			o->failed = true;
	forget_attempts(o);
	if (fflush(stdout) || ferror(stdout))
		o->failed = true;
	if (o->failed)
		fprintf(stderr, "nsconform: results could not be written completely\n");
	return !o->failed;
}

bool output_end(struct output *o, bool interrupted, int status, const struct totals *totals)
{
	enum run_state state = interrupted ? RUN_INTERRUPTED : RUN_COMPLETE;

	return (!o->dir && !o->copy) || run_file_end(&o->run, o->pool, state, status, totals);
}
