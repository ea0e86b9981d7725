/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The clause catalogue: suites/clauses/FAMILY.tsv, one clause a line, read when its family
 * is first asked for.  Waived clauses stand in suites/clauses/waived.tsv, each
 * with a reason and evidence.
 */
#ifndef NSC_CLAUSES_H
#define NSC_CLAUSES_H

#include <uthash.h>

#include "load/problems.h"

struct clause {
	const char *topic, *id, *statement, *source, *since, *config, *privilege, *how, *peers,
		*variants;
	const char *waived, *evidence; /* why no scenario proves it, and what shows that; or NULL */
	unsigned covered;	       /* scenarios that name it */
	int proof;		       /* the strongest of theirs, as enum proof of plan/proof.h */
	bool judged;		       /* a cell of theirs, no control or twin, had a verdict */
	bool elsewhere;		       /* the same, in the run of another machine */
	UT_hash_handle hh;  /* by id */
};

struct family {
	const char *name;
	struct clause *v;
	size_t n;
};

enum { FAMILIES_MAX = 32 };

struct catalogue {
	struct pool *pool;
	const char *dir;
	struct problems *problems;
	struct family families[FAMILIES_MAX];
	size_t n;
	struct clause *by_id;
};

/* Free the index; the clauses are the pool's. */
void catalogue_free(struct catalogue *c);

/* The clause of that id, or NULL; problems with its file are reported once. */
struct clause *clause_find(struct catalogue *c, const char *id);
/* The family's clauses; .n is 0 when there is no such family. */
struct family *catalogue_family(struct catalogue *c, const char *name);
/* Read every family of the directory; names in order. */
void catalogue_load_all(struct catalogue *c);

#endif
