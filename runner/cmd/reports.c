// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reports of the run that is under way. The lines of its cells are kept in memory, whether or not
 * they are saved as well, and read back as those of a results directory are.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/command.h"
#include "cmd/reports.h"
#include "cmd/shared_options.h"
#include "export/export.h"
#include "nsc/sys.h"

struct target {
	const struct export_format *format;
	const char *path;
	bool in_place; /* a device, a pipe, or where no other file can be made beside it */
};

static const char *take_report(struct pool *pool, void *target, const char *value)
{
	const char *colon = strchr(value, ':');
	const char *name = pool_strndup(pool, value, strcspn(value, ":"));

	if (!colon || !*name || !colon[1])
		return pool_printf(pool, "--report takes %s, not %s",
				   argument_kinds[ARGUMENT_REPORT].doc, value);
	if (!export_find(name))
		return pool_printf(pool, "--report %s: %s", value, export_unknown(pool, name));
	if (!strcmp(colon + 1, "-"))
		return pool_printf(pool, "--report %s: TAP goes to standard output, so name a file",
				   value);
	return option_text(pool, target, value);
}

static const struct option_row report_rows[] = {
	{ .name = "report", .argument = ARGUMENT_REPORT, .take = take_report, .repeats = true,
	  .at = OPTION_AT(struct run_options, reports, struct strs),
	  .help = "write the run to FILE when it is over, in one of the formats below; may be "
		  "repeated" },
	{ 0 }
};
const struct option_group report_options = { "verdicts", report_rows };

static bool refuse(const char *report, const char *why)
{
	fprintf(stderr, "nsconform: --report %s: %s\n", report, why);
	return false;
}

static const char *directory_of(struct pool *pool, const char *path)
{
	const char *slash = strrchr(path, '/');

	return !slash ? "." : slash == path ? "/" :
		pool_strndup(pool, path, (size_t)(slash - path));
}

/* The results directory is made later. */
static bool in_output(const char *dir, const char *output)
{
	size_t len = output ? strlen(output) : 0;

	while (len > 1 && output[len - 1] == '/')
		len--;
	return len && strlen(dir) == len && !strncmp(dir, output, len);
}

/* What a run leaves in its directory itself. */
static bool is_record(const char *name)
{
	static const char *const names[] = {
		"cells.jsonl", "consoles", "environment.json", "parts", "run.attempts", "run.json",
		"run.plan", "tap", "traces",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!strcmp(name, names[i]))
			return true;
	return false;
}

/* Whether the file is one that the run is made from. */
static bool is_suite(const struct results *r, const char *path)
{
	for (size_t i = 0; i < r->selection.n_suites; i++)
		if (r->selection.suites[i]->real &&
		    !strcmp(r->selection.suites[i]->real, path))
			return true;
	return false;
}

/* What REPORT says, whether it can be written or not. */
static struct target target_of(struct pool *pool, const char *report)
{
	const char *colon = strchr(report, ':');
	struct target t = {
		export_find(pool_strndup(pool, report, (size_t)(colon - report))), colon + 1, false,
	};
	char *real = realpath(t.path, NULL);
	struct stat st;

	/* A link stays a link. */
	if (real)
		t.path = pool_strdup(pool, real);
	free(real);
	if (stat(t.path, &st) == 0)
		t.in_place = !S_ISREG(st.st_mode) ||
			(access(directory_of(pool, t.path), W_OK | X_OK) < 0 &&
			 access(t.path, W_OK) == 0);
	return t;
}

/* Beside PATH, so that it can take its place. */
static const char *new_path(struct pool *pool, const char *path)
{
	return pool_printf(pool, "%s.new-%d", path, (int)getpid());
}

static int make_file(const char *path)
{
	return open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
}

/* Permissions do not tell: file systems may have no room for files of ours, as /proc. */
static bool can_make(const char *path)
{
	AUTO_FD fd = make_file(path);

	return fd >= 0 && unlink(path) == 0;
}

/* Whether the file is where standard output or error goes, which the report would overwrite. */
static bool is_printed_to(const struct stat *file)
{
	struct stat st;

	for (int fd = STDOUT_FILENO; fd <= STDERR_FILENO; fd++)
		if (fstat(fd, &st) == 0 && st.st_dev == file->st_dev &&
		    st.st_ino == file->st_ino && S_ISREG(st.st_mode))
			return true;
	return false;
}

static bool check(const struct results *r, struct pool *pool, const char *report)
{
	struct target t = target_of(pool, report);
	const char *dir = directory_of(pool, t.path), *unready = t.format->unready ?
		t.format->unready(pool) : NULL;
	struct stat st;

	if (unready)
		return refuse(report, unready);
	if (in_output(dir, r->options.output) && is_record(basename(t.path)))
		return refuse(report, "the run's own record has that name");
	if (is_suite(r, t.path))
		return refuse(report, "it is a suite of this run");
	if (stat(t.path, &st) == 0 && S_ISDIR(st.st_mode))
		return refuse(report, strerror(EISDIR));
	if (stat(t.path, &st) == 0 && is_printed_to(&st))
		return refuse(report, "what is printed goes there, so name another file");
	if (in_output(dir, r->options.output) && access(dir, F_OK) < 0)
		return true;
	return (t.in_place ? access(t.path, W_OK) == 0 : can_make(new_path(pool, t.path))) ||
	       refuse(report, strerror(errno));
}

static bool named_before(struct pool *pool, const struct strs *reports, size_t n)
{
	const char *path = target_of(pool, reports->v[n]).path;

	for (size_t i = 0; i < n; i++)
		if (!strcmp(target_of(pool, reports->v[i]).path, path))
			return true;
	return false;
}

bool reports_open(struct results *r, struct pool *pool)
{
	const struct strs *reports = &r->options.reports;

	for (size_t i = 0; i < reports->n; i++)
		if (!check(r, pool, reports->v[i]))
			return false;
		else if (named_before(pool, reports, i))
			return refuse(reports->v[i], "another report goes to that file");
	if (!reports->n && !r->options.baseline)
		return true;
	int fd = memfd_create("cells", MFD_CLOEXEC);

	r->copy = fd < 0 ? NULL : fdopen(fd, "w+");
	return r->copy || refuse(reports->n ? reports->v[0] : r->options.baseline, strerror(errno));
}

/* The run, after the one that it is compared with, if there is one and FORMAT can show both. */
static void write_runs(FILE *out, struct pool *pool, const struct export_format *format,
		       const struct ran *baseline, const struct ran *ran)
{
	if (!baseline || !format->several) {
		format->write(out, pool, ran, 1);
		return;
	}
	struct ran runs[] = { *baseline, *ran };

	runs[0].baseline = true;
	format->write(out, pool, runs, 2);
}

/* Whoever reads the file sees all of the report, or what was there before. */
static bool write_report(struct pool *pool, const char *report, const struct ran *baseline,
			 const struct ran *ran)
{
	struct target t = target_of(pool, report);
	const char *path = t.in_place ? t.path : new_path(pool, t.path);
	int fd = t.in_place ? open(path, O_WRONLY | O_TRUNC | O_CLOEXEC) : make_file(path);
	FILE *out = fd < 0 ? NULL : fdopen(fd, "w");
	bool good = out;

	if (out) {
		errno = 0;
		write_runs(out, pool, t.format, baseline, ran);
		good = !ferror(out);
		good = fclose(out) == 0 && good;
	}
	if (good && !t.in_place)
		good = rename(path, t.path) == 0;
	if (!good)
		refuse(report, errno ? strerror(errno) : "it could not be written completely");
	if (!good && !t.in_place)
		unlink(path);
	return good;
}

bool reports_take(struct results *r, struct pool *pool, struct ran *ran)
{
	struct problems problems = { .pool = pool };
	bool good = fflush(r->copy) == 0 && !ferror(r->copy);
	struct strs plan;

	output_plan(pool, &r->plan, &plan);
	rewind(r->copy);
	ran_take(pool, r->options.output ? r->options.output : "this run", r->copy,
		 &r->output.run.record, &plan, ran, &problems);
	problems_print(&problems, stderr);
	return good && !problems.n;
}

int reports_write(struct results *r, struct pool *pool, int happened)
{
	const struct strs *reports = &r->options.reports;
	struct ran ran;
	bool good = true;

	if (!r->copy)
		return happened;
	if (r->output.run.record.ended && reports->n) {
		good = reports_take(r, pool, &ran);
		for (size_t i = 0; i < reports->n; i++)
			good &= write_report(pool, reports->v[i], r->baseline, &ran);
	}
	fclose(r->copy);
	r->copy = NULL;
	return good ? happened : results_ended_with(r, pool, HAPPENED_HARNESS);
}
