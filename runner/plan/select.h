/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which suites to load and which of their cells to take: PATH, ID, GLOB or @TAG.
 */
#ifndef NSC_SELECT_H
#define NSC_SELECT_H

#include "plan/plan.h"
#include "load/problems.h"

struct selection {
	struct pool *pool;
	struct catalogue catalogue;
	struct problems problems;
	struct suite **suites;
	size_t n_suites;
	const char **patterns; /* of cell names, scenario ids and @tags; n is 0: everything */
	size_t n_patterns;
};

/* Load what ARGS (NULL-terminated) name. False when there are problems, printed to stderr. */
bool select_load(struct selection *s, struct pool *pool, char *const *args);
void select_free(struct selection *s);
#define AUTO_SELECTION __attribute__((cleanup(select_free))) struct selection
/* Plan the selected cells; false when a pattern selects none, said on stderr. */
bool select_plan(const struct selection *s, struct plan *plan, bool controls);

#endif
