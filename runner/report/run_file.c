// SPDX-License-Identifier: GPL-2.0-only
/*
 * run.json, and parts/NAME.json.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "load/configured.h"
#include "nsc/json.h"
#include "nsc/sys.h"
#include "report/records.h"
#include "report/run_file.h"

static const char *own_path(struct pool *pool, const char *dir, const char *part)
{
	return part ? pool_printf(pool, "%s/parts/%s.json", dir, part) :
		      pool_printf(pool, "%s/run.json", dir);
}

static bool there(struct pool *pool, const char *dir, const char *name)
{
	return access(pool_printf(pool, "%s/%s", dir, name), F_OK) == 0;
}

static bool say_taken(const char *dir, const char *part)
{
	fprintf(stderr, "nsconform: %s has results of %s already: name another directory with "
		"--output, or remove it\n", dir, part ? "a whole run or of this part" : "a run");
	return true;
}

bool run_file_taken(struct pool *pool, const char *dir, const char *part)
{
	bool cells = there(pool, dir, "cells.jsonl");
	/* A part may add to what has parts, but not to a run of before there was run.json. */
	bool taken = part ? there(pool, dir, "run.json") || (cells && !there(pool, dir, "parts")) :
		cells;

	return (taken || access(own_path(pool, dir, part), F_OK) == 0) && say_taken(dir, part);
}

static bool fail(const char *path)
{
	fprintf(stderr, "nsconform: cannot write %s: %s\n", path, strerror(errno));
	return false;
}

/* Whoever reads it sees the old record or the new one, and nothing between. */
bool run_file_write(const struct run_file *f, struct pool *pool)
{
	if (!f->path)
		return true;
	const char *path = pool_printf(pool, "%s.new", f->path);
	FILE *out = fopen(path, "we");

	if (!out)
		return fail(path);
	fprintf(out, "%s\n", json_text(pool, record_value(pool, run_record_fields, &f->record)));
	bool good = !ferror(out);

	return (fclose(out) == 0 && good && rename(path, f->path) == 0) || fail(f->path);
}

/* A random UUID; on kernels without /proc/sys the time is unlike enough. */
static const char *new_id(struct pool *pool, int64_t now)
{
	char *text;

	if (sys_read_file(pool, "/proc/sys/kernel/random/uuid", 64, &text, NULL) < 0)
		return pool_printf(pool, "%llx", (long long)now);
	text[strcspn(text, "\n")] = 0;
	return text;
}

/* The file of the record, in which nothing is yet: nobody else can have it. */
static bool take_path(struct run_file *f, struct pool *pool, const char *dir, const char *part)
{
	const char *parts = pool_printf(pool, "%s/parts", dir);

	f->path = own_path(pool, dir, part);
	if (part && mkdir(parts, 0777) < 0 && errno != EEXIST)
		return fail(parts);
	int fd = open(f->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);

	if (fd < 0)
		return errno == EEXIST ? !say_taken(dir, part) : fail(f->path);
	close(fd);
	return true;
}

/* Not replaced, as it does not change: when the record says that the run has begun it is whole. */
bool run_file_names(const char *path, const struct strs *names)
{
	FILE *out = fopen(path, "we");

	if (!out)
		return fail(path);
	for (size_t i = 0; i < names->n; i++)
		fprintf(out, "%s\n", names->v[i]);
	bool good = !ferror(out);

	return (fclose(out) == 0 && good) || fail(path);
}

bool run_file_begin(struct run_file *f, struct pool *pool, const char *dir, const char *part,
		    const struct strs *plan)
{
	int64_t now = sys_wall_ns();

	if (dir && (!take_path(f, pool, dir, part) ||
		    !run_file_names(run_plan_path(pool, f->path), plan)))
		return false;
	f->record.nsconform_results = RESULTS_VERSION;
	f->record.run = new_id(pool, now);
	f->record.version = configured_version;
	f->record.state = RUN_RUNNING;
	f->record.started = record_when(pool, now);
	return run_file_write(f, pool);
}

const struct value *run_file_totals(struct pool *pool, const struct totals *totals)
{
	struct value *counts = value_map(pool);

	for (const struct symbol *s = verdict_symbols; s->name; s++)
		value_put(pool, counts, s->name,
			  value_int(pool, (int64_t)totals_of(totals, (enum verdict_kind)s->value)));
	return counts;
}

bool run_file_end(struct run_file *f, struct pool *pool, enum run_state state, int status,
		  const struct totals *totals)
{
	f->record.state = state;
	f->record.ended = record_when(pool, sys_wall_ns());
	f->record.exit_status = status;
	f->record.flaky = totals->flaky ? (int64_t)totals->flaky : -1;
	f->record.totals = run_file_totals(pool, totals);
	return run_file_write(f, pool);
}
