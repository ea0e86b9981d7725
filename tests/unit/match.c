// SPDX-License-Identifier: GPL-2.0-only
/* Matchers, times, references, releases: tables of what holds and what does not. */
#include "load/match.h"
#include "load/problems.h"
#include "load/refs.h"
#include "load/release.h"
#include "load/suite.h"
#include "load/yaml.h"
#include "golden.h"

static const struct field integer = { .name = "f", .type = FIELD_INT };
static const struct field text = { .name = "f", .type = FIELD_STR };
static const struct field moment = { .name = "f", .type = FIELD_TIME };
static const struct field list = { .name = "f", .type = FIELD_STRS };
static const struct field any = { .name = "f", .type = FIELD_ANY };
static const struct field numbers = { .name = "f", .type = FIELD_INTS };
static const struct field count = { .name = "f", .type = FIELD_INT, .counts = true };
static const struct field descriptor = { .name = "f", .type = FIELD_FD };
static const struct field descriptors = { .name = "f", .type = FIELD_FDS };
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
	{ &integer, "5", "{lt: 5}", false },
	{ &integer, "5", "{le: 4}", false },
	{ &integer, "5", "{gt: 5}", false },
	{ &integer, "5", "{ge: 6}", false },
	{ &integer, "5", "{near: 3, within: 2}", true },
	{ &integer, "5", "{near: 2, within: 2}", false },
	{ &integer, "5", "{near: 5, within: 0}", true },
	{ &integer, "5", "{near: 5, within: -1}", false },
	{ &integer, "9223372036854775807", "{near: -9223372036854775807, within: 9223372036854775807}", false },
	{ &integer, "-9223372036854775807", "{near: 1, within: 9223372036854775807}", false },
	{ &integer, "9223372036854775807", "{near: 9223372036854775806, within: 5}", true },
	{ &integer, "null", "{near: 0, within: 9}", false },
	{ &integer, "null", "{lt: 1}", false },
	{ &integer, "null", "{ge: 0}", false },
	{ &integer, "null", "{le: 1}", false },
	{ &integer, "null", "{gt: -1}", false },
	{ &numbers, "[2, 3]", "{gt: 4, lt: 6}", true },
	{ &numbers, "[2, 3]", "{ge: 6}", false },
	{ &numbers, "[]", "{lt: 6}", false },
	{ &numbers, "[1, 2]", "{contains: 2}", true },
	{ &numbers, "[1, 2]", "{contains: 3}", false },
	{ &any, "2s", "2s", true },
	{ &any, "[1, {a: b}]", "{is: [1, {a: b}]}", true },
	{ &any, "abc", "{contains: b}", true },
	{ &text, "null", "{is: ~}", true },
	{ &text, "x", "{is: ~}", false },
	{ &any, "5", "{length: 0}", false },
	{ &integer, "5", "{one_of: [5, 4]}", true },
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
	{ &text, "abc", "{length: 2}", false },
	{ &text, "null", "{length: 0}", false },
	{ &text, "abc", "{present: true}", true },
	{ &text, "abc", "{present: false}", false },
	{ &text, "abc", "{contains: a, lacks: b}", false },
	{ &text, "abc", "{lacks: a, contains: b}", false },
	{ &text, "a", "{matches: '^$'}", false },
	{ &text, "null", "{present: false}", true },
	{ &text, "null", "{present: true}", false },
	{ &text, "null", "{not: x}", false },
	{ &text, "null", "{lacks: x}", false },
	{ &text, "null", "{matches: 'u'}", false },
	{ &text, "abc", "{matches: '^.{0,3}$'}", true },
	{ &text, "abcd", "{matches: '^.{0,3}$'}", false },
	{ &text, "b", "{matches: '^$|a'}", false },
	{ &list, "[a, b]", "[a, b]", true },
	{ &list, "[a, b]", "[b, a]", false },
	{ &list, "[a, b]", "{contains: a}", true },
	{ &list, "[a, b]", "{contains: [a, b]}", true },
	{ &list, "[a, b]", "{contains: [a, c]}", false },
	{ &list, "[a, b]", "{contains: [c, a]}", false },
	{ &list, "[]", "{contains: a}", false },
	{ &list, "null", "{contains: a}", false },
	{ &list, "[a, b]", "{lacks: [a, c]}", false },
	{ &list, "[a, b]", "{lacks: [c, d]}", true },
	{ &list, "[a, b]", "{lacks: [c]}", true },
	{ &list, "null", "{lacks: [c]}", false },
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
	static const struct {
		const struct field *field;
		const char *seen, *want;
	} rows[] = {
		{ &text, "text", "{one_of: x}" }, { &text, "text", "{present: x}" }, { &text, "text", "{length: x}" },
		{ &text, "text", "{lt: {}}" }, { &text, "text", "{near: x, within: y}" }, { &text, "text", "{matches: [x]}" },
		{ &text, "text", "{matches: {}}" }, { &text, "text", "{matches: '('}" }, { &text, "text", "{contains: {}}" },
		{ &text, "text", "{contains: [t]}" }, { &text, "text", "{lacks: {}}" }, { &text, "text", "{lacks: []}" },
		{ &text, "text", "{nothing: x}" }, { &integer, "5", "{lt: {}}" }, { &integer, "5", "{le: {}}" },
		{ &integer, "5", "{gt: {}}" }, { &integer, "5", "{ge: {}}" }, { &integer, "5", "{near: x, within: 1}" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		ok(!match(pool, rows[i].field, parse(pool, rows[i].seen), parse(pool, rows[i].want)), "%s is not met by %s",
		   rows[i].want, rows[i].seen);
}

/* What is met by everything is refused, and so is a reference where no result can be of use. */
static void check_refused(struct pool *pool)
{
	static const char *const wants[] = {
		"{contains: ''}", "{contains: []}", "{lacks: ''}", "{lacks: []}", "{matches: ''}",
		"{one_of: $a.b}", "{present: $a.b}", "{one_of: []}",
		/* What is tried: each character alone, but those beyond ASCII, and all in a row. */
		"{matches: '^.?$|~}'}", "{matches: \"^[^\\x7f]*$\"}",
	};
	/* Where it stands, and the message. */
	static const struct {
		const struct field *field;
		const char *want;
		int column;
		const char *message;
	} told[] = {
		{ &integer, "x", 1, "expected an integer" },
		{ &integer, "{is: x}", 6, "expected an integer" },
		{ &integer, "{not: [1]}", 7, "expected an integer" },
		{ &integer, "{}", 1, "an empty map expects nothing" },
		{ &integer, "{near: 5}", 1, "near and within belong together" },
		{ &integer, "{within: 5}", 1, "near and within belong together" },
		{ &integer, "{gt: 1, off: 5}", 9, "no matcher off, there are is, not, lt, le, gt, ge, near, within, "
		  "contains, lacks, matches, one_of, length, present" },
		{ &integer, "{gt: soon}", 6, "expected a number, a time, or a list of them to add up" },
		{ &integer, "{gt: []}", 6, "expected a number, a time, or a list of them to add up" },
		{ &integer, "{gt: [9223372036854775807, 1]}", 6,
		  "expected a number, a time, or a list of them to add up" },
		{ &integer, "{gt: [1, x]}", 6, "expected a number, a time, or a list of them to add up" },
		{ &integer, "{near: 5, within: x}", 19, "expected a number, a time, or a list of them to add up" },
		{ &integer, "{contains: 5}", 12, "only lists and text contain something" },
		{ &moment, "{lacks: 5}", 9, "only lists and text contain something" },
		{ &text, "{matches: 5}", 11, "expected text" },
		{ &text, "{matches: '('}", 11, "not a regular expression: " UNMATCHED },
		{ &text, "{matches: ''}", 11, "expects nothing, as it is empty" },
		{ &text, "{matches: '.*'}", 11, "expects nothing, as any text matches it" },
		{ &text, "{matches: '[^a]*'}", 11, "expects nothing, as any text matches it" },
		{ &text, "{matches: '^'}", 11, "expects nothing, as any text matches it" },
		{ &count, "{ge: 0}", 6, "expects nothing, as every count is so" },
		{ &count, "{gt: -1}", 6, "expects nothing, as every count is so" },
		{ &list, "{lacks: []}", 9, "expects nothing, as it is empty" },
		{ &text, "{contains: ''}", 12, "expects nothing, as it is empty" },
		{ &text, "{present: 1}", 11, "expected true or false" },
		{ &text, "{one_of: a}", 10, "expected a list" },
		{ &text, "{one_of: $a.b}", 10, "expected a list" },
		{ &text, "{length: a}", 10, "expected a number, a time, or a list of them to add up" },
		/* What is right. */
		{ &list, "{contains: ''}", 12, NULL },
		{ &descriptors, "{contains: 5}", 12, NULL },
		{ &descriptor, "x", 1, NULL },
		{ &text, "{matches: '.'}", 11, NULL },
		{ &text, "{matches: '^[^a]*$'}", 11, NULL },
		{ &text, "{matches: '^.{0,9}$'}", 11, NULL },
		{ &text, "{matches: '^$|a'}", 11, NULL },
		{ &count, "{ge: 1}", 6, NULL },
		{ &count, "{gt: 0}", 6, NULL },
		{ &count, "{lt: 0}", 6, NULL },
		{ &count, "{ge: [0]}", 6, NULL },
		{ &integer, "{ge: 0}", 6, NULL },
		{ &integer, "~", 1, NULL },
		{ &integer, "$a.b", 1, NULL },
		{ &integer, "{not: $a.b}", 7, NULL },
		{ &text, "{matches: $a.b}", 11, NULL },
		{ &any, "{contains: 5}", 12, NULL },
	};
	struct mark at;

	for (size_t i = 0; i < sizeof(wants) / sizeof(*wants); i++)
		ok(match_check(pool, &text, parse(pool, wants[i]), &at) != NULL, "%s is refused",
		   wants[i]);
	for (size_t i = 0; i < sizeof(told) / sizeof(*told); i++) {
		const char *wrong = match_check(pool, told[i].field, parse(pool, told[i].want), &at);

		wrong = wrong ? golden_by_glibc(pool, wrong) : NULL;
		ok((wrong ? told[i].message && !strcmp(wrong, told[i].message) : !told[i].message) &&
		   at.line == 1 && at.column == told[i].column, "%s: %d: %s", told[i].want, at.column,
		   wrong ? wrong : "fine");
	}
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

struct looked {
	struct pool *pool;
	const char *text;
};

static void look(const struct ref *ref, void *context)
{
	struct looked *l = context;

	l->text = pool_printf(l->pool, "%s%s%s ", l->text, ref->wrong ? "-" : "",
			      ref->wrong ? ref->wrong : pool_printf(l->pool, "%s%s%s", ref->name, *ref->field ? "." : "-", ref->field));
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
	ok(refs_variant("row") && refs_variant("via") && refs_variant("as") && refs_variant("runtime") && !refs_variant("rows"), "of the variant");
	v = refs_replace(pool, parse(pool, "\"x\\0${a.x}\\0y\""), lookup, NULL);
	ok(v->str.len == 5 && !memcmp(v->str.s, "x\0" "7\0y", 5), "text behind a NUL is replaced, and stays");
	v = parse(pool, "{k: [1, '$b.y', 'x ${a.x}'], $a.x: $a.x, q: \"${a.x}\"}");
	const struct value *made = refs_replace(pool, v, lookup, NULL);

	ok(value_is(value_get(made, "k")->list.items[2], "x 7") && value_is(made->list.items[2], "$a.x") &&
	   made->list.items[3]->i == 7 && made->at.column == v->at.column, "keys stay, items are replaced");
	ok(value_get(made, "k")->list.items[2]->at.column == 17 && value_get(made, "k")->at.column == 5,
	   "what is made stands where it stood");
	v = parse(pool, "[$b.y, [$b.y]]");
	ok(refs_replace(pool, v, lookup, NULL) == v, "without a change it is the same");
	struct looked seen = { .pool = pool, .text = "" };

	refs_visit(pool, parse(pool, "{a: [$a.x, ' $A', 'x ${b} $_ ${c.d', plain, $$x, 5, $], b: [[$e_1-2.f]], c: \"$\", d: [$-$A, $a.x y, '${B}', $a.x]}"), look, &seen);
	ok(!strcmp(seen.text, "a.x -a b- -_ -c.d e_1-2.f -a -a.x -b a.x "), "what is visited: %s", seen.text);
	v = refs_unescape(pool, parse(pool, "[x, [$$a]]"));
	ok(v->at.column == 1 && v->list.items[1]->at.column == 5 && v->list.items[1]->list.items[0]->at.column == 6,
	   "what was escaped stands where it stood");
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
