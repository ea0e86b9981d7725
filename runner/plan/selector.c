// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kinds of selectors.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fnmatch.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "load/loader.h"
#include "load/paths.h"
#include "machine/calls.h"
#include "plan/check.h"
#include "plan/selector.h"

/* A glob of a dotted name, or its beginning. */
static bool names(const char *pattern, const char *name)
{
	size_t len = strlen(pattern);

	return (!strncmp(name, pattern, len) && (name[len] == '.' || !name[len])) ||
	       fnmatch(pattern, name, 0) == 0;
}

static bool any_of(const char *pattern, const struct strs *list)
{
	for (size_t i = 0; i < list->n; i++)
		if (names(pattern, list->v[i]))
			return true;
	return false;
}

static void offer_with(struct pool *pool, const char *prefix, const char *name,
		       struct name_taker *t)
{
	t->take(t, pool_printf(pool, "%s%s", prefix, name));
}

static bool clause_fits(const char *what, const struct subject *subject)
{
	return any_of(what, &subject->cell->scenario->clauses);
}

static void clause_offer(struct pool *pool, const struct scenario *s, const char *prefix,
			 struct name_taker *t)
{
	for (size_t i = 0; i < s->clauses.n; i++)
		offer_with(pool, prefix, s->clauses.v[i], t);
}

/* Of placement, which is no step; the attribute `via` has the same names. */
static const char *const via_calls[] = {
	[VIA_CLONE3] = "clone3", [VIA_UNSHARE] = "unshare", [VIA_SETNS] = "setns",
};

static bool call_fits(const char *what, const struct subject *subject)
{
	const struct cell *cell = subject->cell;
	const struct scenario *s = cell->scenario;
	AUTO_POOL pool = { 0 };
	const char *call;

	if (cell->via >= 0 && names(what, via_calls[cell->via]))
		return true;
	for (size_t i = 0; i < s->n_actors; i++) {
		const struct value *via = value_get(s->actors[i].place, "via");

		if ((s->actors[i].join_of >= 0 && names(what, "setns")) ||
		    (value_text(via) && names(what, value_text(via))))
			return true;
	}
	for (size_t i = 0; i < s->n_steps; i++) {
		const char *source = s->steps[i].op->source;

		while ((call = call_next(&pool, &source)))
			if (names(what, call))
				return true;
	}
	return false;
}

static void call_offer(struct pool *pool, const struct scenario *s, const char *prefix,
		       struct name_taker *t)
{
	const char *call;

	for (size_t i = 0; i < sizeof(via_calls) / sizeof(*via_calls); i++)
		offer_with(pool, prefix, via_calls[i], t);
	for (size_t i = 0; i < s->n_steps; i++) {
		const char *source = s->steps[i].op->source;

		while ((call = call_next(pool, &source)))
			offer_with(pool, prefix, call, t);
	}
}

static bool tag_fits(const char *what, const struct subject *subject)
{
	const struct strs *tags = &subject->cell->scenario->tags;

	for (size_t i = 0; i < tags->n; i++)
		if (!strcmp(what, tags->v[i]))
			return true;
	return false;
}

static bool path_fits(const char *what, const struct subject *subject)
{
	const char *file = subject->suite->real;
	size_t len = strlen(what);

	return !strncmp(file, what, len) && (!file[len] || file[len] == '/');
}

static bool id_fits(const char *what, const struct subject *subject)
{
	return names(what, subject->name) || !strcmp(what, subject->cell->scenario->id);
}

static bool has_clauses(struct pool *pool, const char *what, size_t family)
{
	return access(pool_printf(pool, "%s/%.*s.tsv", paths_data(pool, "suites/clauses"),
				  (int)family, what), F_OK) == 0;
}

/*
 * Suites that come with nsconform are named by their paths, and none of their scenarios has the
 * name of a family (tests/select.t), so that one file has all that a dotted name can mean, and one
 * directory all that a family is, or a glob that has only the family in full.  Another name without
 * a dot may be that of a scenario anywhere.
 */
static const char *id_home(struct pool *pool, const char *what)
{
	size_t literal = strcspn(what, "*?[\\"), family = strcspn(what, ".");
	bool glob = what[literal];

	if (!has_clauses(pool, what, family))
		return NULL;
	const char *path = pool_printf(pool, "%s/%.*s", paths_data(pool, "suites"), (int)family,
				       what);
	const char *suite = what[family] ? what + family + 1 : what + family;
	size_t len = strcspn(suite, ".");

	if (*suite && (!glob || suite + len < what + literal))
		path = pool_printf(pool, "%s/%.*s.yaml", path, (int)len, suite);
	return access(path, F_OK) == 0 ? path : NULL;
}

static void id_offer(struct pool *pool, const struct scenario *s, const char *prefix,
		     struct name_taker *t)
{
	t->take(t, s->suite->prefix);
	t->take(t, s->id);
	offer_with(pool, prefix, pool_printf(pool, "%s.%s", s->suite->prefix, s->id), t);
}

const struct selector_kind selector_kinds[] = {
	{ .prefix = "clause:", .argument = "NAME",
	  .wanted = "the id of a clause, its beginning or a glob, as clause:api.setns.*",
	  .fits = clause_fits, .offer = clause_offer,
	  .help = "the scenarios of clauses: an id, its beginning, or a glob, as clause:api.setns.*" },
	{ .prefix = "call:", .argument = "NAME",
	  .wanted = "the name of a system call or a glob, as call:setns",
	  .fits = call_fits, .offer = call_offer,
	  .help = "the scenarios whose steps make that system call, and the cells that say that "
		  "actors are placed by it: a name or a glob, as call:setns" },
	{ .prefix = "tag:", .argument = "NAME",
	  .wanted = "a tag, as tag:smoke",
	  .fits = tag_fits, .words = tag_symbols,
	  .help = "the scenarios that have that tag" },
	{ .prefix = "@", .argument = "NAME",
	  .wanted = "a tag, as @smoke",
	  .fits = tag_fits, .words = tag_symbols,
	  .help = "the same as tag:NAME" },
	{ .prefix = "", .argument = "PATH", .fits = path_fits, .path = true,
	  .help = "all scenarios of a suite's file, or of a directory's: whatever exists, has a / "
		  "in it or ends in .yaml" },
	{ .prefix = "", .argument = "ID", .fits = id_fits, .offer = id_offer, .home = id_home,
	  .help = "a family, a suite, a scenario or a cell, by its dotted name or the beginning "
		  "of it; a scenario also by its last part; or a glob of names" },
	{ 0 }
};

/* The kind whose prefix TEXT begins with, or NULL. */
static const struct selector_kind *prefixed(const char *text)
{
	for (const struct selector_kind *k = selector_kinds; *k->prefix; k++)
		if (!strncmp(text, k->prefix, strlen(k->prefix)))
			return k;
	return NULL;
}

static bool looks_like_path(const char *text)
{
	struct stat st;
	size_t len = strlen(text);

	return stat(text, &st) == 0 || strchr(text, '/') ||
		(len > 5 && !strcmp(text + len - 5, ".yaml"));
}

static const struct selector_kind *kind_of(const char *text)
{
	const struct selector_kind *k = prefixed(text);
	bool path = looks_like_path(text);

	for (size_t i = 0; !k; i++)
		if (!*selector_kinds[i].prefix && selector_kinds[i].path == path)
			k = &selector_kinds[i];
	return k;
}

bool selector_alien(const char *text, struct nearest *n)
{
	if (prefixed(text) || looks_like_path(text) || !strchr(text, ':'))
		return false;
	for (const struct selector_kind *k = selector_kinds; *k->prefix; k++)
		nearest_offer(n, k->prefix);
	return true;
}

/* Of the command line: the word itself is where a problem is. */
static struct mark place(const char *text, struct mark at)
{
	return at.file ? at : (struct mark){ .file = text };
}

/* "clause:NAME, call:NAME, ... or ID" */
static const char *all_kinds(struct pool *pool)
{
	const char *text = "";

	for (const struct selector_kind *k = selector_kinds; k->fits; k++)
		text = pool_printf(pool, "%s%s%s%s", text, !*text ? "" : k[1].fits ? ", " : " or ",
				   k->prefix, k->argument);
	return text;
}

const char *selector_path(struct pool *pool, const char *path, struct mark at,
			  struct problems *problems)
{
	char real[PATH_MAX];

	if (paths_real(path, real))
		return pool_strdup(pool, real);
	problem_add(problems, at, "%s%s", at.line ? pool_printf(pool, "%s: ", path) : "",
		    errno == ENOENT || errno == ENOTDIR ? "no such file or directory" :
		    strerror(errno));
	return NULL;
}

void selector_read(struct pool *pool, const char *text, struct mark at, struct selector *selector,
		   struct problems *problems)
{
	const struct selector_kind *k = kind_of(text);
	const char *what = text + strlen(k->prefix);
	struct nearest n = { .word = pool_strndup(pool, text, strcspn(text, ":") + 1) };
	struct mark problem = place(text, at);

	*selector = (struct selector){ .kind = k, .text = text, .what = what, .at = at };
	if (selector_alien(text, &n)) {
		problem_add(problems, problem, "selectors do not begin with %s%s", n.word,
			    nearest_hint(pool, &n));
	} else if (!*text) {
		problem_add(problems, problem, "expected a selector: %s", all_kinds(pool));
	} else if (!*what) {
		/* After a prefix another colon would be one too many. */
		if (!at.file)
			problem.file = pool_printf(pool, "'%s'", text);
		problem_add(problems, problem, "expected %s", k->wanted);
	} else if (k->words) {
		struct loader l = { .pool = pool, .problems = problems };
		struct value *word = value_str(pool, what);

		word->at = problem;
		load_symbol(&l, word, k->words, "a tag");
	} else if (k->path) {
		selector->what = selector_path(pool, text, problem, problems);
	}
}

bool selector_fits(const struct selector *selector, const struct subject *subject)
{
	return selector->kind->fits(selector->what, subject);
}
