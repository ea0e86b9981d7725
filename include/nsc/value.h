/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The one dynamic type: what YAML is read into, what travels between controller and
 * agent, and what a trace holds.  Values live in a pool and are immutable once built,
 * but for lists and maps under construction.
 */
#ifndef NSC_VALUE_H
#define NSC_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "nsc/pool.h"

enum value_type {
	VALUE_NIL,
	VALUE_BOOL,
	VALUE_INT,
	VALUE_STR,
	VALUE_LIST,
	VALUE_MAP,
	VALUE_FD, /* an open descriptor; on the wire, an index into the message's SCM_RIGHTS */
};

/* Where a value stands in a file; line and column count from 1, 0 means nowhere. */
struct mark {
	const char *file;
	int line, column;
};

struct value {
	enum value_type type;
	bool quoted; /* a YAML scalar in quotes: never read as a number, bool or reference */
	bool dollar; /* a string with a dollar sign, or a list or map with such a string below it */
	struct mark at;
	union {
		bool b;
		int64_t i;
		int fd;
		struct {
			const char *s;
			size_t len;
		} str;
		struct {
			struct value **items; /* for a map: key, value ...; keys are strings */
			uint32_t n, room;     /* for a map: n counts both keys and values */
		} list;
	};
};

struct value *value_nil(struct pool *pool);
struct value *value_bool(struct pool *pool, bool b);
struct value *value_int(struct pool *pool, int64_t i);
struct value *value_str(struct pool *pool, const char *s); /* copies */
struct value *value_strn(struct pool *pool, const char *s, size_t len);
struct value *value_fd(struct pool *pool, int fd); /* does not own the descriptor */
struct value *value_list(struct pool *pool);
struct value *value_map(struct pool *pool);

/* A list or map of the N ITEMS, which are complete. */
struct value *value_of_items(struct pool *pool, enum value_type type, struct value *const *items,
			     size_t n);
/* ITEM is complete: LIST notes whether it has a dollar sign. */
void value_push(struct pool *pool, struct value *list, struct value *item);
void value_put(struct pool *pool, struct value *map, const char *key, struct value *item);

/* A with B put into it: maps key by key, lists one behind the other without what both have; of
 * anything else, B. */
const struct value *value_merge(struct pool *pool, const struct value *a, const struct value *b);
/* The map BASE (or NULL) with OVER's entries instead of its own; a nil entry removes. OVER may be
 * NULL. */
const struct value *value_lay_over(struct pool *pool, const struct value *base,
				   const struct value *over);
/* NULL when MAP is no map or has no such key. */
const struct value *value_get(const struct value *map, const char *key);
/* NUL-terminated text of a string value, NULL for another type. */
const char *value_text(const struct value *v);
bool value_is(const struct value *v, const char *text); /* a string equal to TEXT */
bool value_true(const struct value *v); /* the boolean true; V may be NULL */
bool value_equal(const struct value *a, const struct value *b);
const char *value_type_name(enum value_type type);
/* One line for people, as YAML flow: `[1, "a b"]`. */
const char *value_show(struct pool *pool, const struct value *v);

#endif
