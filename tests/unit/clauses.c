// SPDX-License-Identifier: GPL-2.0-only
/* What is read of a catalogue, and what is wrong with it: golden files in tests/golden/clauses. */
#include "golden.h"
#include "load/clauses.h"
#include "nsc/text.h"

static void show_clause(struct text *out, const struct clause *k)
{
	text_printf(out, "  %s | %s | %s | %s | %s | %s | %s | %s | %s | %s\n", k->topic, k->id, k->statement, k->source, k->since,
		    k->config, k->privilege, k->how, k->peers, k->variants);
	if (k->waived)
		text_printf(out, "    waived: %s | %s\n", k->waived, k->evidence);
}

/* All families of a directory, each of which is read when one of its clauses is asked for. */
static void test(const char *dir, const char *path)
{
	AUTO_POOL pool = { 0 };
	struct problems problems = { .pool = &pool };
	struct catalogue c = { .pool = &pool, .dir = dir, .problems = &problems };
	struct text out = { .pool = &pool };
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	catalogue_load_all(&c);
	catalogue_load_all(&c);
	for (size_t i = 0; i < c.n; i++) {
		text_printf(&out, "%s\n", c.families[i].name);
		for (size_t k = 0; k < c.families[i].n; k++)
			show_clause(&out, &c.families[i].v[k]);
	}
	problems_print(&problems, f);
	fclose(f);
	text_puts(&out, text);
	free(text);
	golden(path, out.s);
	catalogue_free(&c);
}

static void test_find(void)
{
	AUTO_POOL pool = { 0 };
	struct problems problems = { .pool = &pool };
	struct catalogue c = { .pool = &pool, .dir = "tests/golden/clauses", .problems = &problems };
	const struct clause *two = clause_find(&c, "two.a.only");

	ok(two && !strcmp(two->id, "two.a.only") && c.n == 1 && !problems.n, "a clause is found, and no other family is read");
	ok(!clause_find(&c, "two") && !clause_find(&c, "two.a.nowhere") && c.n == 1, "others are not");
	ok(!clause_find(&c, "nowhere.a.only") && !clause_find(&c, "nowhere.a.only") && c.n == 2, "nor is a family, which is looked for once");
	ok(catalogue_family(&c, "two") == &c.families[0] && catalogue_family(&c, "nowhere") == &c.families[1], "families are kept");
	for (int i = 2; i < FAMILIES_MAX; i++)
		ok(catalogue_family(&c, pool_printf(&pool, "f%d", i)) == &c.families[i], "family %d", i);
	ok(!catalogue_family(&c, "more") && catalogue_family(&c, "two") && !problems.n, "and one more");
	catalogue_free(&c);
	c = (struct catalogue){ .pool = &pool, .dir = c.dir, .problems = &problems };
	ok(catalogue_family(&c, "one")->n == 3, "a family may be asked for first");
	catalogue_free(&c);
}

/* What is not there has no clauses. */
static void test_nowhere(void)
{
	AUTO_POOL pool = { 0 };
	struct problems problems = { .pool = &pool };
	struct catalogue c = { .pool = &pool, .dir = "tests/golden/nowhere", .problems = &problems };

	catalogue_load_all(&c);
	ok(!c.n && !problems.n, "a directory that is not there");
	catalogue_free(&c);
}

int main(void)
{
	test("tests/golden/clauses", "tests/golden/clauses/all.txt");
	test("tests/golden/clauses/alone", "tests/golden/clauses/alone/all.txt");
	test_find();
	test_nowhere();
	return done();
}
