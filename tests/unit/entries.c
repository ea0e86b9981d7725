// SPDX-License-Identifier: GPL-2.0-only
/* Entries of files and directories, and what is said of those that have none: tests/golden/entries. */
#include "load/loader.h"
#include "nsc/text.h"
#include "tap.h"

static void take(struct loader *l, const struct value *entry, void *list)
{
	text_printf(list, " %s", value_text(entry));
}

static const struct {
	const char *path;
	bool named;
	const char *entries, *problem;
} cases[] = {
	{ "tests/golden/entries/several", false, " a b c", NULL }, { "tests/golden/entries/several", true, " a b c", NULL },
	{ "tests/golden/entries/several/1.yaml", true, " a b", NULL },
	{ "tests/golden/entries/nowhere", false, "", NULL },
	{ "tests/golden/entries/nowhere", true, "", "tests/golden/entries/nowhere: cannot be read: No such file or directory" },
	{ "tests/golden/clauses", false, "", NULL },
	{ "tests/golden/clauses", true, "", "tests/golden/clauses: the directory has no *.yaml" },
	{ "tests/golden/entries/bad.yaml", true, "", "tests/golden/entries/bad.yaml:2:1: expected one key, things, with a list" },
	{ "tests/golden/entries/map.yaml", true, "", "tests/golden/entries/map.yaml:2:1: expected one key, things, with a list" },
	{ "tests/golden/entries/other.yaml", true, "", "tests/golden/entries/other.yaml:2:1: expected one key, things, with a list" },
	{ "tests/golden/entries/scalar.yaml", true, "", "tests/golden/entries/scalar.yaml:1:1: expected one key, things, with a list" },
};

/* All that is said, in one text. */
static const char *said(struct pool *pool, const struct problems *problems)
{
	const struct problem *p = problems->v;

	if (problems->n != 1)
		return pool_printf(pool, "%zu problems", problems->n);
	return p->at.line ? pool_printf(pool, "%s:%d:%d: %s", p->at.file, p->at.line, p->at.column, p->text) :
			    pool_printf(pool, "%s: %s", p->at.file, p->text);
}

static void test(const char *path, bool named, const char *entries, const char *problem)
{
	AUTO_POOL pool = { 0 };
	struct problems problems = { .pool = &pool };
	struct loader l = { .pool = &pool, .problems = &problems };
	struct text list = { .pool = &pool };

	text_puts(&list, "");
	(named ? load_entries_of : load_entries)(&l, path, "things", take, &list);
	const char *is = said(&pool, &problems);

	ok(!strcmp(list.s, entries) && !strcmp(is, problem ? problem : "0 problems"), "%.60s%s:%s; %s", path, named ? ", named" : "",
	   list.s, is);
}

int main(void)
{
	AUTO_POOL pool = { 0 };
	/* Root may read every directory, but none may have such a name. */
	const char *path = pool_printf(&pool, "tests/golden/%0300d", 0);

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		test(cases[i].path, cases[i].named, cases[i].entries, cases[i].problem);
	test(path, false, "", pool_printf(&pool, "%s: the directory cannot be read", path));
	return done();
}
