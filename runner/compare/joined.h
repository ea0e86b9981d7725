/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The cells of several runs, joined by their names: what matrix counts, and what compare explains.
 */
#ifndef NSC_JOINED_H
#define NSC_JOINED_H

#include <uthash.h>

#include "report/ran.h"

struct joined_cell {
	const char *name, *scenario;
	const struct record **in; /* of each run; NULL: it has no record of the cell */
	UT_hash_handle hh;
};

struct joined {
	struct pool *pool;
	const struct ran *runs;
	size_t n;		   /* runs */
	struct joined_cell *cells; /* a hash table by name, in the order of the first run */
};

/* Join the N RUNS, which stay where they are. joined_free() is for the table alone. */
void joined_make(struct joined *j, struct pool *pool, const struct ran *runs, size_t n);
void joined_free(struct joined *j);
const struct joined_cell *joined_find(const struct joined *j, const char *name);
/* The last name of the path that the run was given by (from POOL). */
const char *ran_title(struct pool *pool, const struct ran *ran);

#endif
