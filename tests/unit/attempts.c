// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which attempt of a cell counts: for each set of options, what attempts gave one after another, whether another one
 * is wanted, and what is printed and recorded in the end.  A golden file.
 */
#define _GNU_SOURCE
#include <ftw.h>
#include <sys/mman.h>
#include <unistd.h>

#include "compile/compile.h"
#include "golden.h"
#include "load/paths.h"
#include "load/yaml.h"
#include "load/release.h"
#include "nsc/text.h"
#include "plan/check.h"
#include "report/attempts.h"

#define SUITE "suite: tests/attempts\nabout: A.\nscenarios:\n  - id: cell\n    about: A.\n" \
	"    clauses: [uts.names.hostname-isolated]\n    rows: {text: [a, b]}\n    actors: {a: {}}\n    steps:\n" \
	"      - a: uts.gethostname\n        expect: {name: one}\n"
#define STEP(step) "steps: [{" step "}]"
#define SEEN(name) STEP("status: done, errno: 0, took_ns: 1, out: {name: " name "}")

/* What came of an attempt, by a letter. */
static const char *const traces[128] = {
	['p'] = SEEN("one"), ['f'] = SEEN("x"), ['g'] = SEEN("y"),
	['b'] = STEP("status: broken, why: gone"), ['n'] = "broken: killed, " STEP("status: none"),
	['l'] = STEP("status: lied, lie: {call: setns, claim: success, seen: the old one, clause: api.x}"),
	['d'] = "died: true, " SEEN("x"), ['k'] = "own_log: [a warning], " SEEN("one"), ['o'] = "log: [a line], " SEEN("one"),
	['e'] = "died: true, broken: killed, " STEP("status: none"), ['s'] = STEP("status: done, errno: 1"),
};

/*
 * Attempts of the first cell; after a blank those of the second.  !: from here on the run's time is over, ~: it will be;
 * D: the machine has died, U: it could not be had; s: refused, as by a filter; with #: what is recorded of them is
 * shown, too.
 */
static const struct {
	const char *attempts;
	struct run_options options;
} rows[] = {
	{ "p", { 0 } }, { "f", { 0 } }, { "p p", { 0 } },
	{ "p", { .retry = 2 } }, { "fp", { .retry = 2 } }, { "ffp", { .retry = 2 } }, { "fff", { .retry = 2 } }, { "fffp", { .retry = 3 } },
	{ "fgf", { .retry = 2 } }, { "bp", { .retry = 2 } }, { "bfb", { .retry = 2 } }, { "ff p", { .retry = 1 } }, { "fp fp", { .retry = 1 } },
	{ "fp", { .retry = 2, .flaky = FLAKY_FAIL } }, { "fp", { .retry = 2, .flaky = FLAKY_PASS } }, { "bgf", { .retry = 2, .flaky = FLAKY_FAIL } },
	{ "l", { .retry = 2 } }, { "d", { .retry = 2 } }, { "e", { .retry = 2 } }, { "k", { .retry = 2 } }, { "o", { .retry = 2 } }, { "fl", { .retry = 3 } },
	{ "fd", { .retry = 3 } }, { "bk", { .retry = 3 } }, { "n", { .retry = 1 } }, { "nn", { .retry = 1 } },
	{ "ppp", { .repeat = 3 } }, { "pfp", { .repeat = 3 } }, { "ffp", { .repeat = 3 } }, { "pff", { .repeat = 3 } }, { "pbf", { .repeat = 3 } },
	{ "pfp", { .repeat = 3, .flaky = FLAKY_PASS } }, { "ffp", { .repeat = 3, .flaky = FLAKY_PASS } }, { "p", { .repeat = 1 } },
	{ "pp", { .repeat = 2 } }, { "ffgg", { .repeat = 4 } }, { "fgfg", { .repeat = 4 } }, { "pl", { .repeat = 3 } }, { "pdp", { .repeat = 3 } },
	{ "pp pf", { .repeat = 2 } }, { "pppppppppppf", { .repeat = 12 } }, { "fgfgfgfgfgfg", { .repeat = 12 } },
	{ "pppf", { .until_fail = true } }, { "f", { .until_fail = true } }, { "pb", { .until_fail = true } }, { "ppk", { .until_fail = true } },
	{ "pp", { .until_fail = true, .repeat = 2 } }, { "ppp p", { .until_fail = true } },
	/* Cells that end before all that is wanted is there: concluded by what there is. */
	{ "f", { .retry = 2 } }, { "fg", { .retry = 3 } }, { "pp", { .repeat = 3 } }, { "pf", { .repeat = 9 } }, { "p f", { .repeat = 9 } },
	/* Cut by the end of the run's time. */
	{ "f!n", { .retry = 2 } }, { "f!g", { .retry = 2 } }, { "f~n", { .retry = 2 } }, { "!n", { .retry = 2 } }, { "fn", { .retry = 2 } },
	/* Machines that die. */
	{ "D", { .repeat = 2 } }, { "pD", { .repeat = 3 } }, { "fgD pD", { .repeat = 4 } }, { "pD", { .until_fail = true } }, { "D", { .until_fail = true } },
	{ "D", { .retry = 1 } }, { "fDp", { .retry = 3 } }, { "pU", { .until_fail = true } },
	/* What skips is not tried again. */
	{ "s", { .retry = 2 } }, { "ps", { .repeat = 4 } }, { "s", { .until_fail = true } },
	/* What is recorded meanwhile, when something else came than before, and in the end. */
	{ "#ppp", { .repeat = 4 } }, { "#ppff", { .repeat = 5 } }, { "#fgp", { .retry = 3 } }, { "#pfpf", { .repeat = 5, .flaky = FLAKY_PASS } },
	{ "#ppp pfp", { .repeat = 3 } }, { "#ffpD", { .repeat = 9 } }, { "#fffp", { .retry = 4 } }, { "#p", { .retry = 2 } },
	{ "#fgfgfgfgfgfgfgfgfgfg", { .repeat = 40 } },
};

static int shown; /* what takes the place of stdout */
static char *dir; /* what is recorded */

static const struct value *parse(struct pool *pool, const char *text)
{
	struct problems problems = { .pool = pool };

	return yaml_parse(pool, "test", text, strlen(text), &problems);
}

static bool read_attempt(struct pool *pool, const struct results *r, size_t cell, char letter, struct script *script,
			 int number, struct trace *trace)
{
	cell_compile(pool, &r->plan.cells[cell], r->release, script);
	return trace_read(pool, parse(pool, pool_printf(pool, "{cell: x, took_ns: %d, %s}", number, traces[(int)letter])), script, trace);
}

static void show_number(struct text *said, const char *what, const struct value *v)
{
	if (v)
		text_printf(said, "%s%lld", what, (long long)v->i);
}

/* Which one, how often, what came of it, the last word of why, and how long it took. */
static void show_attempt(struct text *said, const struct value *v)
{
	const char *message = value_text(value_get(v, "message"));

	show_number(said, " [", value_get(v, "attempt"));
	show_number(said, "*", value_get(v, "times"));
	text_printf(said, " %s%s", value_text(value_get(v, "verdict")), message ? strrchr(message, ' ') : "");
	show_number(said, " ", value_get(v, "took_ns"));
	text_puts(said, "]");
}

/* What FILE of the record has of cells. */
static void take_records(struct pool *pool, struct text *said, const char *file)
{
	FILE *f = fopen(pool_printf(pool, "%s/%s", dir, file), "re");
	char *line = NULL;
	size_t room = 0;

	text_printf(said, "  %s%s\n", file, f ? "" : " is not there");
	while (f && getline(&line, &room, f) > 0) {
		const struct value *v = parse(pool, line);
		const struct value *attempts = value_get(v, "attempts");

		text_printf(said, "    %s", value_text(value_get(v, "cell")));
		show_attempt(said, v);
		for (size_t i = 0; attempts && i < attempts->list.n; i++)
			show_attempt(said, attempts->list.items[i]);
		text_puts(said, "\n");
	}
	if (f)
		fclose(f);
	free(line);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

/* A machine that died when the cell was tried, or that there was none. */
static void die(struct pool *pool, struct attempts *a, size_t cell, const struct script *script, struct trace *trace, char letter)
{
	struct verdict v = { .kind = VERDICT_BROKEN, .step = -1, .message = "the machine died" };

	if (letter == 'U')
		v = (struct verdict){ .kind = VERDICT_SKIP, .step = -1, .reason = "cannot: no machine", .message = "there is none" };
	attempts_verdict(a, cell, pool, script, trace, &v);
}

static void carry_out(struct pool *pool, struct text *said, struct results *r, const char *letters)
{
	struct attempts a;
	size_t cell = 0;
	bool kept = *letters == '#';

	attempts_begin(&a, r);
	for (int number = 1; *letters; letters++, number++) {
		struct script script;
		struct trace trace;
		bool more = false;

		if (*letters == '#')
			continue;
		if (*letters == ' ') {
			cell++;
			continue;
		}
		if (strchr("!~", *letters)) {
			a.over_ns = *letters == '!' ? 1 : INT64_MAX;
			continue;
		}
		if (!read_attempt(pool, r, cell, strchr("DU", *letters) ? 'n' : *letters, &script, number, &trace)) {
			text_puts(said, "  no trace\n");
			continue;
		}
		if (strchr("DU", *letters))
			die(pool, &a, cell, &script, &trace, *letters);
		else
			more = attempts_done(&a, cell, pool, &script, &trace, NULL);

		text_printf(said, "  %c: %s%s%s%s\n", *letters, more ? "again" : "over", attempts_open(&a, cell) ? ", open" : "",
			    attempts_any_open(&a) ? ", some open" : "", a.failed ? ", failed" : "");
	}
	if (kept)
		take_records(pool, said, "run.attempts");
	attempts_end(&a);
	text_printf(said, "  in the end: %s\n", attempts_any_open(&a) ? "some open" : "none open");
}

/* But what takes how long, and what is told below a failure. */
static void take_shown(struct pool *pool, struct text *said)
{
	off_t len = lseek(shown, 0, SEEK_CUR);
	char *text = pool_alloc(pool, (size_t)len + 1), *line;

	if (pread(shown, text, (size_t)len, 0) != len || ftruncate(shown, 0) < 0 || lseek(shown, 0, SEEK_SET) < 0)
		text_puts(said, "?\n");
	while ((line = strsep(&text, "\n")))
		if (*line && *line != ' ' && !strstr(line, "time="))
			text_printf(said, "    %s\n", line);
}

static void try_row(struct pool *pool, struct text *said, size_t i)
{
	static char *argv[] = { "nsconform", "run", NULL };
	static const struct confinement filter = { .filtered = true };
	bool kept = *rows[i].attempts == '#';
	struct results *r = pool_new(pool, struct results);

	r->selection = (struct selection){ .pool = pool, .problems.pool = pool };
	r->selection.catalogue = (struct catalogue){
		.pool = pool, .dir = paths_data(pool, "suites/clauses"), .problems = &r->selection.problems,
	};
	const struct suite *suite = suite_parse(pool, "test.yaml", SUITE, strlen(SUITE), &r->selection.catalogue,
						&r->selection.problems);

	r->options = rows[i].options;
	if (kept)
		r->options.output = dir;
	if (strchr(rows[i].attempts, 's'))
		r->confinement = &filter;
	text_printf(said, "%s%s%s%s", rows[i].attempts, rows[i].options.until_fail ? " --until-fail" : "",
		    rows[i].options.flaky == FLAKY_PASS ? " --flaky pass" : rows[i].options.flaky == FLAKY_FAIL ? " --flaky fail" : "",
		    attempts_wanted(&r->options) ? "" : " once");
	text_printf(said, " --retry %d --repeat %d\n", rows[i].options.retry, rows[i].options.repeat);
	if (!suite) {
		text_puts(said, "  no suite\n");
		return;
	}
	r->plan.pool = pool;
	for (size_t k = 0; k < suite->n; k++)
		plan_add(&r->plan, &suite->scenarios[k], true);
	r->release = RELEASE(6, 18, 44);
	results_typed(r, pool, 2, argv, "nsconform run");
	if (results_begin(r, pool, 8, "{}"))
		carry_out(pool, said, r, rows[i].attempts);
	results_end(r, 0);
	fflush(stdout);
	take_shown(pool, said);
	results_free(r);
	if (!kept)
		return;
	take_records(pool, said, "cells.jsonl");
	take_records(pool, said, "run.attempts");
	nftw(dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

int main(void)
{
	AUTO_POOL pool = { 0 };
	struct text said = { .pool = &pool };
	const char *tmp = getenv("TMPDIR");
	int out = dup(STDOUT_FILENO);

	dir = pool_printf(&pool, "%s/nsconform-attempts.XXXXXX", tmp ? tmp : "/tmp");
	setenv("NSCONFORM_DATA", ".", 1);
	shown = memfd_create("stdout", MFD_CLOEXEC);
	if (out < 0 || shown < 0 || !mkdtemp(dir))
		return 1;
	dup2(shown, STDOUT_FILENO);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		try_row(&pool, &said, i);
	dup2(out, STDOUT_FILENO);
	close(out);
	rmdir(dir);
	golden("tests/golden/loaded/attempts.txt", said.s);
	return done();
}
