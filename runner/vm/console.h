/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reading the console of a machine that died.
 */
#ifndef NSC_CONSOLE_H
#define NSC_CONSOLE_H

#include <stdio.h>

#include "nsc/field.h"
#include "nsc/pool.h"

/* What the kernel said when it panicked, or NULL. */
const char *console_panic(struct pool *pool, const char *console);
/* The most telling lines, as printable ASCII: from the first complaint on, or else the last
 * ones. */
struct strs console_excerpt(struct pool *pool, const char *console);
void console_print(const char *console, FILE *out);

#endif
