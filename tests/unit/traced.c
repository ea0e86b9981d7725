// SPDX-License-Identifier: GPL-2.0-only
/* The header of a saved trace: what is refused, and what is taken from it. */
#include <stdlib.h>

#include "load/release.h"
#include "load/runtime.h"
#include "load/yaml.h"
#include "report/traced.h"
#include "tap.h"

#define SUITE "\"suite: tests/traced\\nabout: A.\\nscenarios:\\n" \
	"  - id: one\\n    about: A.\\n    clauses: [uts.names.hostname-isolated]\\n    rows: {x: [c, b, a]}\\n" \
	"    actors: {a: {new: [uts]}}\\n    steps:\\n      - a: uts.gethostname\\n        expect: {name: $row.x}\\n\""
#define HEADER(first) "{" first ", file: test.yaml, source: " SUITE "}"
#define VERSION_2 "nsconform_trace: 2, release: '6.1.20'"
#define EXPECTED "expected the header of a trace of version 1 to 2: nsconform_trace, release, file, source"
#define NOT_ONE "the suite in this trace is not one of nsconform"

static const struct {
	const char *about, *header, *wrong;
	int release;
	bool marked, inside;
	const char *again, *runtime, *installed, *specification;
	bool filtered;
	uint32_t pairs_seed;
} headers[] = {
	{ "version 2", HEADER(VERSION_2), NULL, RELEASE(6, 1, 20), true, false, NULL, NULL, NULL, NULL, false, 0 },
	{ "version 1", HEADER("nsconform_trace: 1, release: 6012"), NULL, RELEASE(6, 12, 0), false, false, NULL, NULL, NULL, NULL, false, 0 },
	{ "version 1 of another release", HEADER("nsconform_trace: 1, release: 6000"), NULL, RELEASE(6, 0, 0), .marked = false },
	{ "under a filter", HEADER(VERSION_2 ", confinement: {seccomp: true}"), NULL, RELEASE(6, 1, 20), true, .filtered = true },
	{ "with pairs", HEADER(VERSION_2 ", pairs_seed: 4000000007"), NULL, RELEASE(6, 1, 20), true, .pairs_seed = 4000000007 },
	{ "with a seed that is no number", HEADER(VERSION_2 ", pairs_seed: x"), NULL, RELEASE(6, 1, 20), true, .pairs_seed = 0 },
	{ "version 1 with the release of version 2", HEADER("nsconform_trace: 1, release: '6.1'"), .wrong = EXPECTED },
	{ "version 2 with the release of version 1", HEADER("nsconform_trace: 2, release: 6012"), .wrong = EXPECTED },
	{ "version 1 without a release", HEADER("nsconform_trace: 1"), .wrong = EXPECTED },
	{ "version 2 without one", HEADER("nsconform_trace: 2"), .wrong = EXPECTED },
	{ "version 3", HEADER("nsconform_trace: 3, release: '6.1'"), .wrong = EXPECTED },
	{ "version 0", HEADER("nsconform_trace: 0, release: 6012"), .wrong = EXPECTED },
	{ "a text for a version", HEADER("nsconform_trace: x, release: '6.1'"), .wrong = EXPECTED },
	{ "no version", HEADER("release: '6.1'"), .wrong = EXPECTED },
	{ "no release that can be read", HEADER("nsconform_trace: 2, release: six"), .wrong = EXPECTED },
	{ "no source", "{" VERSION_2 ", file: test.yaml}", .wrong = EXPECTED },
	{ "a source that is no text", "{" VERSION_2 ", file: test.yaml, source: [1]}", .wrong = EXPECTED },
	{ "no file", "{" VERSION_2 ", source: " SUITE "}", .wrong = EXPECTED },
	{ "a file that is no text", "{" VERSION_2 ", file: 1, source: " SUITE "}", .wrong = EXPECTED },
	{ "another suite", "{" VERSION_2 ", file: test.yaml, source: \"suite: x\\nscenarios: 1\\n\"}", .wrong = NOT_ONE },
	{ "in a box", HEADER(VERSION_2 ", inside: true, again: 'nsconform run'"), NULL, RELEASE(6, 1, 20), true, true,
	  "nsconform run", NULL, NULL, NULL, false, 0 },
	{ "with a runtime by its name", HEADER(VERSION_2 ", runtime: crun, version: '1.2'"), NULL, RELEASE(6, 1, 20), true, false,
	  NULL, "crun", "1.2", NULL, false, 0 },
	{ "by a path that is there", HEADER(VERSION_2 ", runtime: fixtures/runtimes/runc.yaml"), NULL, RELEASE(6, 1, 20), true, false,
	  NULL, "runc", "?", NULL, false, 0 },
	{ "by a path whose name is another one", HEADER(VERSION_2 ", runtime: tests/golden/loaded/runtime.yaml, specification: '1.2.0'"), NULL,
	  RELEASE(6, 1, 20), true, false, NULL, "demo", "?", "1.2.0", false, 0 },
	{ "by one that was there", HEADER(VERSION_2 ", runtime: /was/there/crun.yaml, version: '2'"), NULL, RELEASE(6, 1, 20), true,
	  false, NULL, "crun", "2", NULL, false, 0 },
	{ "by one that nobody knows", HEADER(VERSION_2 ", runtime: nobodys"), .wrong = "is not there" },
};

static const struct {
	const char *line, *cell;
	size_t steps;
} lines[] = {
	{ "{cell: tests.traced.one.a, steps: [{status: none}]}", "tests.traced.one.a", 1 },
	{ "{cell: tests.traced.one.b, steps: [{status: none}]}", "tests.traced.one.b", 1 },
	{ "{cell: tests.traced.one.c, steps: [{status: done, errno: 0, out: {name: x}}]}", "tests.traced.one.c", 1 },
	{ "{cell: tests.traced.one.a, steps: [{line: 10, op: uts.gethostname, status: none}]}", "tests.traced.one.a", 1 },
	{ "{cell: tests.traced.one.a, steps: [{line: 9, op: uts.gethostname, status: none}]}", NULL, 0 },
	{ "{cell: tests.traced.one.a, steps: [{line: 11, status: none}]}", NULL, 0 },
	{ "{cell: tests.traced.one.a, steps: [{line: 10, op: uts.uname, status: none}]}", NULL, 0 },
	{ "{cell: tests.traced.one.d, steps: [{status: none}]}", NULL, 0 },
	{ "{cell: tests.traced.one, steps: [{status: none}]}", NULL, 0 },
	{ "{steps: [{status: none}]}", NULL, 0 },
	{ "{cell: 7, steps: [{status: none}]}", NULL, 0 },
	{ "{cell: tests.traced.one.a, steps: []}", NULL, 0 },
	{ "{cell: tests.traced.one.a}", NULL, 0 },
};

static const struct value *parse(struct pool *pool, const char *text)
{
	struct problems problems = { .pool = pool };

	return yaml_parse(pool, "test", text, strlen(text), &problems);
}

static bool same(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static void check_header(struct pool *pool, struct catalogue *catalogue, size_t i)
{
	struct problems problems = { .pool = pool };
	struct traced t = { .pool = pool, .catalogue = catalogue, .problems = &problems };
	bool begun = traced_begin(&t, parse(pool, headers[i].header), "trace.jsonl");

	if (headers[i].wrong) {
		const struct problem *last = problems.n ? &problems.v[problems.n - 1] : NULL;

		ok(!begun && last && strstr(last->text, headers[i].wrong), "%s: %s", headers[i].about,
		   last ? last->text : "nothing is wrong");
		ok(last && (strstr(last->text, "is not there") ||
			    (!strcmp(last->at.file, "trace.jsonl") && last->at.line == 1 && last->at.column == 1)), "... where");
		return;
	}
	ok(begun && !problems.n && t.release == headers[i].release && t.marked == headers[i].marked &&
	   t.plan.inside == headers[i].inside && same(t.plan.again, headers[i].again), "%s", headers[i].about);
	ok(same(t.plan.runtime ? t.plan.runtime->name : NULL, headers[i].runtime) &&
	   same(t.plan.runtime ? t.plan.runtime->installed : NULL, headers[i].installed) &&
	   same(t.plan.runtime ? t.plan.runtime->specification : NULL, headers[i].specification), "... its runtime");
	ok(t.confinement.filtered == headers[i].filtered, "... its filter");
	ok(t.plan.pairs_seed == headers[i].pairs_seed, "... its seed of pairs");
	for (size_t k = 1; k < t.plan.n; k++)
		ok(strcmp(t.names[k - 1].name, t.names[k].name) < 0, "... %s comes before %s", t.names[k - 1].name,
		   t.names[k].name);
}

static void check_lines(struct pool *pool, struct catalogue *catalogue)
{
	struct problems problems = { .pool = pool };
	struct traced t = { .pool = pool, .catalogue = catalogue, .problems = &problems };

	if (!ok(traced_begin(&t, parse(pool, HEADER(VERSION_2)), "trace.jsonl"), "a trace"))
		return;
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		struct traced_cell cell;
		bool read = traced_read(&t, pool, parse(pool, lines[i].line), &cell);

		ok(read == (lines[i].cell != NULL) && (!read || (!strcmp(cell.name, lines[i].cell) &&
			!strcmp(cell_name(pool, cell.script.cell), lines[i].cell) && cell.trace.n == lines[i].steps)),
		   "%s: %s", lines[i].line, read ? "read" : "refused");
	}
}

int main(void)
{
	AUTO_POOL pool = { 0 };
	struct problems problems = { .pool = &pool };
	struct catalogue catalogue = {
		.pool = &pool, .dir = "suites/clauses", .problems = &problems,
	};

	setenv("NSCONFORM_DATA", ".", 1);
	for (size_t i = 0; i < sizeof(headers) / sizeof(*headers); i++)
		check_header(&pool, &catalogue, i);
	check_lines(&pool, &catalogue);
	catalogue_free(&catalogue);
	return done();
}
