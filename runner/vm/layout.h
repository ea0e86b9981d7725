/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where packages, distributions and build trees have a kernel, its modules and its config.
 */
#ifndef NSC_LAYOUT_H
#define NSC_LAYOUT_H

#include "nsc/pool.h"

/* The kernel in the tree below DIR, or NULL. */
const char *layout_kernel(struct pool *pool, const char *dir);
/* Modules and config of that kernel, found by its path; NULL for what is missing. */
const char *layout_modules(struct pool *pool, const char *kernel);
const char *layout_config(struct pool *pool, const char *kernel);

#endif
