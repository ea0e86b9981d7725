// SPDX-License-Identifier: GPL-2.0-only
/* Matchers, times, references, releases: tables of what holds and what does not. */
#include "load/match.h"
#include "load/problems.h"
#include "load/refs.h"
#include "load/release.h"
#include "load/suite.h"
#include "load/yaml.h"
#include "tap.h"

static const struct field integer = { .name = "f", .type = FIELD_INT };
static const struct field text = { .name = "f", .type = FIELD_STR };
static const struct field moment = { .name = "f", .type = FIELD_TIME };
static const struct field list = { .name = "f", .type = FIELD_STRS };
static const struct field error = { .name = "f", .type = FIELD_ERRNO };

static const struct {
	const struct field *field;
	const char *seen, *want;
	bool holds;
} cases[] = {
	{ &integer, "5", "5", true },
	{ &integer, "5", "6", false },
	{ &integer, "5", "{not: 6}", true },
	{ &integer, "5", "{not: 5}", false },
	{ &integer, "5", "{gt: 4, lt: 6}", true },
	{ &integer, "5", "{gt: 4, lt: 5}", false },
	{ &integer, "5", "{ge: [2, 3]}", true },
	{ &integer, "5", "{ge: [2, 4]}", false },
	{ &integer, "5", "{le: 5}", true },
	{ &integer, "5", "{near: 7, within: 2}", true },
	{ &integer, "5", "{near: 8, within: 2}", false },
	{ &integer, "5", "{one_of: [4, 5]}", true },
	{ &integer, "5", "{one_of: [4, 6]}", false },
	{ &moment, "2000000000", "2s", true },
	{ &moment, "2000000000", "{gt: 1999ms}", true },
	{ &moment, "-1000000000", "-1s", true },
	{ &text, "\"5\"", "5", true },
	{ &text, "abc", "{contains: b}", true },
	{ &text, "abc", "{contains: d}", false },
	{ &text, "abc", "{lacks: d}", true },
	{ &text, "abc", "{lacks: b}", false },
	{ &text, "abc", "{matches: '^a.c$'}", true },
	{ &text, "abc", "{matches: '^b'}", false },
	{ &text, "abc", "{length: 3}", true },
	{ &text, "null", "{present: false}", true },
	{ &text, "null", "{present: true}", false },
	{ &text, "null", "{not: x}", false },
	{ &text, "null", "{lacks: x}", false },
	{ &text, "null", "{matches: '.*'}", false },
	{ &list, "[a, b]", "[a, b]", true },
	{ &list, "[a, b]", "[b, a]", false },
	{ &list, "[a, b]", "{contains: a}", true },
	{ &list, "[a, b]", "{contains: [a, b]}", true },
	{ &list, "[a, b]", "{contains: [a, c]}", false },
	{ &list, "[a, b]", "{lacks: c}", true },
	{ &list, "[a, b]", "{lacks: [c, a]}", false },
	{ &list, "[a, b]", "{length: 2}", true },
	{ &list, "[]", "{length: 0}", true },
	{ &error, "EPERM", "EPERM", true },
	{ &error, "EPERM", "{one_of: [EACCES, EPERM]}", true },
	{ &error, "0", "EPERM", false },
	{ &error, "0", "0", true },
};

static struct value *parse(struct pool *pool, const char *yaml)
{
	struct problems problems = { .pool = pool };

	return yaml_parse(pool, "test", yaml, strlen(yaml), &problems);
}

static void check_matchers(struct pool *pool)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct value *seen = parse(pool, cases[i].seen), *want = parse(pool, cases[i].want);
		struct mark at;
		const char *wrong = match_check(pool, cases[i].field, want, &at);

		ok(!wrong && match(pool, cases[i].field, seen, want) == cases[i].holds, "%s is%s %s%s%s",
		   cases[i].seen, cases[i].holds ? "" : " not", cases[i].want, wrong ? ": " : "", wrong ? wrong : "");
	}
}

/* The value that a reference stood for may be of any type. */
static void check_odd_arguments(struct pool *pool)
{
	static const char *const wants[] = {
		"{one_of: x}", "{present: x}", "{length: x}", "{lt: {}}", "{near: x, within: y}",
		"{matches: [x]}", "{contains: {}}", "{lacks: {}}", "{lacks: []}",
	};

	for (size_t i = 0; i < sizeof(wants) / sizeof(*wants); i++)
		ok(!match(pool, &text, parse(pool, "text"), parse(pool, wants[i])),
		   "%s is not met", wants[i]);
}

/* What is met by everything is refused, and so is a reference where no result can be of use. */
static void check_refused(struct pool *pool)
{
	static const char *const wants[] = {
		"{contains: ''}", "{contains: []}", "{lacks: ''}", "{lacks: []}", "{matches: ''}",
		"{one_of: $a.b}", "{present: $a.b}", "{one_of: []}",
	};
	struct mark at;

	for (size_t i = 0; i < sizeof(wants) / sizeof(*wants); i++)
		ok(match_check(pool, &text, parse(pool, wants[i]), &at) != NULL, "%s is refused",
		   wants[i]);
}

static void check_times(void)
{
	int64_t ns;

	ok(time_parse("250ms", &ns) && ns == 250000000, "250ms");
	ok(time_parse("-5s", &ns) && ns == -5000000000, "-5s");
	ok(time_parse("2h", &ns) && ns == 7200000000000, "2h");
	ok(!time_parse("5", &ns) && !time_parse("s", &ns) && !time_parse("5 s", &ns), "what is no time");
	ok(!time_parse("9223372036854775807h", &ns), "no overflow");
	ok(release_parse("6.12.117-cloud") == RELEASE(6, 12, 117) &&
	   release_parse("7.0-rc3") == RELEASE(7, 0, 0) && !release_parse("x") &&
	   release_parse("4.9.337") > release_parse("4.9.99"), "releases");
}

static const struct value *lookup(struct pool *pool, const struct ref *ref, void *context)
{
	(void)context;
	return !strcmp(ref->name, "a") ? value_int(pool, 7) : NULL;
}

static void check_refs(struct pool *pool)
{
	const struct value *v = parse(pool, "[$a.x, 'pid ${a.x}/${b.y}', $$a, $b.y, a$c, $5]");

	v = refs_unescape(pool, refs_replace(pool, v, lookup, NULL));
	ok(v->list.items[0]->type == VALUE_INT && v->list.items[0]->i == 7, "a whole scalar keeps its type");
	ok(value_is(v->list.items[1], "pid 7/${b.y}"), "inside text, what is known");
	ok(value_is(v->list.items[2], "$a"), "$$ is a dollar sign");
	ok(value_is(v->list.items[3], "$b.y") && value_is(v->list.items[4], "a$c") && value_is(v->list.items[5], "$5"),
	   "the rest stays");
	ok(value_equal(refs_unescape(pool, refs_escape(pool, parse(pool, "{k: ['a$$b', '$x.y', '$', plain]}"))),
		       parse(pool, "{k: ['a$$b', '$x.y', '$', plain]}")), "what is escaped comes back");
	v = parse(pool, "\"a\\0$$b\"");
	ok(refs_unescape(pool, v)->str.len == 4, "also behind a NUL");
	ok(refs_any(parse(pool, "{x: [$a.b]}")) && !refs_any(parse(pool, "{x: [a$b, $$a]}")), "refs_any");
}

int main(void)
{
	AUTO_POOL pool = { 0 };

	check_matchers(&pool);
	check_odd_arguments(&pool);
	check_refused(&pool);
	check_times();
	check_refs(&pool);
	return done();
}
