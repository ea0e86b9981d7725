// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a run prints and keeps, by its options and by how it ends, and what becomes of files that cannot be written.  A
 * golden file; the cells are those of tests/golden/loaded/cells.yaml and scripts/twins.yaml.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "compile/compile.h"
#include "golden.h"
#include "load/paths.h"
#include "load/release.h"
#include "load/runtime.h"
#include "load/yaml.h"
#include "nsc/text.h"
#include "plan/check.h"
#include "report/results.h"

/*
 * What came of the cells, one after another, again and again: s skipped, p passed, f failed, b broke; t passed when tried
 * again, w with a trace that is there already, -: it is not over, a: it goes on
 * with another attempt and passed, c: it showed that it cannot be judged.
 */
static const struct {
	const char *about, *cells;
	struct run_options options;
	size_t n;	/* of cells; 0: all */
	int rc;		/* of the run */
	bool here, unstarted, lost, cut, copy, box, several, inside, full, empty, odd, shard, filtered, seeded, plainless;
} runs[] = {
	{ "all kinds", "pfbs", { 0 }, .n = 12 },
	{ "in an order of its own", "pfbs", { .seed = 7, .quick = true }, .n = 12 },
	{ "with records", "pfbstw", { 0 }, .n = 12, .here = true, .several = true },
	{ "without traces", "pf", { .no_traces = true }, .n = 4, .here = true },
	{ "in a box", "pfb", { 0 }, .n = 6, .here = true, .box = true },
	{ "in a box of somebody else", "p", { .inside = true }, .n = 2, .here = true, .inside = true },
	{ "for whoever reads the end", "pf", { 0 }, .n = 4, .copy = true },
	{ "interrupted", "p", { 0 }, .n = 4, .rc = SIGINT },
	{ "the harness broke", "p", { 0 }, .n = 4, .rc = -1 },
	{ "cut short", "p", { 0 }, .n = 4, .cut = true, .here = true },
	{ "nothing can run", "f", { 0 }, .n = 1, .unstarted = true },
	{ "... that has failed otherwise", "b", { 0 }, .n = 1, .unstarted = true },
	{ "something was lost", "p", { 0 }, .n = 2, .lost = true },
	{ "... beside a failure", "f", { 0 }, .n = 2, .lost = true },
	{ "all skip", "s", { 0 }, .n = 3 },
	{ "... a part", "s", { .part = true }, .n = 3, .here = true },
	{ "... of a run of kselftest", "s", { .part = true, .exit = EXIT_PROFILE_KSELFTEST, .seed = 3 }, .n = 3 },
	{ "... and skips are failures", "s", { .part = true, .fail_on = { .v = { { .kind = VERDICT_SKIP } }, .n = 1 } }, .n = 3 },
	{ "a part with failures", "sf", { .part = true }, .n = 3, .here = true },
	{ "to the first failure", "pf", { .fail_fast = true }, .n = 6 },
	{ "promises", "pfbsp", { 0 }, .box = true },
	{ "... of cells whose controls fail", "pf", { 0 }, .box = true, .several = true },
	{ "... that was interrupted", "p-", { 0 }, .n = 4, .rc = SIGTERM, .box = true },
	{ "... of cells whose controls are not over", "p-", { 0 }, .n = 12, .rc = SIGTERM, .box = true },
	{ "... beside controls of cells that are not in the plan", "ppppppppppffffffff", { 0 }, .box = true, .several = true, .plainless = true },
	{ "steps in the background", "fb", { 0 }, .several = true },
	{ "the first is not over", "-f", { .fail_fast = true }, .n = 20 },
	{ "nobody reads", "p", { 0 }, .n = 4, .full = true },
	{ "... but records are kept", "p", { 0 }, .n = 4, .full = true, .here = true },
	{ "no cells", "p", { .part = true }, .empty = true },
	{ "... that is no part", "p", { 0 }, .empty = true },
	{ "... and nobody knows why", "p", { 0 }, .empty = true, .odd = true },
	{ "all skip, a part of a page", "s", { .part = true, .format = REPORT_KTAP }, .n = 3 },
	{ "attempts that nobody keeps", "a", { 0 }, .n = 2 },
	{ "in the format of kselftest", "fcp", { .format = REPORT_KSELFTEST }, .n = 4 },
	{ "unexpected passes that fail", "x", { .fail_on = { .v = { { .kind = VERDICT_XPASS } }, .n = 1 } }, .n = 2 },
	{ "under a filter", "p", { 0 }, .n = 2, .here = true, .filtered = true },
	{ "with a choice of pairs", "p", { 0 }, .n = 2, .here = true, .seeded = true },
	{ "of which little is known", "pf", { 0 }, .n = 4, .here = true, .odd = true },
	{ "... in a box", "pf", { 0 }, .n = 4, .here = true, .odd = true, .box = true },
	{ "a shard", "pf", { 0 }, .here = true, .shard = true },
	{ "... for whoever reads the end", "pf", { 0 }, .copy = true, .shard = true },
	{ "... a part", "pf", { .part = true }, .here = true, .shard = true },
	{ "known issues that fail", "k", { .fail_on = { .v = { { .kind = VERDICT_KNOWN } }, .n = 1 } }, .n = 2, .here = true },
	{ "unexpected passes", "x", { 0 }, .n = 2, .here = true },
};

/* What stands where a run writes, and how far it comes: 0 not to its first cell, 1 not to its end, 2 whole. */
static const struct {
	const char *path, *target; /* NULL: a directory */
	bool part;
	int comes;
} obstacles[] = {
	{ "cells.jsonl", NULL, false, 0 }, { "run.json", NULL, false, 0 }, { "run.plan", NULL, false, 0 }, { "run.json.new", NULL, false, 0 },
	{ "tap", "/dev/null", false, 0 }, { "traces", "/dev/null", false, 1 }, { "environment.json", "/nowhere/x", false, 2 },
	{ "tap/tests.lint.tap", NULL, false, 0 }, { "tap/tests.lint.tap", "/dev/full", false, 1 }, { "traces/tests.lint.jsonl", NULL, false, 1 },
	{ "traces/tests.lint.jsonl", "/dev/full", false, 1 }, { "run.attempts", NULL, false, 1 }, { "run.attempts", "/dev/full", false, 1 },
	{ "cells.jsonl", NULL, true, 0 }, { "parts", "/dev/null", true, 0 }, { "parts/tests.lint.json", NULL, true, 0 }, { "run.json", "/dev/null", true, 0 }, { "parts", NULL, true, 2 },
	{ "whole.plan", NULL, false, 0 }, { "whole.plan", "/dev/full", false, 0 },
	{ "run.plan", "/dev/full", false, 0 }, { "run.json.new", "/dev/full", false, 0 },
};

static struct text said;
static char *dir;
static int shown, full; /* what takes the place of stdout; what cannot be written */
static struct selection selection; /* of all runs */

static const struct value *parse(struct pool *pool, const char *text)
{
	struct problems problems = { .pool = pool };

	return yaml_parse(pool, "test", text, strlen(text), &problems);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

static void clear(void)
{
	nftw(dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	mkdir(dir, 0777);
}

/* But what takes how long, the steps below a failure, and what the catalogue says of its clause. */
static bool is_told(const char *line)
{
	static const char *const left_out[] = { "# step", "# rule", "# source", "# Time factor", NULL };

	for (size_t i = 0; left_out[i]; i++)
		if (!strncmp(line, left_out[i], strlen(left_out[i])))
			return false;
	return !strstr(line, "time=");
}

static void take_shown(struct pool *pool)
{
	off_t len = lseek(shown, 0, SEEK_CUR);
	char *text = pool_alloc(pool, (size_t)len + 1), *line;

	if (pread(shown, text, (size_t)len, 0) != len || ftruncate(shown, 0) < 0 || lseek(shown, 0, SEEK_SET) < 0)
		text_puts(&said, "?\n");
	while ((line = strsep(&text, "\n")))
		if (*line && *line != ' ' && is_told(line))
			text_printf(&said, "    %s\n", line);
}

/* What each file begins with, and how many lines it has. */
static int show_file(const char *path, const struct stat *st, int type, struct FTW *at)
{
	AUTO_POOL pool = { 0 };
	FILE *f = type == FTW_F ? fopen(path, "re") : NULL;
	char *line = NULL;
	size_t room = 0, lines = 0;

	(void)st;
	(void)at;
	if (!f)
		return 0;
	while (getline(&line, &room, f) > 0) {
		const struct value *v = lines++ || strstr(path, ".tap") || strstr(path, ".plan") ? NULL : parse(&pool, line);

		if (v && value_get(v, "nsconform_trace"))
			text_printf(&said, "    %s begins: %s, %s, %s, %s, %s\n", path + strlen(dir) + 1,
				    value_text(value_get(v, "release")), value_text(value_get(v, "again")) ? "again" : "-",
				    value_get(v, "inside") ? "inside" : "-", value_text(value_get(v, "version")) ? value_text(value_get(v, "version")) : "-",
				    value_text(value_get(v, "specification")) ? value_text(value_get(v, "specification")) : "-");
		if (v && value_get(v, "nsconform_results"))
			text_printf(&said, "    %s: %s\n", path + strlen(dir) + 1, value_text(value_get(v, "state")));
	}
	text_printf(&said, "    %s: %zu lines\n", path + strlen(dir) + 1, lines);
	fclose(f);
	free(line);
	return 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* nftw() takes them in the order of the directory. */
static void show_files(struct pool *pool)
{
	size_t before = said.used, n = 0;
	char *lines, *line, *v[64];

	nftw(dir, show_file, 8, FTW_PHYS);
	lines = pool_strdup(pool, said.s + before);
	said.used = before;
	said.s[before] = 0;
	while ((line = strsep(&lines, "\n")))
		if (*line && n < 64)
			v[n++] = line;
	qsort(v, n, sizeof(*v), by_name);
	for (size_t i = 0; i < n; i++)
		text_printf(&said, "%s\n", v[i]);
}

/* A trace of the cell, whatever its steps are: each was done and gave nothing, or none was. */
static void end_cell(struct pool *pool, struct results *r, size_t index, char letter)
{
	struct script script;
	struct trace trace;
	const char *steps = "";

	cell_compile(pool, &r->plan.cells[index], r->release, &script);
	for (size_t i = 0; i < script.n_steps; i++)
		steps = pool_printf(pool, "%s%s{status: %s, errno: 0, with: {command: [x]}}", steps, i ? ", " : "", letter == 'b' ? "none" : "done");
	if (!trace_read(pool, parse(pool, pool_printf(pool, "{cell: x, took_ns: 5, started_ns: 1000000000, %s%s steps: [%s]}",
						      letter == 'b' ? "broken: killed, " : "", letter == 't' ? "tried_again: late, " : "", steps)),
			&script, &trace)) {
		text_puts(&said, "  no trace\n");
		return;
	}
	struct verdict v = { .kind = VERDICT_PASS, .step = -1 };

	if (letter == 'k' || letter == 'x')
		v = (struct verdict){ .kind = letter == 'k' ? VERDICT_KNOWN : VERDICT_XPASS, .step = -1, .reason = "an-issue", .message = "m" };
	if (letter == 'c')
		v = (struct verdict){ .kind = VERDICT_SKIP, .step = -1, .reason = "cannot: x", .message = "m" };
	if (letter == 'a')
		results_so_far(r, index, &script, &trace, &v);
	if (strchr("ptwkxac", letter))
		results_verdict(r, index, pool, &script, &trace, &v, letter == 'w' ? "{}" : NULL);
	else
		results_done(r, index, pool, &script, &trace, NULL);
}

static void prepare(struct results *r, struct pool *pool, const struct run_options *options, size_t suites, size_t n)
{
	static char *argv[] = { "nsconform", "run", NULL };

	*r = (struct results){ .options = *options, .release = RELEASE(6, 18, 44), .selection = selection };
	r->plan.pool = pool;
	for (size_t i = 0; i < suites; i++)
		for (size_t k = 0; k < selection.suites[i]->n; k++)
			plan_add(&r->plan, &selection.suites[i]->scenarios[k], true);
	if (n)
		r->plan.n = n;
	results_typed(r, pool, 2, argv, "nsconform run");
}

static void carry_out(struct results *r, const char *letters)
{
	for (size_t i = 0; i < r->plan.n && !results_stopped(r); i++) {
		AUTO_POOL pool = { 0 };
		char letter = letters[i % strlen(letters)];

		if (letter == '-')
			continue;
		if (letter == 's')
			results_skip(r, i);
		else
			end_cell(&pool, r, i, letter);
	}
}

/* All plain cells but two of those that have controls: a name of these is as long as one of those that are left out. */
static void leave_out_plain(struct plan *plan)
{
	size_t kept = 0, plain = 0;

	for (size_t i = 0; i < plan->n; i++) {
		bool followed = i + 1 < plan->n && plan->cells[i + 1].kind != CELL_PLAIN;

		if (plan->cells[i].kind != CELL_PLAIN || (followed && plain++ < 2))
			plan->cells[kept++] = plan->cells[i];
	}
	plan->n = kept;
}

static void try_run(size_t i)
{
	AUTO_POOL pool = { 0 };
	struct problems problems = { .pool = &pool };
	struct results r;
	char *copied = NULL;
	size_t len;

	prepare(&r, &pool, &runs[i].options, runs[i].several ? 2 : 1, runs[i].several ? 0 : runs[i].n);
	if (runs[i].here)
		r.options.output = dir;
	if (runs[i].copy)
		r.copy = open_memstream(&copied, &len);
	r.plan.inside = runs[i].inside;
	static char *patterns[] = { "a/b" };
	static const struct confinement filter = { .filtered = true }, none = { 0 }, profile = { .profile = "strict" };

	if (runs[i].filtered)
		r.confinement = &filter;
	if (runs[i].odd) {
		r.plan.again = NULL;
		r.confinement = runs[i].box ? &profile : &none;
		r.selection.patterns = (void *)patterns;
		r.selection.n_patterns = 1;
	}
	if (runs[i].seeded)
		r.plan.pairs_seed = 7;
	if (runs[i].plainless)
		leave_out_plain(&r.plan);
	if (runs[i].shard)
		plan_shard(&r.plan, 1, 2);
	if (runs[i].box) {
		r.runtime = runtime_load(&pool, "crun", &problems);
		r.runtime->installed = runs[i].odd ? NULL : "1.14";
		r.runtime->specification = runs[i].odd ? NULL : "1.2.0";
		r.plan.runtime = r.runtime;
		for (size_t k = 0; k < r.plan.n; k++)
			r.plan.cells[k].runtime = r.runtime;
	}
	if (runs[i].empty) {
		r.plan.n = 0;
		r.plan.empty = runs[i].odd ? NULL : "none of them";
	}
	if (runs[i].full)
		dup2(full, STDOUT_FILENO);
	r.unstarted = runs[i].unstarted;
	r.lost = runs[i].lost;
	r.cut_short = runs[i].cut;
	for (size_t k = 0; k < r.plan.n; k++)
		if (runs[i].cells[k % strlen(runs[i].cells)] == 's') {
			r.plan.cells[k].skip = "lacks x";
			r.plan.cells[k].detail = "there is no x";
			r.plan.cells[k].remedy = "load x";
		}
	text_printf(&said, "%s\n", runs[i].about);
	if (!results_begin(&r, &pool, 16, "{}"))
		text_puts(&said, "  does not begin\n");
	else
		carry_out(&r, runs[i].cells);
	int happened = results_end(&r, runs[i].rc);

	if (r.copy)
		fclose(r.copy);
	fflush(stdout);
	if (runs[i].full) {
		clearerr(stdout);
		dup2(shown, STDOUT_FILENO);
	}
	take_shown(&pool);
	text_printf(&said, "  %s%s\n", happened >= HAPPENED_INTERRUPTED ? "interrupted" : exit_rows[happened].name, copied ? ", copied" : "");
	if (runs[i].here)
		show_files(&pool);
	free(copied);
	for (size_t k = 0; k < r.room; k++)
		free(r.window[k].text);
	clear();
}

static void put_obstacle(struct pool *pool, size_t i)
{
	const char *path = pool_printf(pool, "%s/%s", dir, obstacles[i].path);

	for (const char *slash = strchr(obstacles[i].path, '/'); slash; slash = NULL)
		mkdir(pool_printf(pool, "%s/%.*s", dir, (int)(slash - obstacles[i].path), obstacles[i].path), 0777);
	if (!obstacles[i].target)
		mkdir(path, 0777);
	else if (symlink(obstacles[i].target, path) < 0)
		text_puts(&said, "  no obstacle\n");
}

static void try_obstacle(size_t i)
{
	AUTO_POOL pool = { 0 };
	struct results r;
	const struct run_options options = { .output = dir, .part = obstacles[i].part };

	prepare(&r, &pool, &options, 1, 2);
	r.selection.n_suites = 1;
	/* A shard, of one, also has a file with the whole plan. */
	plan_shard(&r.plan, 1, 1);
	put_obstacle(&pool, i);
	bool begun = results_begin(&r, &pool, 8, "{}");
	int happened = HAPPENED_HARNESS;

	if (begun) {
		struct script script;
		struct trace trace;
		struct verdict v = { .kind = VERDICT_PASS, .step = -1 };

		cell_compile(&pool, &r.plan.cells[0], r.release, &script);
		trace = (struct trace){ .outcomes = pool_array(&pool, struct outcome, script.n_steps), .n = script.n_steps };
		results_so_far(&r, 0, &script, &trace, &v);
		carry_out(&r, "p");
		happened = results_end(&r, 0);
	}
	fflush(stdout);
	take_shown(&pool);
	int comes = !begun ? 0 : happened == HAPPENED_HARNESS ? 1 : 2;

	text_printf(&said, "%s where %s is to be%s: %s\n", obstacles[i].target ? obstacles[i].target : "a directory", obstacles[i].path,
		    obstacles[i].part ? " of a part" : "", comes == obstacles[i].comes ? "as it should" : pool_printf(&pool, "%d", comes));
	for (size_t k = 0; k < r.room; k++)
		free(r.window[k].text);
	clear();
}

int main(void)
{
	AUTO_POOL pool = { 0 };
	const char *tmp = getenv("TMPDIR");
	int out = dup(STDOUT_FILENO), err = dup(STDERR_FILENO), null = memfd_create("stderr", MFD_CLOEXEC);
	struct suite *suites[2];

	dir = pool_printf(&pool, "%s/nsconform-results.XXXXXX", tmp ? tmp : "/tmp");
	setenv("NSCONFORM_DATA", ".", 1);
	said = (struct text){ .pool = &pool };
	selection = (struct selection){ .pool = &pool, .problems.pool = &pool, .suites = suites, .n_suites = 2 };
	selection.catalogue = (struct catalogue){
		.pool = &pool, .dir = paths_data(&pool, "suites/clauses"), .problems = &selection.problems,
	};
	suites[0] = (struct suite *)suite_load(&pool, "tests/golden/loaded/cells.yaml", &selection.catalogue, &selection.problems, false);
	suites[1] = (struct suite *)suite_load(&pool, "tests/golden/scripts/twins.yaml", &selection.catalogue, &selection.problems, false);
	shown = memfd_create("stdout", MFD_CLOEXEC);
	full = open("/dev/full", O_WRONLY | O_CLOEXEC);
	if (out < 0 || err < 0 || null < 0 || shown < 0 || full < 0 || !mkdtemp(dir) || !suites[0] || !suites[1])
		return 1;
	dup2(shown, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
	for (size_t i = 0; i < sizeof(runs) / sizeof(*runs); i++)
		try_run(i);
	for (size_t i = 0; i < sizeof(obstacles) / sizeof(*obstacles); i++)
		try_obstacle(i);
	dup2(out, STDOUT_FILENO);
	dup2(err, STDERR_FILENO);
	close(out);
	close(err);
	rmdir(dir);
	golden("tests/golden/loaded/results.txt", said.s);
	catalogue_free(&selection.catalogue);
	return done();
}
