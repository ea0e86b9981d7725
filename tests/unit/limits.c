// SPDX-License-Identifier: GPL-2.0-only
/* Bounds of what is loaded: as many as may be are, and one more is a problem. */
#define _GNU_SOURCE
#include <sys/mman.h>
#include <unistd.h>

#include "load/suite.h"
#include "load/yaml.h"
#include "nsc/sys.h"
#include "nsc/text.h"
#include "tap.h"

static const char *any_need(struct pool *pool, const char *need)
{
	return NULL;
}

static void any_scenario(struct loader *l, struct scenario *s)
{
}

static const struct suite_checks checks = { .need = any_need, .scenario = any_scenario };

#define SUITE "suite: x/y\nabout: x\nscenarios:\n"
#define SCENARIO(id, keys) "- {id: " id ", about: x, clauses: uts.names.hostname-isolated, " keys
#define STEPS "steps: [start: a]}\n"

/* A text in which there are so many of ONE, each with its number. */
static const struct bound {
	const char *before, *one, *after;
	int most;
	const char *problem;
	const char *at_most; /* the problem when there are as many as may be, or NULL */
} bounds[] = {
	{ SUITE, SCENARIO("s%d", "actors: {a: {}}, " STEPS), "", SCENARIOS_MAX, "expected a list of 1 to 10000 scenarios", NULL },
	{ SUITE SCENARIO("s", "rows: ["), "{name: r%d}, ", "], actors: {a: {}}, " STEPS, ROWS_MAX,
	  "expected a list of 1 to 400 rows", NULL },
	{ SUITE SCENARIO("s", "rows: {n: ["), "%d, ", "]}, actors: {a: {}}, " STEPS, ROWS_MAX,
	  "expected a list of 1 to 400 rows", NULL },
	{ SUITE SCENARIO("s", "actors: {a: {}, "), "a%d: {}, ", "}, " STEPS, ACTORS_MAX - 1,
	  "expected a map of 1 to 48 actors", NULL },
	{ SUITE SCENARIO("s", "actors: {a: {}}, steps: ["), "{save: s%d, start: a}, ", "]}", STEPS_MAX,
	  "expected a list of 1 to 200 steps", NULL },
	{ SUITE SCENARIO("s", "actors: {a: {new: [net]}}, links: ["), "{veth: [a.v%d, a.w%1$d]}, ", "], " STEPS, 16,
	  "expected a list of 1 to 16 links", NULL },
	{ SUITE SCENARIO("s", "actors: {a: {new: [net]}}, links: [{bridge: [a.br0, "), "a.p%d, ", "]}], " STEPS, 15,
	  "expected a list of 2 to 16 ends", "no link gives a a device p1 that could be a port" },
	{ SUITE SCENARIO("s", "actors: {a: {new: [net]}}, links: [{veth: [\"a.v0"), " 10.0.0.%d/24", "\", a.w0]}], " STEPS, 8,
	  "more than 8 addresses", NULL },
	{ SUITE SCENARIO("s", "actors: {a: {}}, steps: [{start: a, save: abcdefgh"), "x", "}]}", 72,
	  "expected a name of lower-case letters, digits, hyphens and underscores", NULL },
	{ "{", "k%d: ~, ", "}", YAML_KEYS_MAX, "more than 1000 keys in one map", "is no suite: it has neither suite nor scenarios" },
	{ "", "[", "", YAML_DEPTH_MAX + 1, "nested too deeply", "not YAML: did not find expected node content while parsing a flow node" },
};

static void test_bound(const struct bound *b, int n, const char *problem)
{
	AUTO_POOL pool = { 0 };
	struct problems problems = { .pool = &pool };
	struct catalogue catalogue = { .pool = &pool, .dir = "suites/clauses", .problems = &problems };
	struct text text = { .pool = &pool };

	text_puts(&text, b->before);
	for (int i = 1; i <= n; i++)
		text_printf(&text, b->one, i);
	text_puts(&text, b->after);
	const struct suite *suite = suite_read_text(&pool, "x.yaml", text.s, strlen(text.s), &checks, &catalogue, &problems);
	const char *said = problems.n ? problems.v[0].text : "no problem";

	ok(problem ? !suite && !strcmp(said, problem) : suite && !problems.n, "%d of %.*s: %s", n, (int)strcspn(b->one, "\n"), b->one, said);
	catalogue_free(&catalogue);
}

/* A list of N numbers, which is a value itself. */
static void test_values(size_t n, const char *problem)
{
	AUTO_POOL pool = { 0 };
	struct problems problems = { .pool = &pool };
	char *text = pool_alloc(&pool, 2 * n + 2);

	memset(text, '[', 1);
	for (size_t i = 0; i < n; i++)
		memcpy(text + 1 + 2 * i, "0,", 2);
	text[2 * n + 1] = ']';
	const struct value *list = yaml_parse(&pool, "x.yaml", text, 2 * n + 2, &problems);

	ok(problem ? !list && problems.n && !strcmp(problems.v[0].text, problem) : list && list->list.n == n && !problems.n,
	   "%zu values in a list: %s", n, problems.n ? problems.v[0].text : "no problem");
}

/* A file of so many NULs. */
static void test_bytes(off_t size, const char *problem)
{
	AUTO_POOL pool = { 0 };
	struct problems problems = { .pool = &pool };
	int fd = memfd_create("bytes", MFD_CLOEXEC);
	const char *source = NULL;

	if (!ok(fd >= 0 && ftruncate(fd, size) == 0, "a file of %lld bytes", (long long)size))
		return;
	const struct value *v = yaml_load(&pool, pool_printf(&pool, "/proc/self/fd/%d", fd), &problems, &source);

	ok(!v && problems.n == 1 && strstr(problems.v[0].text, problem), "... %s", problems.n ? problems.v[0].text : "no problem");
	close(fd);
}

int main(void)
{
	for (size_t i = 0; i < sizeof(bounds) / sizeof(*bounds); i++) {
		test_bound(&bounds[i], bounds[i].most, bounds[i].at_most);
		test_bound(&bounds[i], bounds[i].most + 1, bounds[i].problem);
	}
	test_values(YAML_NODES_MAX - 1, NULL);
	test_values(YAML_NODES_MAX, "too many values in one file");
	test_bytes(YAML_BYTES_MAX, "not YAML: ");
	test_bytes(YAML_BYTES_MAX + 1, "is larger than 16777216 bytes");
	return done();
}
