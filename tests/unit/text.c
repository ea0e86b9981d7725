// SPDX-License-Identifier: GPL-2.0-only
/* UTF-8: what is valid, what is shown as it is, and how the rest is escaped; globs with alternatives. */
#include <errno.h>
#include <sys/resource.h>

#include "nsc/field.h"
#include "nsc/text.h"
#include "nsc/value.h"
#include "nsc/json.h"
#include "tap.h"

static const struct {
	const char *what, *text, *shown, *json;
} cases[] = {
	{ "ASCII", "plain", "plain", "plain" },
	{ "two bytes", "\xc3\xa9", "\xc3\xa9", "\xc3\xa9" },
	{ "three bytes", "\xe2\x9c\x93 done", "\xe2\x9c\x93 done", "\xe2\x9c\x93 done" },
	{ "four bytes", "\xf0\x9f\x90\xa7", "\xf0\x9f\x90\xa7", "\xf0\x9f\x90\xa7" },
	{ "the last character", "\xf4\x8f\xbf\xbd", "\xf4\x8f\xbf\xbd", "\xf4\x8f\xbf\xbd" },
	{ "a character above the last", "\xf4\x90\x80\x80", "\\xF4\\x90\\x80\\x80",
	  "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
	{ "a stray byte", "a\x80z", "a\\x80z", "a\xef\xbf\xbdz" },
	{ "a byte that never is UTF-8", "\xff", "\\xFF", "\xef\xbf\xbd" },
	{ "a sequence cut short by the end", "a\xe2\x9c", "a\\xE2\\x9C", "a\xef\xbf\xbd\xef\xbf\xbd" },
	{ "a sequence cut short by another", "\xe2\xc3\xa9", "\\xE2\xc3\xa9", "\xef\xbf\xbd\xc3\xa9" },
	{ "an overlong slash", "\xc0\xaf", "\\xC0\\xAF", "\xef\xbf\xbd\xef\xbf\xbd" },
	{ "an overlong sequence of three", "\xe0\x82\xa9", "\\xE0\\x82\\xA9",
	  "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
	{ "a surrogate", "\xed\xa0\x80", "\\xED\\xA0\\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
	{ "an escape sequence of a terminal", "\x1b[2J", "\\x1B[2J", "\\u001b[2J" },
	{ "delete", "\x7f", "\\x7F", "\\u007f" },
	{ "a control of two bytes (CSI)", "\xc2\x9b", "\\xC2\\x9B", "\\u009b" },
	{ "the end of a line", "one\nnot ok 1", "one\\nnot ok 1", "one\\u000anot ok 1" },
	{ "the end of a line elsewhere (U+2028)", "\xe2\x80\xa8", "\\xE2\\x80\\xA8", "\\u2028" },
	{ "from right to left (U+202E)", "a\xe2\x80\xae" "b", "a\\xE2\\x80\\xAE" "b", "a\\u202eb" },
	{ "an isolate (U+2066)", "\xe2\x81\xa6", "\\xE2\\x81\\xA6", "\\u2066" },
	{ "no width (U+200B)", "\xe2\x80\x8b", "\\xE2\\x80\\x8B", "\\u200b" },
	{ "a byte order mark", "\xef\xbb\xbf", "\\xEF\\xBB\\xBF", "\\ufeff" },
	{ "no character (U+FFFF)", "\xef\xbf\xbf", "\\xEF\\xBF\\xBF", "\\uffff" },
	{ "no character (U+1FFFE)", "\xf0\x9f\xbf\xbe", "\\xF0\\x9F\\xBF\\xBE", "\xf0\x9f\xbf\xbe" },
	{ "a tag (U+E0041)", "\xf3\xa0\x81\x81", "\\xF3\\xA0\\x81\\x81", "\xf3\xa0\x81\x81" },
	{ "quotation marks and backslashes", "\"\\", "\\\"\\\\", "\\\"\\\\" },
};

static const struct {
	const char *pattern, *text;
	bool matches;
} globs[] = {
	{ "uts.*", "uts.uname", true },
	{ "uts.*", "ipc.list", false },
	{ "link.@(add|set)", "link.set", true },
	{ "link.@(add|set)", "link.", false },
	{ "link.@(add|set)", "link.addset", false },
	{ "@(cap|cred).@(drop|set*)", "cred.setuid", true },
	{ "@(cap|cred).@(drop|set*)", "cred.ids", false },
	{ "cgroup?(2)", "cgroup", true },
	{ "cgroup?(2)", "cgroup2", true },
	{ "cgroup?(2)", "cgroup22", false },
	{ "[1-9]?([0-9])?([0-9])", "1", true },
	{ "[1-9]?([0-9])?([0-9])", "102", true },
	{ "[1-9]?([0-9])?([0-9])", "1024", false },
	{ "a(b)", "a(b)", true },
	{ "(a)", "(a)", true },
	{ "a@(b", "a@(b", true },
	{ "a@(|b)", "a", true },
};

/* Text of many values takes memory for its length, and not for its length times their number. */
static void check_many(void)
{
	enum { MANY = 20000, KIB_MAX = 64 * 1024 };
	AUTO_POOL pool = { 0 };
	struct value *list = value_list(&pool), *map = value_map(&pool);
	struct rusage before, after;

	for (int i = 0; i < MANY; i++) {
		value_push(&pool, list, value_int(&pool, i));
		value_put(&pool, map, "key", value_str(&pool, "text"));
	}
	value_push(&pool, list, map);
	getrusage(RUSAGE_SELF, &before);
	const char *shown = value_show(&pool, list), *json = json_text(&pool, list);

	getrusage(RUSAGE_SELF, &after);
	ok(strlen(shown) > 2 * MANY && strlen(json) > 2 * MANY &&
	   after.ru_maxrss - before.ru_maxrss < KIB_MAX,
	   "%d values are shown in %ld KiB", 3 * MANY, after.ru_maxrss - before.ru_maxrss);
}

int main(void)
{
	AUTO_POOL pool = { 0 };

	check_many();

	for (size_t i = 0; i < sizeof(globs) / sizeof(*globs); i++)
		ok(text_matches(globs[i].pattern, globs[i].text) == globs[i].matches, "%s %s %s", globs[i].pattern,
		   globs[i].matches ? "matches" : "does not match", globs[i].text);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *text = cases[i].text, *json = json_string(&pool, text);
		const char *shown = text_escape(&pool, text, strlen(text), "\"\\");

		ok(!strcmp(shown, cases[i].shown), "%s: shown", cases[i].what);
		ok(strlen(json) == strlen(cases[i].json) + 2 &&
		   !strncmp(json + 1, cases[i].json, strlen(cases[i].json)), "%s: JSON", cases[i].what);
	}
	ok(!strcmp(text_escape(&pool, "a\0b", 3, ""), "a\\x00b"), "NUL is a byte like others");
	ok(!strcmp(text_escape(&pool, "a\tb", 3, ""), "a\\tb"), "a tab");
	ok(!strcmp(text_escape(&pool, "a\tb\"", 4, "\t"), "a\tb\""), "a tab where it may stay");
	uint32_t code;

	ok(utf8_decode("a", 0, &code) == 0, "nothing is no character");
	ok(!strcmp(text_shell_word(&pool, "a-b.c/d=e"), "a-b.c/d=e") && !strcmp(text_shell_word(&pool, ""), "''") &&
	   !strcmp(text_shell_word(&pool, "it's $5"), "'it'\\''s $5'"), "words of a shell");
	ok(!strcmp(errno_name(&pool, 0), "0") && !strcmp(errno_name(&pool, EPERM), "EPERM") &&
	   !strcmp(errno_name(&pool, 999), "errno 999"), "names of errors");
	ok(!strcmp(value_show(&pool, value_str(&pool, "\xe2\x9c\x93 \"q\"")), "\"\xe2\x9c\x93 \\\"q\\\"\""),
	   "a value is shown so, too");
	return done();
}
