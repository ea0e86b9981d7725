/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Suites that are loaded and checked: what only a whole scenario shows, its scripts show.
 */
#ifndef NSC_CHECK_H
#define NSC_CHECK_H

#include "load/suite.h"

/* NULL when there were problems.  What was CHECKED elsewhere is only read. */
struct suite *suite_load(struct pool *pool, const char *path, struct catalogue *catalogue,
			 struct problems *problems, bool checked);
/* The same from memory; TEXT lives as long as the suite. */
struct suite *suite_parse(struct pool *pool, const char *path, const char *text, size_t len,
			  struct catalogue *catalogue, struct problems *problems);

#endif
