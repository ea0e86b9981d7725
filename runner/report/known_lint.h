/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is wrong with known issues that could be read: patterns that name no cell, entries that
 * cover the same failure, that have expired, that say nowhere where to read about them.
 */
#ifndef NSC_KNOWN_LINT_H
#define NSC_KNOWN_LINT_H

#include "report/known.h"

struct known_lint {
	struct pool *pool;
	const struct known_list *list;
	struct problems *problems;
	size_t **cells; /* of pattern k of entry i: how many cells it names, in the plans so far */
	bool *told;	/* that entries i and j overlap, at i * list->n + j */
};

void known_lint_begin(struct known_lint *lint, struct pool *pool, const struct known_list *list,
		      struct problems *problems);
/* Look at the cells of a plan, all of those that there are for its runtime or without one. */
void known_lint_plan(struct known_lint *lint, const struct plan *plan);
/* Whether an entry about the kernel has a pattern that names no cell yet. */
bool known_lint_wants(const struct known_lint *lint);
/* Which patterns name no cell of the plans so far, as PROBLEMS. */
void known_lint_unnamed(const struct known_lint *lint, struct problems *problems);
/* When there are no more plans. */
void known_lint_end(struct known_lint *lint);

#endif
