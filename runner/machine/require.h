/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a cell needs of the machine.  A need is `GROUP.REST`, one row a group; it is probed
 * once, when first asked for, and what is missing becomes a skip (machine/missing.h) whose
 * remedy someone can act on.
 */
#ifndef NSC_REQUIRE_H
#define NSC_REQUIRE_H

#include <stdbool.h>

#include "machine/missing.h"

struct requirement {
	const char *name;   /* config, link, ... or feature.X in full */
	const char *rest;   /* what REST stands for, or NULL when the name is whole */
	const char *doc;
	const char *remedy; /* printf format with one %s for REST, or none */
	/* Whether it is met; else fills M by lacks() or cannot(), with texts from POOL. */
	bool (*probe)(struct pool *pool, const char *rest, struct missing *m);
};

extern const struct requirement requirements[];

/* NULL, or what is wrong with the word NEED. */
const char *require_check(struct pool *pool, const char *need);

/* Whether the machine has NEED; false fills MISSING. Results are cached for the process. */
bool require_met(const char *need, struct missing *missing);

#endif
