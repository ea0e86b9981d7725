/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A runtime as fixtures/runtimes/NAME.yaml, or a user's own file, describes it: what it can
 * make, how it is asked for it, and what it promises.
 */
#ifndef NSC_RUNTIME_H
#define NSC_RUNTIME_H

#include "load/suite.h"
#include "nsc/field.h"
#include "nsc/ns.h"

/* How something is asked for. */
enum way_kind {
	WAY_NEVER,  /* it cannot be had */
	WAY_ALWAYS, /* it comes by itself */
	WAY_CONFIG, /* the generated configuration says it */
	WAY_WORDS,  /* arguments of the launcher say it */
};

struct way {
	enum way_kind kind;
	const struct value *words; /* WAY_WORDS: a list of texts */
};

struct runtime_ns {
	struct way new, host, join;
	const char *since; /* the version from which it can make new ones, or NULL */
};

enum generator { GENERATE_NOTHING, GENERATE_OCI, GENERATE_LXC };

struct runtime {
	const char *file, *name, *about;
	const char *untried; /* why nobody has run it with this file, or NULL */
	struct strs packages, programs;
	const struct value *version; /* {argv, matches} */
	bool any_user;	/* launched also without privilege */
	bool foreign;	/* boxes have a kernel of their own */
	bool host_root; /* boxes see the moat's root directory */
	bool first;	/* the actor is PID 1 of a new PID namespace */
	bool detaches;	/* the launcher may end before the box does */
	bool removes;	/* a launcher that ends with status 0 has removed the box */
	int64_t generate;
	struct strs quirks, directories, inherits, tolerates, lacks_features, without;
	const struct value *daemons, *prepare, *launch, *exec, *cleanup;
	struct runtime_ns ns[NS_COUNT];
	const struct value *options;	 /* name: words, or `config` */
	const struct value *disclaims;	 /* clause: why it is not promised */
	const struct value *environment; /* name: text */
	int64_t within_ns;
	/* NAME=FILE: a program of the file's, and what is run in its place (--runtime-path). */
	struct strs substitutes;
	/* Found out on this machine (runtime/canary.c). */
	const char *installed; /* its version; NULL: not installed */
	const char *specification; /* the version of OCI's that it says it knows, or NULL */
	const char *lacks;     /* why nothing can be launched, or NULL */
	const char *missing;   /* the program that is not there, or NULL */
};

/*
 * NAME_OR_PATH names a file of fixtures/runtimes, or is the path of one; NULL when there were
 * problems.
 */
struct runtime *runtime_load(struct pool *pool, const char *name_or_path,
			     struct problems *problems);
/* How property NAME is asked for. */
struct way runtime_option(const struct runtime *r, const char *name);
/*
 * Why property NAME cannot be had with value V in a box with new namespaces KINDS (NSM_*), or NULL.
 * A `fault` is none of what it knows.
 */
const char *runtime_lack(struct pool *pool, const struct runtime *r, const char *name,
			 const struct value *v, unsigned kinds);
/* What scenarios call $runtime.KEY: of what a process can inherit, what is not among `inherits`. */
const struct value *runtime_value(struct pool *pool, const struct runtime *r, const char *key);
bool runtime_has_quirk(const struct runtime *r, const char *quirk);
/* Whether version A is at least B, both as dotted numbers. */
bool version_reaches(const char *a, const char *b);

extern const struct field runtime_fields[];
extern const struct symbol quirk_symbols[], way_symbols[];

#endif
