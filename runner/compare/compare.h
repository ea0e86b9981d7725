/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One run against an earlier one, cell by cell: what changed, whether that is a regression, and
 * what explains it.
 */
#ifndef NSC_COMPARE_H
#define NSC_COMPARE_H

#include <stdio.h>

#include "report/change.h"
#include "compare/joined.h"
#include "compare/slower.h"
#include "report/fail_on.h"

struct difference {
	const char *name, *scenario;
	const struct record *base, *new; /* one of them may be NULL */
	enum change change;
	bool regression;
	const char *why; /* what explains it, or NULL */
};

struct comparison {
	struct pool *pool;
	const struct ran *base, *new;
	struct difference *v; /* by class of change, scenario and name */
	const struct difference **by_name;
	size_t n;
	size_t counts[CHANGES];
	size_t both, alike; /* cells that both have; that are no difference */
	size_t judged;	    /* cells that both have judged */
	size_t regressions;
	struct slowness slowness;
};

/* Whether cells of the two are alike in kind: those of boxes have the names of native ones, and are
 * others. */
bool comparable(const struct ran *a, const struct ran *b);
/* FAIL_ON says which new skips, known issues and unexpected passes are regressions; or NULL. */
void compare(struct comparison *c, struct pool *pool, const struct ran *base, const struct ran *new,
	     const struct fail_on *fail_on);
/*
 * Each of the N RUNS against the first one: of runs of runtimes against the first of these, and of
 * others against the first of those. The comparisons are in POOL, in the order of RUNS.
 */
struct comparison *compare_all(struct pool *pool, const struct ran *runs, size_t n,
			       const struct fail_on *fail_on, size_t *n_comparisons);
/* The difference of the cell NAME, or NULL. */
const struct difference *comparison_find(const struct comparison *c, const char *name);
/* EXIT_FAILED with a regression, EXIT_BROKEN when NEW has no end, or nothing says that it has,
 * EXIT_UNJUDGED when there is nothing to compare, else EXIT_GOOD. */
int comparison_status(const struct comparison *c);
/* The first of these that one of the N comparisons comes to. */
int comparisons_status(const struct comparison *v, size_t n);
/* What the status says, in a sentence (from POOL). */
const char *comparison_conclusion(struct pool *pool, const struct comparison *c);
/* For people: a screenful, or ALL of it. */
void comparison_print(const struct comparison *c, bool all, FILE *out);
/* One JSON object. */
void comparison_print_json(const struct comparison *c, FILE *out);

#endif
