/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef NSC_PATHS_H
#define NSC_PATHS_H

#include <limits.h>
#include <stdbool.h>

#include "nsc/pool.h"

/*
 * Where suites/ and fixtures/ are: $NSCONFORM_DATA, else the nearest directory above the
 * binary that has suites/clauses, else the installed place.
 */
const char *paths_data(struct pool *pool, const char *below);
/* The same as a pattern of glob(3), which BELOW is. */
const char *paths_glob(struct pool *pool, const char *below);
/* How this program was called, as shell words: with $NSCONFORM_DATA where that matters. */
const char *paths_program(struct pool *pool);
/*
 * realpath(3), also of what only the working directory leads to: it may be below a directory that
 * this user may not search, as that of root for whom setpriv(1) has made another user. False
 * leaves errno.
 */
bool paths_real(const char *path, char real[PATH_MAX]);

#endif
