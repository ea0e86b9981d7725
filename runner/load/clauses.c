// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading the catalogue.
 */
#include <glob.h>
#include <string.h>

#include "load/clauses.h"
#include "nsc/sys.h"
#include "nsc/text.h"

enum { COLUMNS = 10, WAIVER_COLUMNS = 3, CATALOGUE_BYTES_MAX = 4 * 1024 * 1024 };

/* The columns in order, as in the header line. */
static const struct column {
	const char *name;
	size_t offset;
} columns[COLUMNS] = {
	{ "topic", offsetof(struct clause, topic) },
	{ "id", offsetof(struct clause, id) },
	{ "statement", offsetof(struct clause, statement) },
	{ "source", offsetof(struct clause, source) },
	{ "since", offsetof(struct clause, since) },
	{ "config", offsetof(struct clause, config) },
	{ "privilege", offsetof(struct clause, privilege) },
	{ "how", offsetof(struct clause, how) },
	{ "peers", offsetof(struct clause, peers) },
	{ "variants", offsetof(struct clause, variants) },
};

static size_t count_lines(const char *text)
{
	size_t n = 0;

	for (; *text; text++)
		n += *text == '\n';
	return n;
}

/* Cut LINE at its tabs in place; the number of columns. */
static int split(char *line, char *cells[], int max)
{
	int n = 0;

	for (char *cell = line; cell && n < max; n++)
		cells[n] = strsep(&cell, "\t");
	return n;
}

static void parse_line(struct catalogue *c, struct family *f, char *line, struct mark at)
{
	char *cells[COLUMNS + 1];
	int n = split(line, cells, COLUMNS + 1);
	struct clause *clause = &f->v[f->n];

	if (n != COLUMNS) {
		problem_add(c->problems, at, "expected %d columns between tabs, found %d", COLUMNS,
			    n);
		return;
	}
	for (int i = 0; i < COLUMNS; i++)
		*(const char **)((char *)clause + columns[i].offset) = cells[i];
	HASH_ADD_KEYPTR(hh, c->by_id, clause->id, strlen(clause->id), clause);
	f->n++;
}

static void parse_family(struct catalogue *c, struct family *f, const char *path, char *text)
{
	int line = 0;

	f->v = pool_array(c->pool, struct clause, count_lines(text) + 1);
	for (char *rest = text, *s; (s = strsep(&rest, "\n"));) {
		line++;
		if (*s && line > 1)
			parse_line(c, f, s, (struct mark){ path, line, 1 });
	}
}

static void read_waiver(struct catalogue *c, struct mark at, char *line)
{
	char *cells[WAIVER_COLUMNS + 1];
	int n = split(line, cells, WAIVER_COLUMNS + 1);
	struct clause *clause;

	if (n != WAIVER_COLUMNS) {
		problem_add(c->problems, at, "expected id, reason and evidence between tabs");
		return;
	}
	HASH_FIND_STR(c->by_id, cells[0], clause);
	if (!clause) {
		problem_add(c->problems, at, "no clause %s in the catalogue", cells[0]);
		return;
	}
	clause->waived = cells[1];
	clause->evidence = cells[2];
}

/* Of the family F, which has just been read. */
static void read_waivers(struct catalogue *c, const struct family *f)
{
	const char *path = pool_printf(c->pool, "%s/waived.tsv", c->dir);
	const char *prefix = pool_printf(c->pool, "%s.", f->name);
	char *text = NULL; /* as it stays where there is none */
	int line = 0;

	(void)sys_read_file(c->pool, path, CATALOGUE_BYTES_MAX, &text, NULL);
	for (char *rest = text, *s; (s = strsep(&rest, "\n"));) {
		line++;
		if (!strncmp(s, prefix, strlen(prefix)))
			read_waiver(c, (struct mark){ path, line, 1 }, s);
	}
}

struct family *catalogue_family(struct catalogue *c, const char *name)
{
	for (size_t i = 0; i < c->n; i++)
		if (!strcmp(c->families[i].name, name))
			return &c->families[i];
	if (c->n == FAMILIES_MAX)
		return NULL;
	struct family *f = &c->families[c->n++];
	char *text;

	f->name = pool_strdup(c->pool, name);
	const char *path = pool_printf(c->pool, "%s/%s.tsv", c->dir, name);

	if (sys_read_file(c->pool, path, CATALOGUE_BYTES_MAX, &text, NULL) < 0)
		return f;
	parse_family(c, f, path, text);
	read_waivers(c, f);
	return f;
}

struct clause *clause_find(struct catalogue *c, const char *id)
{
	const char *dot = strchr(id, '.');
	struct clause *clause;

	if (!dot)
		return NULL;
	catalogue_family(c, pool_strndup(c->pool, id, (size_t)(dot - id)));
	HASH_FIND_STR(c->by_id, id, clause);
	return clause;
}

void catalogue_free(struct catalogue *c)
{
	HASH_CLEAR(hh, c->by_id);
}

void catalogue_load_all(struct catalogue *c)
{
	glob_t found = { 0 };

	(void)glob(pool_printf(c->pool, "%s/*.tsv", text_glob_word(c->pool, c->dir)), 0, NULL,
		   &found);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		const char *base = strrchr(found.gl_pathv[i], '/') + 1;

		if (strcmp(base, "waived.tsv"))
			catalogue_family(c, pool_strndup(c->pool, base, strlen(base) - 4));
	}
	globfree(&found);
}
