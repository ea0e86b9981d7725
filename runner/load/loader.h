/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the parts of the loader share: value tree to suite.  Every take function reports
 * what is wrong and goes on, so that all problems come out together.
 */
#ifndef NSC_LOADER_H
#define NSC_LOADER_H

#include "load/suite.h"

struct loader {
	struct pool *pool;
	struct problems *problems;
	struct catalogue *catalogue;
	const struct suite_checks *checks; /* of a suite */
	struct suite *suite;
	struct scenario *scenario; /* being loaded */
	size_t problems_before;	   /* when its loading began */
};

#define load_problem(l, v, ...) problem_add((l)->problems, (v)->at, __VA_ARGS__)

/* Give each entry of MAP to its word; report unknown, missing and non-map. WHAT names the thing. */
void load_words(struct loader *l, const struct word *words, const struct value *map, void *object,
		const char *what);
const struct word *word_find(const struct word *words, const char *name);

/* Typed readers: report and return NULL/0/false when V is of another type. */
const char *load_text(struct loader *l, const struct value *v);
const char *load_id(struct loader *l, const struct value *v); /* [a-z0-9_-]+ */
bool load_bool(struct loader *l, const struct value *v);
int load_release(struct loader *l, const struct value *v);
int64_t load_time(struct loader *l, const struct value *v);
struct strs load_strs(struct loader *l, const struct value *v); /* one string or a list */
const struct value *load_map(struct loader *l, const struct value *v);
unsigned load_ns(struct loader *l, const struct value *v); /* one kind or a list: NSM_* */
/* Index of the symbol's value, or -1. */
int64_t load_symbol(struct loader *l, const struct value *v, const struct symbol *symbols,
		    const char *what);
/* The scenario's actor of that name, or -1; reported. */
int load_actor_name(struct loader *l, const struct value *v);

void load_actors(struct loader *l, const struct value *v, struct scenario *s);
/* The scenario's first steps: those that make its links. */
void load_links(struct loader *l, const struct value *v);
/* Its own steps, behind those. */
void load_steps(struct loader *l, const struct value *v, struct scenario *s);
/* One parameter or attribute map against its fields; references are left to run time. */
void load_fields(struct loader *l, const struct field *fields, const struct value *map,
		 const struct value *at, const char *what);

typedef void take_entry(struct loader *l, const struct value *entry, void *list);
/* Every entry of every DIR/NAME.yaml, which is a list below KEY, in order; no DIR, no entries. */
void load_entries(struct loader *l, const char *dir, const char *key, take_entry *take, void *list);

#endif
