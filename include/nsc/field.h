/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A field is one typed parameter or result of an op, one attribute of an actor, or one key of
 * a file: name, documentation, type, range and place in a C struct.  Everything that is said
 * about it (validation, schema, reference, wire) is read from its row.
 */
#ifndef NSC_FIELD_H
#define NSC_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "nsc/value.h"

/* A named number.  Tables end with a row without a name. */
struct symbol {
	const char *name;
	int64_t value;
	const char *doc; /* may be NULL where the name is the kernel's own */
};

struct strs {
	const char **v;
	size_t n;
};

struct ints {
	int64_t *v;
	size_t n;
};

/*
 * Another actor as an op sees it: CRED_SOCK holds one message that the actor
 * sent when it started, so that its credentials can be read in the reader's own terms
 * (actor_pid() in nsc/op.h); PIDFD refers to the process.  Both are -1 when not given; of
 * an actor that was made there is always a pidfd.
 */
struct actor_ref {
	int cred_sock;
	int pidfd;
};

struct actor_refs {
	struct actor_ref *v;
	size_t n;
};

struct fds {
	int *v;
	size_t n;
};

enum field_type {
	FIELD_END,
	FIELD_INT,    /* int64_t */
	FIELD_BOOL,   /* bool */
	FIELD_STR,    /* const char *, NUL-terminated; results may hold any text */
	FIELD_ENUM,   /* int64_t: one of .symbols by name */
	FIELD_FLAGS,  /* uint64_t: list of .symbols by name, or a plain number */
	FIELD_TIME,   /* int64_t nanoseconds: 250ms, 2s, -1000s, 1h, or a number of ns */
	FIELD_ERRNO,  /* int64_t: an errno by name, 0 for none */
	FIELD_ADDR,   /* const char *: IPv4 or IPv6 address, with /LENGTH where it is a prefix */
	FIELD_FD,     /* int: descriptor, -1 when not given; as a result, handed to the controller */
	FIELD_ACTOR,  /* struct actor_ref: parameter only, an actor by name */
	FIELD_STRS,   /* struct strs */
	FIELD_INTS,   /* struct ints */
	FIELD_FDS,    /* struct fds */
	FIELD_ACTORS, /* struct actor_refs: parameter only */
	FIELD_ANY,    /* const struct value *: taken as it is */
	FIELD_TYPES,
	FIELD_KEY = FIELD_TYPES /* key of a file, which .read reads */
};

enum need { OPTIONAL, REQUIRED };

struct loader;

struct field {
	const char *name;
	/* Starts in lower case, no final period, names the unit; that of a key is a sentence. */
	const char *doc;
	enum field_type type;
	enum need need;
	size_t offset;
	int64_t min, max;	       /* FIELD_INT, FIELD_INTS, FIELD_TIME; 0,0 is any */
	int64_t def;		       /* default of an optional number, bool, enum or flags */
	const char *def_str;	       /* default of an optional string; NULL stays NULL */
	const struct symbol *symbols;  /* FIELD_ENUM, FIELD_FLAGS */
	bool counts;   /* FIELD_INT: 0 is none, as where nothing is found */
	bool patience; /* FIELD_TIME: how long to wait for something; longer on slow machines */
	/* Of keys, whose rows are made by the macros K_KIND of runner/load/loader.h, and of records
	 * (runner/report/record.h): */
	const char *shape;	  /* JSON Schema of the value; %s in it: the names of .symbols */
	bool varies;		  /* of records: between two runs of the same thing */
	/* Of keys alone: */
	const char *what;	  /* "expected WHAT" in messages; of a map: what it describes */
	const struct field *keys; /* of a map */
	void (*read)(struct loader *l, const struct field *f, const struct value *v, void *member);
};

/*
 * A row of a table of fields, one macro a kind: F_KIND(struct, member, ..., doc).  Where `need`
 * is asked for it is REQUIRED or OPTIONAL; an optional one is 0, false, NULL or -1 when it is not
 * given, and that of a macro ending in _DEF is DEF.  Each kind has the type of its member beside
 * it, and a row that disagrees with the type of its C member does not compile.
 */
#define FIELD_AT(s, m, ctype) _Generic(((s *)0)->m, ctype: offsetof(s, m))

#define CTYPE_INT int64_t
#define F_INT(s, m, need_, min_, max_, doc_) \
	{ .name = #m, .doc = doc_, .type = FIELD_INT, .need = need_, \
	  .offset = FIELD_AT(s, m, CTYPE_INT), .min = min_, .max = max_ }
#define CTYPE_INT_DEF int64_t
#define F_INT_DEF(s, m, def_, min_, max_, doc_) \
	{ .name = #m, .doc = doc_, .type = FIELD_INT, .def = def_, \
	  .offset = FIELD_AT(s, m, CTYPE_INT_DEF), .min = min_, .max = max_ }
/* A result that is a number of things, of which 0 is none. */
#define CTYPE_TOTAL int64_t
#define F_TOTAL(s, m, doc_) \
	{ .name = #m, .doc = doc_, .type = FIELD_INT, .need = REQUIRED, \
	  .offset = FIELD_AT(s, m, CTYPE_TOTAL), .counts = true }
#define CTYPE_BOOL bool
#define F_BOOL(s, m, doc_) \
	{ .name = #m, .doc = doc_, .type = FIELD_BOOL, .offset = FIELD_AT(s, m, CTYPE_BOOL) }
#define CTYPE_BOOL_DEF bool
#define F_BOOL_DEF(s, m, def_, doc_) \
	{ .name = #m, .doc = doc_, .type = FIELD_BOOL, .def = def_, \
	  .offset = FIELD_AT(s, m, CTYPE_BOOL_DEF) }
#define CTYPE_STR const char *
#define F_STR(s, m, need_, doc_) \
	{ .name = #m, .doc = doc_, .type = FIELD_STR, .need = need_, \
	  .offset = FIELD_AT(s, m, CTYPE_STR) }
#define CTYPE_STR_DEF const char *
#define F_STR_DEF(s, m, def_, doc_) \
	{ .name = #m, .doc = doc_, .type = FIELD_STR, .def_str = def_, \
	  .offset = FIELD_AT(s, m, CTYPE_STR_DEF) }
#define CTYPE_ENUM int64_t
#define F_ENUM(s, m, need_, symbols_, doc_) \
	{ .name = #m, .doc = doc_, .type = FIELD_ENUM, .need = need_, .symbols = symbols_, \
	  .offset = FIELD_AT(s, m, CTYPE_ENUM) }
#define CTYPE_ENUM_DEF int64_t
#define F_ENUM_DEF(s, m, def_, symbols_, doc_) \
	{ .name = #m, .doc = doc_, .type = FIELD_ENUM, .def = def_, .symbols = symbols_, \
	  .offset = FIELD_AT(s, m, CTYPE_ENUM_DEF) }
#define CTYPE_FLAGS uint64_t
#define F_FLAGS(s, m, need_, symbols_, doc_) \
	{ .name = #m, .doc = doc_, .type = FIELD_FLAGS, .need = need_, .symbols = symbols_, \
	  .offset = FIELD_AT(s, m, CTYPE_FLAGS) }
#define CTYPE_TIME int64_t
#define F_TIME(s, m, need_, doc_) \
	{ .name = #m, .doc = doc_, .type = FIELD_TIME, .need = need_, \
	  .offset = FIELD_AT(s, m, CTYPE_TIME) }
#define CTYPE_TIME_DEF int64_t
#define F_TIME_DEF(s, m, def_, doc_) \
	{ .name = #m, .doc = doc_, .type = FIELD_TIME, .def = def_, \
	  .offset = FIELD_AT(s, m, CTYPE_TIME_DEF) }
#define CTYPE_PATIENCE int64_t
#define F_PATIENCE(s, m, def_, doc_) \
	{ .name = #m, .doc = doc_, .type = FIELD_TIME, .def = def_, .patience = true, \
	  .offset = FIELD_AT(s, m, CTYPE_PATIENCE) }
#define CTYPE_ERRNO int64_t
#define F_ERRNO(s, m, doc_) \
	{ .name = #m, .doc = doc_, .type = FIELD_ERRNO, .offset = FIELD_AT(s, m, CTYPE_ERRNO) }
#define CTYPE_ADDR const char *
#define F_ADDR(s, m, need_, doc_) \
	{ .name = #m, .doc = doc_, .type = FIELD_ADDR, .need = need_, \
	  .offset = FIELD_AT(s, m, CTYPE_ADDR) }
#define CTYPE_FD int
#define F_FD(s, m, need_, doc_) \
	{ .name = #m, .doc = doc_, .type = FIELD_FD, .need = need_, \
	  .offset = FIELD_AT(s, m, CTYPE_FD) }
#define CTYPE_ACTOR struct actor_ref
#define F_ACTOR(s, m, need_, doc_) \
	{ .name = #m, .doc = doc_, .type = FIELD_ACTOR, .need = need_, \
	  .offset = FIELD_AT(s, m, CTYPE_ACTOR) }
#define CTYPE_STRS struct strs
#define F_STRS(s, m, need_, doc_) \
	{ .name = #m, .doc = doc_, .type = FIELD_STRS, .need = need_, \
	  .offset = FIELD_AT(s, m, CTYPE_STRS) }
#define CTYPE_INTS struct ints
#define F_INTS(s, m, need_, min_, max_, doc_) \
	{ .name = #m, .doc = doc_, .type = FIELD_INTS, .need = need_, \
	  .offset = FIELD_AT(s, m, CTYPE_INTS), .min = min_, .max = max_ }
#define CTYPE_FDS struct fds
#define F_FDS(s, m, need_, doc_) \
	{ .name = #m, .doc = doc_, .type = FIELD_FDS, .need = need_, \
	  .offset = FIELD_AT(s, m, CTYPE_FDS) }
#define CTYPE_ACTORS struct actor_refs
#define F_ACTORS(s, m, need_, doc_) \
	{ .name = #m, .doc = doc_, .type = FIELD_ACTORS, .need = need_, \
	  .offset = FIELD_AT(s, m, CTYPE_ACTORS) }
#define CTYPE_ANY const struct value *
#define F_ANY(s, m, need_, doc_) \
	{ .name = #m, .doc = doc_, .type = FIELD_ANY, .need = need_, \
	  .offset = FIELD_AT(s, m, CTYPE_ANY) }
#define F_END { .type = FIELD_END }

/*
 * A struct and its table of fields from one list, in which each field stands once:
 *
 *	#define SLEEP_IN(F, S) \
 *		F(S, TIME, takes, REQUIRED, "how long, in nanoseconds") \
 *		F(S, BOOL, deep, "do not wake for signals")
 *	FIELDS(sleep_in, SLEEP_IN);
 *
 * makes `struct sleep_in { int64_t takes; bool deep; }` and the table `sleep_in_fields`.  After S
 * come the kind, which is a macro F_KIND above without its F_, the name, and what is left of that
 * macro's arguments.  A list may contain others: SLEEP_IN(F, S).
 */
#define FIELDS(name, LIST) \
	struct name { LIST(FIELD_MEMBER, struct name) }; \
	static const struct field name##_fields[] = { LIST(FIELD_ROW, struct name) F_END }

#define FIELD_MEMBER(S, kind, member, ...) CTYPE_##kind member;
#define FIELD_ROW(S, kind, member, ...) F_##kind(S, member, __VA_ARGS__),

/* The struct of an op without parameters, or without results. */
struct none {
};

extern const struct field none_fields[];

struct field_kind {
	const char *name;
	const char *doc;
	const char *schema; /* JSON Schema of one value, without symbols and ranges */
	/* NULL when V is acceptable, else what was expected (from POOL or static). */
	const char *(*check)(struct pool *pool, const struct field *f, const struct value *v);
	void (*bind)(struct pool *pool, const struct field *f, const struct value *v, void *member);
	void (*preset)(const struct field *f, void *member);
	struct value *(*unbind)(struct pool *pool, const struct field *f, const void *member);
};

extern const struct field_kind field_kinds[FIELD_TYPES];

const struct field *field_find(const struct field *fields, const char *name);
/* Fill OBJ from MAP; what is missing, or does not pass check(), gets its default. */
void fields_bind(struct pool *pool, const struct field *fields, const struct value *map, void *obj);
struct value *fields_unbind(struct pool *pool, const struct field *fields, const void *obj);

/* The strings in one, with BETWEEN between two. */
const char *strs_join(struct pool *pool, const struct strs *v, const char *between);

const struct symbol *symbol_find(const struct symbol *symbols, const char *name);
const struct symbol *symbol_of(const struct symbol *symbols, int64_t value);

extern const struct symbol errno_symbols[];
/* Name of an errno, "0" for none, "errno 999" for one without a name (from POOL). */
const char *errno_name(struct pool *pool, int64_t number);

/* Nanoseconds of `250ms`; false when TEXT is no time. */
bool time_parse(const char *text, int64_t *ns);

#endif
