// SPDX-License-Identifier: GPL-2.0-only
/* Records that are read again, what has changed between two of them, and what is said of many. */
#define _GNU_SOURCE
#include <ftw.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "load/runtime.h"
#include "load/yaml.h"
#include "report/cell_text.h"
#include "report/change.h"
#include "report/digest.h"
#include "report/ran.h"
#include "report/records.h"
#include "report/report.h"
#include "report/story.h"
#include "tap.h"

static const struct value *parse(struct pool *pool, const char *text)
{
	struct problems problems = { .pool = pool };

	return yaml_parse(pool, "test", text, strlen(text), &problems);
}

#define OF(kind) { .verdict = VERDICT_##kind, .message = "m" }

static const struct {
	const char *about;
	struct record base, new;
	const char *attempts; /* of the base */
	enum change change;
	bool regression;
} changes[] = {
	{ "the same", OF(FAIL), OF(FAIL), NULL, CHANGE_NONE, false },
	{ "a pass that fails", OF(PASS), OF(FAIL), NULL, CHANGE_FAILING, true },
	{ "a flaky one that is listed now, and has given that before", { .verdict = VERDICT_PASS, .flaky = true }, { .verdict = VERDICT_KNOWN },
	  "[{verdict: known}]", CHANGE_FLAKY, false },
	{ "... of attempts that are no list", { .verdict = VERDICT_PASS, .flaky = true }, { .verdict = VERDICT_KNOWN }, "known", CHANGE_KNOWN, false },
	{ "... without a verdict", { .verdict = VERDICT_PASS, .flaky = true }, { .verdict = VERDICT_KNOWN }, "[{}]", CHANGE_KNOWN, false },
	{ "... and another one", { .verdict = VERDICT_PASS, .flaky = true }, { .verdict = VERDICT_KNOWN }, "[{verdict: skip}]", CHANGE_KNOWN, false },
};

static void check_changes(struct pool *pool)
{
	const struct record fails = OF(FAIL), broke = OF(BROKEN), xpass = OF(XPASS), passes = OF(PASS);

	for (size_t i = 0; i < sizeof(changes) / sizeof(*changes); i++) {
		struct record base = changes[i].base;

		base.attempts = changes[i].attempts ? parse(pool, changes[i].attempts) : NULL;
		enum change change = change_of(&base, &changes[i].new);

		ok(change == changes[i].change && change_is_regression(change, &base, &changes[i].new, NULL) == changes[i].regression,
		   "%s: %s", changes[i].about, change < CHANGES ? change_kinds[change].name : "none");
	}
	ok(change_of(NULL, NULL) == CHANGE_NONE && change_of(&passes, NULL) == CHANGE_GONE && change_of(NULL, &passes) == CHANGE_NEW &&
	   change_of(NULL, &fails) != CHANGE_NEW && change_of(NULL, &broke) != CHANGE_NEW && change_of(NULL, &xpass) == CHANGE_XPASS,
	   "what only one run has");
}

static void check_digest(struct pool *pool)
{
	static const char *issues[] = { "seen", "missed", "missed-too", "missed" };
	struct digest d;
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	digest_begin(&d, pool);
	digest_add(&d, &(struct record){ .verdict = VERDICT_KNOWN, .issue = "seen", .cell = "a" }, false);
	for (int i = 0; i < 3; i++)
		digest_add(&d, &(struct record){ .verdict = VERDICT_SKIP, .reason = "lacks d", .cell = "b" }, false);
	digest_add(&d, &(struct record){ .verdict = VERDICT_SKIP, .reason = "lacks b", .cell = "b" }, false);
	digest_add(&d, &(struct record){ .verdict = VERDICT_SKIP, .reason = "lacks a", .cell = "c" }, false);
	digest_add(&d, &(struct record){ .verdict = VERDICT_SKIP, .reason = "lacks c", .cell = "d" }, false);
	digest_add(&d, &(struct record){ .verdict = VERDICT_SKIP, .reason = "lacks c", .cell = "e" }, false);
	digest_add(&d, &(struct record){ .verdict = VERDICT_XPASS, .issue = "mended", .cell = "f" }, false);
	digest_add(&d, &(struct record){ .verdict = VERDICT_FAIL, .message = "no", .cell = "g", .again = "again g" }, true);
	digest_missed(&d, &(struct strs){ issues, 4 });
	digest_print(&d, out, false);
	fclose(out);
	ok(!strcmp(text, "FAIL   g\n       no\n       again g\n"
		   "Known issues: 1 cell\n     1 seen\n"
		   "Passed, though listed as known issues: 1 cell\n     1 mended\n"
		   "Skipped: 7 cells\n     3 lacks d\n     2 lacks c\n     1 lacks a\n     1 lacks b\n"
		   "Known issues that were not seen: missed missed-too\n"), "a digest:\n%s", text);
	free(text);
	digest_begin(&d, pool);
	digest_missed(&d, &(struct strs){ issues, 0 });
	out = open_memstream(&text, &len);
	digest_print(&d, out, false);
	fclose(out);
	ok(!*text, "of nothing");
	free(text);
}

static char *dir;

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

static void put(struct pool *pool, const char *name, const char *text, size_t len)
{
	FILE *f = fopen(pool_printf(pool, "%s/%s", dir, name), "we");

	if (!f || fwrite(text, 1, len, f) != len || fclose(f))
		ok(false, "%s: cannot be written", name);
}

/* Files of DIR, or below its directory for parts of a run; the first without a name is the end. */
enum { FILES = 4 };
struct file { const char *name, *text; };

static void put_all(struct pool *pool, const struct file files[FILES])
{
	mkdir(pool_printf(pool, "%s/parts", dir), 0777);
	for (size_t i = 0; i < FILES && files[i].name; i++)
		put(pool, files[i].name, files[i].text, strlen(files[i].text));
}

static void empty(void)
{
	nftw(dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	mkdir(dir, 0777);
}

#define CELL(name, verdict) "{\"cell\": \"" name "\", \"verdict\": \"" verdict "\"}\n"
#define RUN(more) "{\"nsconform_results\": 1, \"plan_cells\": 1, \"state\": \"running\"" more "}\n"

/* What is read of a directory, or of a file of it. */
static const struct {
	const char *about, *read;
	struct file files[FILES];
	const char *cells, *problem; /* its beginning, or NULL */
} readings[] = {
	{ "cells", "", { { "cells.jsonl", CELL("a", "pass") CELL("b", "fail") } }, "a:pass b:fail ", NULL },
	{ "one that is cut short", "", { { "cells.jsonl", CELL("a", "pass") "{\"cell\": \"b\"" } }, "a:pass ", NULL },
	{ "what are no records", "", { { "cells.jsonl", CELL("a", "good") "{\"cell\": \"b\"}\n{\"verdict\": \"pass\"}\n" CELL("d", "skip") } }, "d:skip ",
	  "not a cell's record" },
	{ "attempts of a run that was killed", "",
	  { { "cells.jsonl", CELL("a", "pass") }, { "run.attempts", CELL("a", "fail") CELL("b", "fail") CELL("c", "pass") CELL("b", "broken") } },
	  "a:pass b:broken c:pass ", NULL },
	{ "... in parts", "", { { "cells.jsonl", CELL("a", "pass") CELL("d", "skip") }, { "parts/x.attempts", CELL("b", "fail") }, { "parts/y.attempts", CELL("d", "fail") } },
	  "a:pass d:skip b:fail ", NULL },
	{ "a file", "/f.jsonl", { { "f.jsonl", RUN("") CELL("a", "pass") } }, "a:pass ", NULL },
	{ "... that is empty", "/f.jsonl", { { "f.jsonl", "" } }, "", "is empty, and no results" },
	{ "... without a run", "/f.jsonl", { { "f.jsonl", CELL("a", "pass") } }, "", "expected the record of a run" },
	{ "... that is no YAML", "/f.jsonl", { { "f.jsonl", "{[\n" } }, "", "expected the record of a run" },
	{ "... that is compressed, and damaged", "/f.jsonl", { { "f.jsonl", "\x1f\x8b\x08\x01\x01\x01\x01\x01\x02\x03\x07\x07\x07\x07" } }, "", "cannot be read to its end" },
	{ "a directory without cells", "", { { "x", "" } }, "", "No such file or directory" },
	{ "a file that is not there", "/nothing", { { "x", "" } }, "", "No such file or directory" },
};

static void take(const struct record *record, void *context)
{
	strcat(context, record->cell);
	strcat(context, ":");
	strcat(context, verdict_name((enum verdict_kind)record->verdict));
	strcat(context, " ");
}

static void take_state(const struct run_record *run, const char *path, void *context)
{
	(void)path;
	strcat(context, run->state == RUN_UNKNOWN ? "unknown " : run->state == RUN_RUNNING ? "running " : "ended ");
}

static void check_readings(void)
{
	for (size_t i = 0; i < sizeof(readings) / sizeof(*readings); i++) {
		AUTO_POOL pool = { 0 };
		struct problems problems = { .pool = &pool };
		char cells[1000] = "";

		put_all(&pool, readings[i].files);
		records_read(pool_printf(&pool, "%s%s", dir, readings[i].read), take, cells, &problems);
		ok(!strcmp(cells, readings[i].cells) && (readings[i].problem ? problems.n && strstr(problems.v[0].text, readings[i].problem) : !problems.n),
		   "%s: %s(%s)", readings[i].about, cells, problems.n ? problems.v[0].text : "no problem");
		empty();
	}
}

/* Names without a slash: of a directory that is here, or of a baseline that is not there. */
static void check_names(struct pool *pool)
{
	struct problems here = { .pool = pool }, none = { .pool = pool };
	char cells[100] = "";

	records_read("tests", take, cells, &here);
	records_read("no-such-results", take, cells, &none);
	ok(here.n == 1 && !strcmp(here.v[0].text, "No such file or directory") && none.n == 1 && strstr(none.v[0].text, "no baseline of that name") &&
	   !*cells, "names without a slash: %s", none.n ? none.v[0].text : "?");
}

/* What is known of runs. */
static const struct {
	const char *about, *read;
	struct file files[FILES];
	const char *states, *problem;
} runs[] = {
	{ "a run", "", { { "run.json", RUN("") } }, "running ", NULL },
	{ "that was killed when it had just begun", "", { { "run.json", "" } }, "running ", NULL },
	{ "of another version", "", { { "run.json", "{\"nsconform_results\": 99}\n" } }, "", "the results are of version 99" },
	{ "without a version", "", { { "run.json", "{}\n" } }, "", "not a run's record" },
	{ "that is none", "", { { "run.json", "{[\n" } }, "", "not a run's record" },
	{ "parts", "", { { "parts/b.json", RUN("") }, { "parts/a.json", "" }, { "parts/a.plan", "x\n" }, { "parts/b", "x\n" } }, "running running ", NULL },
	{ "of before there was a record", "", { { "environment.json", "{}\n" } }, "unknown ", NULL },
	{ "nothing at all", "", { { "x", "" } }, "", NULL },
	{ "of a file", "/f.jsonl", { { "f.jsonl", RUN("") CELL("a", "pass") } }, "running ", NULL },
	{ "of one that has none", "/f.jsonl", { { "f.jsonl", CELL("a", "pass") } }, "", NULL },
	{ "of an empty one", "/f.jsonl", { { "f.jsonl", "" } }, "", NULL },
};

static void check_runs(void)
{
	for (size_t i = 0; i < sizeof(runs) / sizeof(*runs); i++) {
		AUTO_POOL pool = { 0 };
		struct problems problems = { .pool = &pool };
		char states[100] = "";

		put_all(&pool, runs[i].files);
		runs_read(pool_printf(&pool, "%s%s", dir, runs[i].read), take_state, states, &problems);
		ok(!strcmp(states, runs[i].states) && (runs[i].problem ? problems.n && strstr(problems.v[0].text, runs[i].problem) : !problems.n),
		   "%s: %s(%s)", runs[i].about, states, problems.n ? problems.v[0].text : "no problem");
		empty();
	}
}

static void check_ran(void)
{
	struct run_record records[] = {
		{ .state = RUN_COMPLETE, .plan_cells = 2 }, { .state = RUN_COMPLETE, .plan_cells = 3 }, { .state = RUN_COMPLETE, .plan_cells = -1 },
		{ .state = RUN_INTERRUPTED, .plan_cells = 1 }, { .state = RUN_UNKNOWN, .plan_cells = -1 },
	};

	ok(!ran_unended(&(struct ran){ .runs = records, .n_runs = 2, .n = 5 }), "all cells of two runs are there");
	ok(ran_unended(&(struct ran){ .runs = records, .n_runs = 2, .n = 4 }), "one is missing");
	ok(!ran_unended(&(struct ran){ .runs = records, .n_runs = 3, .n = 4 }), "nobody knows how many there were");
	ok(!ran_unended(&(struct ran){ .runs = records + 2, .n_runs = 1, .n = 4 }) && !ran_unended(&(struct ran){ .n = 4 }), "... at all");
	struct run_record mixed[] = { records[2], records[0] };

	ok(!ran_unended(&(struct ran){ .runs = mixed, .n_runs = 2, .n = 2 }), "... nor of the first");
	ok(ran_unended(&(struct ran){ .runs = records, .n_runs = 4, .n = 6 }), "one was interrupted");
	ok(ran_unrecorded(&(struct ran){ .runs = records + 4, .n_runs = 1 }) && !ran_unrecorded(&(struct ran){ .runs = records, .n_runs = 5 }),
	   "a run of before there were records");
}

/* How to carry a cell out again, where nobody has said how its run began. */
static void check_again(struct pool *pool)
{
	struct suite suite = { .file = "a file.yaml", .source = "x" };
	struct scenario scenario = { .suite = &suite };
	struct runtime crun = { .file = "crun.yaml" };
	struct cell cell = { .scenario = &scenario };
	const char *again = cell_again(pool, &cell, "a.b");

	ok(strstr(again, "run a.b") && !strstr(again, "--"), "%s", again);
	cell.runtime = &crun;
	cell.inside = suite.own = true;
	again = cell_again(pool, &cell, "a.b");
	ok(strstr(again, "--runtime crun.yaml --inside --suites 'a file.yaml' a.b"), "%s", again);
	suite.source = NULL;
	again = cell_again(pool, &cell, "vm.boot");
	ok(strstr(again, "--runtime crun.yaml --inside") && !strstr(again, "vm.boot"), "%s", again);
	cell.again = "nsconform vm";
	ok(!strcmp(cell_again(pool, &cell, "vm.boot"), "nsconform vm"), "as it began");
	suite.again = "x y";
	again = cell_again(pool, &cell, "vm.boot");
	ok(strstr(again, " x y"), "%s", again);
}

/* Steps in words. */
static void check_story(struct pool *pool)
{
	static const char *ops[] = { "ns.open", "fd.hold" };
	struct actor actors[] = { { .name = "a" }, { .name = "b" } };
	const struct scenario s = { .actors = actors, .n_actors = 2 };
	const struct twin none = { .by = -1 }, twin = {
		.by = 1, .with = parse(pool, "{name: x}"), .actors = parse(pool, "{a: {drop: [KILL]}}"), .expect = parse(pool, "{name: y}"),
		.without = { ops, 2 },
	};
	const struct step start = { .kind = STEP_START, .actor = 1 }, finish = { .kind = STEP_FINISH, .finishes = "nap", .twin = &none },
		step = { .kind = STEP_START, .save = "s", .background = "nap", .trial = true, .expect = parse(pool, "{name: x}"),
			 .isolates = NS_BIT(0) | NS_BIT(1), .shared = parse(pool, "{errno: EPERM}"), .twin = &twin },
		alone = { .kind = STEP_START, .expect = parse(pool, "ok"), .isolates = NS_BIT(0) };

	ok(!strcmp(story_namespaces(pool, 0), "none") && strstr(story_namespaces(pool, NS_BIT(0) | NS_BIT(1)), ", "), "kinds");
	ok(!strcmp(story_does(pool, &s, &start), "start b") && !strcmp(story_does(pool, &s, &finish), "finish nap") &&
	   !strcmp(story_does(pool, &s, &step), "start a (in a throw-away child) (in the background as nap) -> $s"), "%s",
	   story_does(pool, &s, &step));
	ok(!story_must(pool, &start) && strstr(story_must(pool, &step), "of its own, and see {errno: \"EPERM\"}") &&
	   !strstr(story_must(pool, &alone), "and see"), "%s", story_must(pool, &step));
	ok(!story_twin(pool, &s, &start) && !strcmp(story_twin(pool, &s, &finish), "twin: must succeed") &&
	   !strcmp(story_twin(pool, &s, &step), "twin: must see {name: \"y\"} with {name: \"x\"} with {a: {drop: [\"KILL\"]}} "
		   "with b doing it without ns.open, fd.hold"), "%s", story_twin(pool, &s, &step));
}

static void check_totals(struct pool *pool)
{
	struct totals t = { 0 };

	totals_add_again(&t, NULL, VERDICT_PASS);
	totals_add_again(&t, "late", VERDICT_PASS);
	totals_add_again(&t, "late", VERDICT_XPASS);
	totals_add_again(&t, "late", VERDICT_FAIL);
	ok(t.tried_again == 3 && t.passed_again == 2, "what was tried again");
	ok(!*report_one_line(pool, NULL) && !strcmp(report_one_line(pool, "a\nb"), "a\\nb"), "one line");
}

int main(void)
{
	AUTO_POOL pool = { 0 };
	const char *tmp = getenv("TMPDIR");

	dir = pool_printf(&pool, "%s/nsconform-records.XXXXXX", tmp ? tmp : "/tmp");
	if (!mkdtemp(dir))
		return 1;
	check_changes(&pool);
	check_digest(&pool);
	check_readings();
	check_names(&pool);
	check_runs();
	check_ran();
	check_again(&pool);
	check_totals(&pool);
	check_story(&pool);
	nftw(dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	return done();
}
