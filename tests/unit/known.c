// SPDX-License-Identifier: GPL-2.0-only
/*
 * Known issues that are loaded (tests/golden/loaded/known.yaml), those that come with nsconform, and those of a run's
 * record, of which some are not understood.
 */
#include <time.h>

#include "golden.h"
#include "load/yaml.h"
#include "nsc/text.h"
#include "report/known.h"

#define ENTRY(id, symptoms) "  - {id: " id ", cells: [x.*], since: '6.1', reference: r, evidence: e, symptoms: [" symptoms "]}\n"
#define SEEN(op) "{actor: a, op: " op ", field: name, seen: x}"
#define GOOD(id) ENTRY(id, SEEN("uts.gethostname"))
#define LOG(id) "  - {id: " id ", cells: [x.*], since: '6.1', reference: r, evidence: e, log: [WARN]}\n"

static const struct {
	const char *about, *entries, *ids;
	size_t symptoms[3];
} records[] = {
	{ "an entry", GOOD("one"), "one ", { 1 } },
	{ "one behind one that is not understood",
	  ENTRY("odd", SEEN("uts.nothing") ", " SEEN("uts.gethostname")) GOOD("one"), "one ", { 1 } },
	{ "one between two of them",
	  ENTRY("odd", SEEN("uts.nothing")) GOOD("one") ENTRY("other", SEEN("uts.nothing")), "one ", { 1 } },
	{ "one that stands twice", GOOD("one") GOOD("one"), "one ", { 1 } },
	{ "... the first of them counts", GOOD("one") GOOD("two") ENTRY("two", SEEN("uts.gethostname") ", " SEEN("uts.gethostname"))
	  ENTRY("one", SEEN("uts.gethostname") ", " SEEN("uts.gethostname")), "one two ", { 1, 1 } },
	{ "two", GOOD("one") ENTRY("two", SEEN("uts.uname26") ", " SEEN("uts.gethostname")), "one ", { 1 } },
	{ "what is no entry", "  - x\n  - [1]\n  - ~\n" GOOD("one"), "one ", { 1 } },
	{ "what is no list", "  id: one\n", "", { 0 } },
};

static const struct value *parse(struct pool *pool, const char *text)
{
	struct problems problems = { .pool = pool };

	return value_get(yaml_parse(pool, "test", text, strlen(text), &problems), "known");
}

static const char *ids_of(struct pool *pool, const struct value *entries)
{
	const char *ids = "";

	for (size_t i = 0; entries && i < entries->list.n; i++)
		ids = pool_printf(pool, "%s%s ", ids, value_text(value_get(entries->list.items[i], "id")));
	return entries ? ids : "none";
}

static void check_records(void)
{
	for (size_t i = 0; i < sizeof(records) / sizeof(*records); i++) {
		AUTO_POOL pool = { 0 };
		const char *ids = "";
		struct known_list list = { 0 };
		bool same = true;

		known_load_record(&pool, parse(&pool, pool_printf(&pool, "known:\n%s", records[i].entries)), &list);
		for (size_t k = 0; k < list.n; k++) {
			ids = pool_printf(&pool, "%s%s ", ids, list.v[k].id);
			same &= k >= 3 || list.v[k].n_symptoms == records[i].symptoms[k];
		}
		ok(!strcmp(ids, records[i].ids) && same && list.today && list.ran && list.seen, "%s: %s", records[i].about, ids);
	}
	AUTO_POOL pool = { 0 };
	struct known_list list = { 0 };

	known_load_record(&pool, NULL, &list);
	ok(!list.n, "a record without any");
}

/* What a run's record keeps: those of others, and what concerns the run. */
static void check_kept(void)
{
	AUTO_POOL pool = { 0 };
	struct known_list list = { 0 };
	const struct value *some = parse(&pool, "known:\n" GOOD("a") GOOD("b")), *more = parse(&pool, "known:\n" GOOD("b") GOOD("c")),
		*odd = parse(&pool, "known:\n  - {cells: [x]}\n  - {cells: [y]}\n");

	known_load_record(&pool, parse(&pool, "known:\n" GOOD("a") GOOD("b") GOOD("c") LOG("l") LOG("m") GOOD("own")), &list);
	list.shipped = 5;
	ok(!strcmp(ids_of(&pool, known_record(&pool, &list)), "own "), "one's own is kept");
	list.ran[0] = list.seen[2] = list.ran[3] = list.seen[4] = true;
	ok(!strcmp(ids_of(&pool, known_record(&pool, &list)), "a c m own "), "... and what should have been seen or was: %s",
	   ids_of(&pool, known_record(&pool, &list)));
	list.n = 2;
	list.ran[0] = false;
	ok(!known_record(&pool, &list), "... or nothing");
	ok(!strcmp(ids_of(&pool, known_record_join(&pool, some, more)), "a b c ") &&
	   !strcmp(ids_of(&pool, known_record_join(&pool, more, some)), "b c a ") &&
	   !strcmp(ids_of(&pool, known_record_join(&pool, NULL, some)), "a b ") &&
	   !strcmp(ids_of(&pool, known_record_join(&pool, more, NULL)), "b c ") && !known_record_join(&pool, NULL, NULL), "of two runs");
	ok(known_record_join(&pool, odd, odd)->list.n == 4, "... what has no id is kept as it is");
}

/* Many, of which some are wrong. */
static void check_many(void)
{
	AUTO_POOL pool = { 0 };
	struct known_list list = { 0 };
	const char *text = "known:\n";
	bool good = true;

	for (int i = 0; i < 70; i++)
		text = pool_printf(&pool, i % 3 ? "%s" GOOD("n%d") : "%s" ENTRY("n%d", SEEN("uts.nothing")), text, i);
	known_load_record(&pool, parse(&pool, text), &list);
	for (size_t i = 0; i < list.n; i++)
		good &= !strcmp(list.v[i].id, pool_printf(&pool, "n%zu", i / 2 * 3 + i % 2 + 1));
	ok(good && list.n == 46, "many: %zu", list.n);
}

static int today(void)
{
	time_t now = time(NULL);
	struct tm tm;

	gmtime_r(&now, &tm);
	return (tm.tm_year + 1900) * 10000 + (tm.tm_mon + 1) * 100 + tm.tm_mday;
}

static void check_shipped(void)
{
	AUTO_POOL pool = { 0 };
	struct problems problems = { .pool = &pool };
	struct known_list list = { 0 };
	static const char *const own[] = { "tests/golden/loaded/known.yaml" };
	int before = today();

	known_load_shipped(&pool, &(struct strs){ (const char **)own, 1 }, &list, &problems);
	ok(!problems.n && list.shipped > 10 && list.n == list.shipped + 4 && known_find(&list, "of-the-kernel") == &list.v[list.shipped],
	   "those that come with nsconform, and one's own behind them");
	ok(list.today >= before && list.today <= today(), "today is %d", list.today);
	ok(list.ran && list.seen && !list.ran[list.n - 1] && !list.seen[list.n - 1], "none has been seen");
}

/* The same list twice, as two files. */
static void check_twice(void)
{
	AUTO_POOL pool = { 0 };
	struct problems problems = { .pool = &pool };
	struct known_list list = { 0 };
	static const char *paths[] = { "tests/golden/loaded/known.yaml", "./tests/golden/loaded/known.yaml" };

	known_load(&pool, &(struct strs){ paths, 2 }, &list, &problems);
	ok(problems.n == 4 && !strcmp(problems.v[0].text, "the id of-the-kernel stands twice, first at tests/golden/loaded/known.yaml:3") &&
	   !strcmp(problems.v[0].at.file, paths[1]), "an id in two files: %s", problems.n ? problems.v[0].text : "?");
}

static const char *at(struct pool *pool, struct mark mark)
{
	return pool_printf(pool, "%d:%d", mark.line, mark.column);
}

static void show(struct text *t, const struct known *k)
{
	struct pool *pool = t->pool;

	text_printf(t, "%s at %s %s %s %s %s %s\n  cells", k->id, at(pool, k->at), k->reference, k->evidence, k->runtime ? k->runtime : "-",
		    k->link ? k->link : "-", known_range(pool, k));
	for (size_t i = 0; i < k->cells.n; i++)
		text_printf(t, " %s at %s", k->cells.v[i], at(pool, k->cells_at[i]));
	text_puts(t, "\n  log");
	for (size_t i = 0; i < k->log.n; i++)
		text_printf(t, " [%s]", k->log.v[i]);
	text_printf(t, "\n  since %s fixed", k->since_text);
	for (size_t i = 0; i < k->n_fixed; i++)
		text_printf(t, " %s", k->fixed_texts[i]);
	text_printf(t, " expires %s", k->expires ? k->expires : "-");
	if (k->expires)
		text_printf(t, " %d at %s", k->expires_on, at(pool, k->expires_at));
	for (size_t i = 0; i < k->n_symptoms; i++) {
		const struct symptom *s = &k->symptoms[i];

		text_printf(t, "\n  at %s %s %s %s %s %s which", at(pool, s->at), s->actor, s->op, s->field, symptom_field(s)->name,
			    value_show(pool, s->seen));
		for (size_t n = 0; n < s->which.n; n++)
			text_printf(t, " %lld", (long long)s->which.v[n]);
	}
	text_puts(t, "\n");
}

static void test_loaded(const char *path)
{
	AUTO_POOL pool = { 0 };
	struct problems problems = { .pool = &pool };
	struct known_list list = { 0 };
	struct text t = { .pool = &pool };

	known_load(&pool, &(struct strs){ &path, 1 }, &list, &problems);
	problems_print(&problems, stdout);
	for (size_t i = 0; i < list.n; i++)
		show(&t, &list.v[i]);
	ok(!problems.n && list.today == today(), "%s is loaded", path);
	golden(golden_path(&pool, path, ".txt"), t.s);
}

int main(void)
{
	setenv("NSCONFORM_DATA", ".", 1);
	check_records();
	check_kept();
	check_many();
	check_shipped();
	check_twice();
	golden_each("tests/golden/loaded/known.yaml", test_loaded);
	return done();
}
