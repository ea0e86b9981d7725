/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which suites to load and which of their cells to take: the sum of what selectors name, less what
 * is excluded.
 */
#ifndef NSC_SELECT_H
#define NSC_SELECT_H

#include "plan/plan.h"
#include "plan/selector.h"
#include "load/problems.h"

/* What narrows a selection from the beginning: texts of options. */
struct narrowing {
	struct strs suites;	/* paths of what to select from; none: those of nsconform */
	struct strs exclude;	/* selectors */
	struct strs skip_files; /* of selectors, one a line */
	bool checked;		/* the suites have been loaded and checked elsewhere */
};

struct selectors {
	struct selector *v;
	size_t n, room;
};

struct selection {
	struct pool *pool;
	struct catalogue catalogue;
	struct problems problems;
	struct suite **suites;
	size_t n_suites;
	struct selectors take, exclude; /* nothing to take: everything */
	const char **patterns; /* the texts to take that are no paths */
	size_t n_patterns;
	bool part; /* of a run: all of it may be excluded */
};

/* Load what ARGS (NULL-terminated) name. False when there are problems, printed to stderr. */
bool select_load(struct selection *s, struct pool *pool, char *const *args);
/* The same, narrowed; NARROW may be NULL. */
bool select_load_narrow(struct selection *s, struct pool *pool, char *const *args,
			const struct narrowing *narrow);
void select_free(struct selection *s);
#define AUTO_SELECTION __attribute__((cleanup(select_free))) struct selection
/*
 * Plan the selected cells; false when a selector names none, said on stderr. There may be none for
 * a reason that is no mistake, PLAN->empty.
 */
bool select_plan(const struct selection *s, struct plan *plan, bool controls);

#endif
