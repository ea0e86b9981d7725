/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where packages, distributions and build trees have a kernel, its modules and its config.
 */
#ifndef NSC_LAYOUT_H
#define NSC_LAYOUT_H

#include <stdbool.h>

#include "nsc/pool.h"

enum layout_kind { LAYOUT_KERNEL, LAYOUT_CONFIG, LAYOUT_MODULE };

/*
 * What a file of a package is by its place, which is from the root on without a slash before it,
 * and of which release; false when it is none of these.  LAYOUT_MODULE is anything below the
 * directory of modules.
 */
bool layout_of(struct pool *pool, const char *path, enum layout_kind *kind, const char **release);
/* Modules and config of the kernel in that file, found by its path; NULL for what is missing. */
const char *layout_modules(struct pool *pool, const char *kernel);
const char *layout_config(struct pool *pool, const char *kernel);

#endif
