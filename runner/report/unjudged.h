/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Why a run judged nothing: the reasons of its skips, counted.
 */
#ifndef NSC_UNJUDGED_H
#define NSC_UNJUDGED_H

#include "nsc/pool.h"

struct reason {
	const char *reason, *detail, *remedy; /* detail and remedy may be NULL */
	size_t n;
};

struct unjudged {
	struct pool *pool; /* the texts are copied */
	struct reason *v;
	size_t n, room, cells;
};

/* A cell skips. DETAIL and REMEDY may be NULL. */
void unjudged_add(struct unjudged *u, const char *reason, const char *detail, const char *remedy);
/* The reason of most skips, or NULL. */
const struct reason *unjudged_first(const struct unjudged *u);
/* One line: how many cells skip, why most of them do, and the remedy. */
const char *unjudged_text(struct pool *pool, const struct unjudged *u);

#endif
