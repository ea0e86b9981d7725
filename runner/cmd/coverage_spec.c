// SPDX-License-Identifier: GPL-2.0-only
/*
 * A specification against the catalogue: each of its requirements with the clauses that show it.
 */
#include <stdio.h>
#include <string.h>

#include "cmd/command.h"
#include "cmd/coverage.h"
#include "cmd/reference.h"
#include "load/paths.h"
#include "nsc/json.h"
#include "nsc/sys.h"

enum { COLUMNS = 6, BYTES_MAX = 1024 * 1024 };

/* What is known of a requirement. */
enum standing { SPEC_PROVEN, SPEC_PART, SPEC_WAIVED, SPEC_OPEN, SPEC_STANDINGS };

static const struct symbol standings[] = {
	{ "proven", SPEC_PROVEN, "each of its clauses is shown by a scenario" },
	{ "part", SPEC_PART, "so is a part of it, and it is said what is not" },
	{ "waived", SPEC_WAIVED, "no scenario will show it, and it is said why" },
	{ "open", SPEC_OPEN, "nothing shows it yet" },
	{ 0 }
};

/* A line of the file, in the order of its columns. */
struct requirement {
	const char *section, *level, *text, *clauses, *open, *waived;
};

struct spec {
	struct coverage *coverage;
	const char *path;
	struct requirement *v;
	size_t n;
};

static struct strs clauses_of(struct pool *pool, const struct requirement *r)
{
	char *rest = pool_strdup(pool, r->clauses), *id;
	struct strs ids = { .v = pool_array(pool, const char *, strlen(rest) + 1) };

	while ((id = strsep(&rest, ",")))
		if (*id)
			ids.v[ids.n++] = id;
	return ids;
}

static void check(const struct spec *s, struct mark at, const struct requirement *r)
{
	struct selection *in = &s->coverage->selection;
	const struct strs ids = clauses_of(s->coverage->pool, r);

	for (size_t i = 0; i < ids.n; i++)
		if (!clause_find(&in->catalogue, ids.v[i]))
			problem_add(&in->problems, at, "no clause %s in the catalogue", ids.v[i]);
	if (strcmp(r->level, "MUST") && strcmp(r->level, "SHOULD"))
		problem_add(&in->problems, at, "expected MUST or SHOULD, not %s", r->level);
	if (*r->waived ? ids.n || *r->open : !ids.n && !*r->open)
		problem_add(&in->problems, at, "expected clauses, what is open, or both; or why it "
			    "is waived");
}

static void parse_line(struct spec *s, char *line, struct mark at)
{
	const char *cells[COLUMNS];
	char *rest = line;
	int n = 0;

	while (rest && n < COLUMNS)
		cells[n++] = strsep(&rest, "\t");
	if (n < COLUMNS || rest) {
		problem_add(&s->coverage->selection.problems, at,
			    "expected %d columns between tabs", COLUMNS);
		return;
	}
	s->v[s->n] = (struct requirement){ cells[0], cells[1], cells[2], cells[3], cells[4],
					   cells[5] };
	check(s, at, &s->v[s->n++]);
}

static bool load(struct spec *s)
{
	struct problems *problems = &s->coverage->selection.problems;
	struct pool *pool = s->coverage->pool;
	int line = 0;
	char *text;

	s->path = paths_data(pool, pool_printf(pool, "suites/clauses/spec/%s.tsv",
					       s->coverage->only));
	int rc = sys_read_file(pool, s->path, BYTES_MAX, &text, NULL);

	if (rc < 0) {
		problem_add(problems, (struct mark){ .file = s->path }, "%s: no specification is "
			    "listed that %s is about", strerror(-rc), s->coverage->only);
		return false;
	}
	s->v = pool_array(pool, struct requirement, strlen(text) + 1);
	for (char *rest = text, *l; (l = strsep(&rest, "\n"));)
		if (++line > 1 && *l)
			parse_line(s, l, (struct mark){ s->path, line, 1 });
	return !problems->n;
}

static enum standing standing_of(const struct spec *s, const struct requirement *r)
{
	const struct strs ids = clauses_of(s->coverage->pool, r);

	if (*r->waived)
		return SPEC_WAIVED;
	for (size_t i = 0; i < ids.n; i++)
		if (!clause_find(&s->coverage->selection.catalogue, ids.v[i])->covered)
			return SPEC_OPEN;
	return !ids.n ? SPEC_OPEN : *r->open ? SPEC_PART : SPEC_PROVEN;
}

static const char *name_of(const struct spec *s, const struct requirement *r)
{
	return symbol_of(standings, standing_of(s, r))->name;
}

static const char *remark(const struct requirement *r)
{
	return *r->waived ? r->waived : r->open;
}

static void print_lines(const struct spec *s)
{
	const char *section = "";

	for (size_t i = 0; i < s->n; i++) {
		const struct requirement *r = &s->v[i];

		if (strcmp(section, r->section))
			printf("%s%s\n", *section ? "\n" : "", r->section);
		section = r->section;
		printf("  %-7s %-6s  %s\n", name_of(s, r), r->level, r->text);
		if (*r->clauses)
			printf("                  %s\n", r->clauses);
		if (*remark(r))
			printf("                  %s: %s\n", *r->waived ? "why" : "not shown",
			       remark(r));
	}
}

static void count(const struct spec *s, size_t counts[SPEC_STANDINGS])
{
	memset(counts, 0, SPEC_STANDINGS * sizeof(*counts));
	for (size_t i = 0; i < s->n; i++)
		counts[standing_of(s, &s->v[i])]++;
}

static void print_json(const struct spec *s)
{
	struct pool *pool = s->coverage->pool;
	struct value *list = value_list(pool);

	for (size_t i = 0; i < s->n; i++) {
		const struct requirement *r = &s->v[i];
		const struct strs ids = clauses_of(pool, r);
		struct value *map = value_map(pool), *clauses = value_list(pool);

		for (size_t k = 0; k < ids.n; k++)
			value_push(pool, clauses, value_str(pool, ids.v[k]));
		value_put(pool, map, "section", value_str(pool, r->section));
		value_put(pool, map, "level", value_str(pool, r->level));
		value_put(pool, map, "requirement", value_str(pool, r->text));
		value_put(pool, map, "standing", value_str(pool, name_of(s, r)));
		value_put(pool, map, "clauses", clauses);
		if (*r->open)
			value_put(pool, map, "not_shown", value_str(pool, r->open));
		if (*r->waived)
			value_put(pool, map, "waived", value_str(pool, r->waived));
		value_push(pool, list, map);
	}
	puts(json_text(pool, list));
}

static void print_page(const struct spec *s)
{
	struct pool *pool = s->coverage->pool;
	const char *section = "";
	size_t counts[SPEC_STANDINGS];

	count(s, counts);
	page_begin(pool_printf(pool, "coverage --markdown --spec %s", s->coverage->only),
		   pool_printf(pool, "The specification that %s is about", s->coverage->only));
	page_text(0, "Each requirement of the OCI runtime specification 1.3 that a runtime on Linux can meet, "
		  "in our own words, and the [clauses](%s.md) that show it. `nsconform coverage --spec "
		  "%s` prints the same.\n", s->coverage->only, s->coverage->only);
	for (int i = 0; i < SPEC_STANDINGS; i++)
		page_text(2, "- **%s** (%zu): %s", standings[i].name, counts[i], standings[i].doc);
	for (size_t i = 0; i < s->n; i++) {
		const struct requirement *r = &s->v[i];

		if (strcmp(section, r->section))
			printf("\n## %s\n\n| | | requirement | clauses | remark |\n|---|---|---|---|---|\n",
			       r->section);
		section = r->section;
		printf("| %s | %s | %s | %s | %s |\n", name_of(s, r), r->level,
		       page_escape(pool, r->text), r->clauses, page_escape(pool, remark(r)));
	}
}

int coverage_spec(struct coverage *c, bool json, bool markdown)
{
	struct spec s = { .coverage = c };
	size_t counts[SPEC_STANDINGS];

	if (!load(&s)) {
		problems_print(&c->selection.problems, stderr);
		return EXIT_USAGE;
	}
	if (json || markdown) {
		(json ? print_json : print_page)(&s);
		return EXIT_GOOD;
	}
	print_lines(&s);
	count(&s, counts);
	printf("\n%zu requirements:", s.n);
	for (int i = 0; i < SPEC_STANDINGS; i++)
		printf("%s %zu %s", i ? "," : "", counts[i], standings[i].name);
	putchar('\n');
	return EXIT_GOOD;
}
