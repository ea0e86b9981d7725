// SPDX-License-Identifier: GPL-2.0-only
/* The list of problems: its order, what is shown of it; and the nearest known word. */
#include <stdlib.h>

#include "load/problems.h"
#include "nsc/pool.h"
#include "tap.h"

enum { MOST = 500 };

/* Of N problems, the lines that are shown. */
static void test_most(int n, int lines, bool more)
{
	AUTO_POOL pool = { 0 };
	struct problems problems = { .pool = &pool };
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);
	int shown = 0;

	for (int i = n; i >= 1; i--)
		problem_add(&problems, (struct mark){ "x.yaml", i, 1 }, "problem %d", i);
	problems_print(&problems, f);
	fclose(f);
	for (const char *c = text; *c; c++)
		shown += *c == '\n';
	ok(problems.n == (size_t)n && shown == lines, "%d problems: %d lines", n, shown);
	ok(!strstr(text, "there are more: only the first 500 are shown") == !more, "... %s more", more ? "and" : "no");
	free(text);
}

static void test_order(void)
{
	AUTO_POOL pool = { 0 };
	struct problems problems = { .pool = &pool };
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	problem_add(&problems, (struct mark){ "b.yaml", 1, 1 }, "last");
	problem_add(&problems, (struct mark){ "a.yaml", 2, 1 }, "late");
	problem_add(&problems, (struct mark){ "a.yaml", 1, 9 }, "far");
	problem_add(&problems, (struct mark){ "a.yaml", 1, 2 }, "second");
	problem_add(&problems, (struct mark){ "a.yaml", 1, 2 }, "first\tof\nall");
	problem_add(&problems, (struct mark){ "a.yaml", 1, 2 }, "second");
	problem_add(&problems, (struct mark){ "a.yaml", 0, 0 }, "without a place");
	problem_add(&problems, (struct mark){ 0 }, "%s", "");
	problem_add(&problems, (struct mark){ 0 }, "nowhere");
	problems_print(&problems, f);
	fclose(f);
	const char *wanted = "nsconform: ''\nnsconform: nowhere\na.yaml: without a place\na.yaml:1:2: first\tof\\nall\na.yaml:1:2: second\na.yaml:1:9: far\n"
			     "a.yaml:2:1: late\nb.yaml:1:1: last\n";

	ok(!strcmp(text, wanted), "in order, each once, and on one line");
	if (strcmp(text, wanted))
		printf("%s", text);
	free(text);
}

#define LETTERS "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijkl" /* 64 */

static const struct {
	const char *word, *candidates[4], *best;
} words[] = {
	{ "", { "a", "b" }, "a" }, { "", { "ab" }, NULL }, { "a", { "bc" }, NULL }, { "a", { "b" }, "b" },
	{ "name", { "nam", "names" }, "nam" }, { "name", { "nmae", "game", "name" }, "name" }, { "name", { "abcd", "nine", "none" }, "nine" },
	{ "nm", { "name" }, NULL }, { "nme", { "name", "nm" }, "name" }, { "cba", { "abc" }, "abc" }, { "abcdef", { "fbcdea" }, "fbcdea" },
	{ "abcdef", { "fedcba" }, NULL }, { "abcdef", { "abxyzf" }, "abxyzf" }, { "abcdef", { "wbxyzf" }, NULL },
	{ "kitten", { "sitting" }, "sitting" }, { "saturday", { "sunday" }, "sunday" },
	{ LETTERS, { LETTERS "x", LETTERS }, LETTERS }, { LETTERS "x", { LETTERS, LETTERS "x" }, NULL },
	{ "x" LETTERS, { LETTERS }, NULL }, { LETTERS LETTERS LETTERS LETTERS, { "a" }, NULL }, { "bc", { "bc" }, "bc" }, { "a", { "bc" }, NULL },
};

static void test_nearest(size_t i)
{
	AUTO_POOL pool = { 0 };
	struct nearest n = { .word = words[i].word };

	for (const char *const *c = words[i].candidates; *c; c++)
		nearest_offer(&n, *c);
	const char *hint = nearest_hint(&pool, &n);

	ok(!strcmp(hint, words[i].best ? pool_printf(&pool, ", did you mean %s?", words[i].best) : ""), "nearest to '%s': '%s'",
	   words[i].word, hint);
}

int main(void)
{
	test_most(0, 0, false);
	test_most(1, 1, false);
	test_most(MOST, MOST, false);
	test_most(MOST + 1, MOST + 1, true);
	test_most(3 * MOST, MOST + 1, true);
	test_order();
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		test_nearest(i);
	return done();
}
