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

/* In .statuses: a cell that the run did not come to. */
enum { EXPORT_MISSED = -1 };

struct export_format {
	const char *name; /* NULL ends them */
	const char *doc;  /* after the name, in help */
	bool several;	  /* whether it can show more than one run */
	bool recorded;	  /* whether it is no use without the record of the run */
	export_write *write;
	/* What the format has in place of each enum verdict_kind and of EXPORT_MISSED; NULL: they
	 * are shown as they are. */
	const struct symbol *statuses;
	/* Why it cannot be written, by the environment variables that it reads (from POOL), or
	 * NULL; NULL: it always can. */
	const char *(*unready)(struct pool *pool);
};

extern const struct export_format export_formats[];

/* The row of NAME, or NULL. */
const struct export_format *export_find(const char *name);
/* That there is no format NAME, and which there are (from POOL). */
const char *export_unknown(struct pool *pool, const char *name);

export_write export_baseline, export_html, export_junit, export_junit_10, export_kcidb, export_md,
	export_tmt;
extern const struct symbol junit_statuses[], kcidb_statuses[], tmt_statuses[];
const char *kcidb_unready(struct pool *pool);

#endif
