/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reports in the formats of others: each is a file of this directory with one function, and a row
 * of export_formats, from which --report, `nsconform report`, their help and the manual come.
 */
#ifndef NSC_EXPORT_H
#define NSC_EXPORT_H

#include <stdio.h>

#include "report/ran.h"

/* Write RUNS, of which there is at least one; scratch memory is in POOL. What cannot be written
 * shows in ferror(OUT). */
typedef void export_write(FILE *out, struct pool *pool, const struct ran *runs, size_t n);

struct export_format {
	const char *name; /* NULL ends them */
	const char *doc;  /* after the name, in help */
	bool several;	  /* whether it can show more than one run */
	export_write *write;
};

extern const struct export_format export_formats[];

/* The row of NAME, or NULL. */
const struct export_format *export_find(const char *name);

export_write export_md;

#endif
