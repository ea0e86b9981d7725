/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A run in a line, and in what two runs differ beside their cells.
 */
#ifndef NSC_DESCRIBE_RAN_H
#define NSC_DESCRIBE_RAN_H

#include "report/ran.h"

/* What was run, and whether all of it was (from POOL). */
const char *ran_describe(struct pool *pool, const struct ran *ran);
/* "" when they do not; the kernel is not among it, as ran_describe() says it (from POOL). */
const char *ran_differs(struct pool *pool, const struct ran *base, const struct ran *new);
/* What has to be the same for two runs to be parts of one: NULL, or what is not (from POOL). */
const char *ran_unlike(struct pool *pool, const struct ran *a, const struct ran *b);

#endif
