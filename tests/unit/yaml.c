// SPDX-License-Identifier: GPL-2.0-only
/* Scalars as YAML has them here, and what of YAML is not allowed. */
#include "load/yaml.h"
#include "nsc/pool.h"
#include "tap.h"

static const struct {
	const char *text, *shown; /* NULL: a problem */
	const char *problem;
} cases[] = {
	{ "0", "0", NULL }, { "-0", "0", NULL }, { "+5", "5", NULL }, { "-12", "-12", NULL }, { "9", "9", NULL },
	{ "0x1F", "31", NULL }, { "-0x10", "-16", NULL }, { "0o17", "15", NULL }, { "-0o17", "-15", NULL }, { "+0o17", "15", NULL },
	{ "0755", "493", NULL }, { "-0755", "-493", NULL }, { "10", "10", NULL }, { "1o7", "\"1o7\"", NULL }, { "1x7", "\"1x7\"", NULL },
	{ "0o", "\"0o\"", NULL }, { "0x", "\"0x\"", NULL }, { "08", "\"08\"", NULL }, { "0b1", "\"0b1\"", NULL },
	{ "0o8", "\"0o8\"", NULL }, { "0o-7", "\"0o-7\"", NULL }, { "0o0x1", "\"0o0x1\"", NULL }, { "0o7x", "\"0o7x\"", NULL },
	{ "- ", "[null]", NULL }, { "+", "\"+\"", NULL }, { "-x", "\"-x\"", NULL }, { "--1", "\"--1\"", NULL },
	{ ":1", "\":1\"", NULL }, { "/1", "\"/1\"", NULL }, { "1.5", "\"1.5\"", NULL }, { "5s", "\"5s\"", NULL },
	{ "9223372036854775807", "9223372036854775807", NULL }, { "9223372036854775808", "\"9223372036854775808\"", NULL },
	{ "-9223372036854775808", "-9223372036854775808", NULL }, { "\"5\"", "\"5\"", NULL }, { "'0x5'", "\"0x5\"", NULL },
	{ "~", "null", NULL }, { "null", "null", NULL }, { "\"\"", "\"\"", NULL }, { "'~'", "\"~\"", NULL },
	{ "true", "true", NULL }, { "false", "false", NULL }, { "'true'", "\"true\"", NULL }, { "yes", "\"yes\"", NULL },
	{ "[1, [2], {a: 3, b: }]", "[1, [2], {a: 3, b: null}]", NULL },
	{ "[5: 1]", "[{5: 1}]", NULL },
	{ "&x 1", NULL, "anchors and tags are not allowed" }, { "!x 1", NULL, "anchors and tags are not allowed" },
	{ "&x [1]", NULL, "anchors and tags are not allowed" }, { "!x [1]", NULL, "anchors and tags are not allowed" },
	{ "&x {a: 1}", NULL, "anchors and tags are not allowed" }, { "!x {a: 1}", NULL, "anchors and tags are not allowed" },
	{ "[*x]", NULL, "aliases are not allowed" },
	{ "{[a]: 1}", NULL, "a key must be a plain word" },
	{ "{a: 1, b: 2, a: 3}", NULL, "the key a stands twice" }, { "{a: 1, b: 2, b: 3}", NULL, "the key b stands twice" },
	{ "{a: \"x", NULL, "not YAML: found unexpected end of stream while scanning a quoted scalar" },
	{ "--- @", NULL, "not YAML: found character that cannot start any token" },
	{ "a: @", NULL, "not YAML: found character that cannot start any token" },
	{ "- 1\n@", NULL, "not YAML: " }, { "[1]\n@", NULL, "not YAML: " },
	{ "'1'\n@", NULL, "not YAML: " }, { "--- |\n 1\n@", NULL, "not YAML: " },
	{ "[1] @", NULL, "not YAML: found character that cannot start any token" },
	{ "1\n...\n@", NULL, "not YAML: found character that cannot start any token" },
	{ "", NULL, "the file is empty" }, { "1\n---\n2\n", NULL, "only one document a file is allowed" },
	{ "a: 1\nb", NULL, "not YAML: could not find expected ':' while scanning a simple key" },
	{ "[1, 2", NULL, "not YAML: did not find expected ',' or ']' while parsing a flow sequence" },
	{ "\xff\xfe" "1", NULL, "not YAML: invalid leading UTF-8 octet" }, { "\xc3\xa4", "\"\xc3\xa4\"", NULL },
};

static void test(const char *text, const char *shown, const char *problem)
{
	AUTO_POOL pool = { 0 };
	struct problems problems = { .pool = &pool };
	const struct value *v = yaml_parse(&pool, "x.yaml", text, strlen(text), &problems);
	const char *is = problems.n ? problems.v[0].text : v ? value_show(&pool, v) : "nothing";

	ok(problem ? problems.n == 1 && !strncmp(is, problem, strlen(problem)) : !problems.n && !strcmp(is, shown), "%s: %s (%zu)",
	   value_show(&pool, value_str(&pool, text)), is, problems.n);
}

int main(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		test(cases[i].text, cases[i].shown, cases[i].problem);
	return done();
}
