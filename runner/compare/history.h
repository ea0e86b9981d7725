/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From which kernel to which each clause holds, by runs of several.
 */
#ifndef NSC_HISTORY_H
#define NSC_HISTORY_H

#include <stdio.h>

#include "compare/joined.h"

/*
 * A line for each clause that not all of the kernels keep: what became of it from the oldest one to
 * the newest, whatever the order of the runs. Runs of runtimes are left out.
 */
void history_print(const struct joined *j, FILE *out);

#endif
