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
	size_t n;
	size_t counts[CHANGES];
	size_t both, alike; /* cells that both have; that are no difference */
	size_t judged;	    /* cells that both have judged */
	size_t regressions;
	struct slowness slowness;
};

/* FAIL_ON says which new skips, known issues and unexpected passes are regressions; or NULL. */
void compare(struct comparison *c, struct pool *pool, const struct ran *base, const struct ran *new,
	     const struct fail_on *fail_on);
/* EXIT_FAILED with a regression, EXIT_BROKEN when NEW has no end, EXIT_UNJUDGED when there is
 * nothing to compare, else EXIT_GOOD. */
int comparison_status(const struct comparison *c);
/* For people: a screenful, or ALL of it. */
void comparison_print(const struct comparison *c, bool all, FILE *out);
/* One JSON object. */
void comparison_print_json(const struct comparison *c, FILE *out);

#endif
