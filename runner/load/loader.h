/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the parts of the loader share: value tree to struct, by tables of fields.  Every function
 * reports what is wrong and goes on, so that all problems come out together.
 */
#ifndef NSC_LOADER_H
#define NSC_LOADER_H

#include "load/seen.h"
#include "load/suite.h"

struct loader {
	struct pool *pool;
	struct problems *problems;
	struct catalogue *catalogue;
	const struct suite_checks *checks; /* of a suite */
	struct scenario *scenario; /* being loaded */
	struct seen ids;	   /* of the suite's scenarios before */
	size_t problems_before;	   /* when its loading began */
};

#define load_problem(l, v, ...) problem_add((l)->problems, (v)->at, __VA_ARGS__)

/*
 * Fill OBJECT from MAP, in the table's order, so that a key may rely on those before it; report
 * unknown and missing keys, values that do not fit, and what is no map. WHAT names the thing.
 */
void load_fields(struct loader *l, const struct field *fields, const struct value *map,
		 void *object, const char *what);
/*
 * Check the parameters of an op, or attributes, without binding them: what holds references has
 * its values only at run time, and ~ leaves an optional one out. What is missing is reported at AT.
 */
void load_params(struct loader *l, const struct field *fields, const struct value *map,
		 const struct value *at, const char *what);
/* The entries of MAP that FIELDS have, and the REST, as maps with MAP's mark. */
struct value *load_split(struct loader *l, const struct field *fields, const struct value *map,
			 struct value **rest);

/* Typed readers: report and return NULL/0/false when V is of another type. */
const char *load_text(struct loader *l, const struct value *v);
const char *load_id(struct loader *l, const struct value *v); /* [a-z0-9_-]+ */
struct strs load_strs(struct loader *l, const struct value *v); /* one string or a list */
const struct value *load_map(struct loader *l, const struct value *v);
/* The symbol's value, or -1. */
int64_t load_symbol(struct loader *l, const struct value *v, const struct symbol *symbols,
		    const char *what);
/* The scenario's actor of that name, or -1; reported. */
int load_actor_name(struct loader *l, const struct value *v);

/* A row of a table of keys, one macro a kind: K_KIND(key, struct, member, need, ..., doc). */
#define KEY(key_, s, m, ctype, need_, doc_, shape_, read_, ...) \
	{ .name = key_, .doc = doc_, .type = FIELD_KEY, .need = need_, \
	  .offset = FIELD_AT(s, m, ctype), .shape = shape_, .read = read_, __VA_ARGS__ }

#define SHAPE_TEXT "{\"type\": \"string\"}"
#define SHAPE_NAMES "{\"type\": [\"array\", \"string\"], \"items\": {\"type\": \"string\"}}"
#define SHAPE_MAP "{\"type\": \"object\"}"
#define SHAPE_ARRAY "{\"type\": \"array\"}"
#define SHAPE_ENUM "{\"enum\": [%s]}"

#define K_TEXT(key, s, m, need, doc) \
	KEY(key, s, m, const char *, need, doc, SHAPE_TEXT, read_text)
#define K_BOOL(key, s, m, need_, doc_) \
	{ .name = key, .doc = doc_, .type = FIELD_BOOL, .need = need_, \
	  .offset = FIELD_AT(s, m, CTYPE_BOOL) }
/* A name as load_id() reads it. */
#define K_NAME(key, s, m, need, doc) KEY(key, s, m, const char *, need, doc, SHAPE_TEXT, read_name)
/* One text or a list. */
#define K_STRS(key, s, m, need, doc) \
	KEY(key, s, m, struct strs, need, doc, SHAPE_NAMES, read_strs)
/* As well, each the name of a symbol. */
#define K_SYMBOLS(key, s, m, need, symbols_, what_, doc) \
	KEY(key, s, m, struct strs, need, doc, \
	    "{\"type\": [\"array\", \"string\"], \"items\": " SHAPE_ENUM "}", read_symbols, \
	    .symbols = symbols_, .what = what_)
/* A kernel release, as release_parse() has it. */
#define K_RELEASE(key, s, m, need, doc) KEY(key, s, m, int, need, doc, SHAPE_TEXT, read_release)
/* A deadline, in nanoseconds, up to WITHIN_MAX_NS. */
#define K_WITHIN(key, s, m, need, doc) KEY(key, s, m, int64_t, need, doc, SHAPE_TEXT, read_within)
#define K_MAP(key, s, m, need, doc) \
	KEY(key, s, m, const struct value *, need, doc, SHAPE_MAP, read_map)
/* One kind of namespace or a list, as NSM_*. */
#define K_KINDS(key, s, m, need, doc) \
	KEY(key, s, m, unsigned, need, doc, "{\"type\": [\"array\", \"string\"]}", read_kinds)
#define K_ENUM(key, s, m, need, symbols_, what_, doc) \
	KEY(key, s, m, int64_t, need, doc, SHAPE_ENUM, read_enum, \
	    .symbols = symbols_, .what = what_)
/* One of two names, those of false and true. */
#define K_EITHER(key, s, m, need, symbols_, doc) \
	KEY(key, s, m, bool, need, doc, SHAPE_ENUM, read_either, \
	    .symbols = symbols_, .what = "a word")
/* A list of names, as their numbers, each once. */
#define K_AXIS(key, s, m, need, symbols_, what_, doc) \
	KEY(key, s, m, struct ints, need, doc, \
	    "{\"type\": [\"array\", \"string\"], \"items\": " SHAPE_ENUM "}", \
	    read_axis, .symbols = symbols_, .what = what_)
/* An actor of the scenario, as its index. */
#define K_ACTOR(key, s, m, need, doc) KEY(key, s, m, int, need, doc, SHAPE_TEXT, read_actor)
/* `ok` or a map of fields. */
#define K_EXPECT(key, s, m, need, doc) \
	KEY(key, s, m, const struct value *, need, doc, "{\"type\": [\"string\", \"object\"]}", \
	    read_expect)
/* What READ_ reads into the object itself: KEYS_ of it, or something special. */
#define K_KEYS(key, need_, keys_, what_, doc_, shape_) \
	{ .name = key, .doc = doc_, .type = FIELD_KEY, .need = need_, .shape = shape_, \
	  .read = read_keys, .keys = keys_, .what = what_ }
#define K_SPECIAL(key, need_, read_, doc_, shape_) \
	{ .name = key, .doc = doc_, .type = FIELD_KEY, .need = need_, .shape = shape_, \
	  .read = read_ }

/* The function read_KIND of a kind whose member, of type CTYPE, is what LOADED makes of V. */
#define READER(kind, ctype, loaded) \
	void read_##kind(struct loader *l, const struct field *f, const struct value *v, \
			 void *member) \
	{ *(ctype *)member = loaded; }

typedef void read_key(struct loader *l, const struct field *f, const struct value *v,
		      void *member);
read_key read_text, read_name, read_strs, read_symbols, read_release, read_within, read_map,
	 read_kinds, read_enum, read_either, read_axis, read_actor, read_expect, read_keys;

void load_actors(struct loader *l, const struct value *v, struct scenario *s);
/* The scenario's first steps: those that make its links. */
void load_links(struct loader *l, const struct value *v);
/* Its own steps, behind those. */
void load_steps(struct loader *l, const struct value *v, struct scenario *s);

typedef void take_entry(struct loader *l, const struct value *entry, void *list);
/* Every entry of every DIR/NAME.yaml, which is a list below KEY, in order; no DIR, no entries. */
void load_entries(struct loader *l, const char *dir, const char *key, take_entry *take, void *list);
/* The same of a file or a directory that somebody has named: it is there, and has such files. */
void load_entries_of(struct loader *l, const char *path, const char *key, take_entry *take,
		     void *list);

#endif
