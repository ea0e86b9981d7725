/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reading a results directory back; output.c and run_file.c write it.
 */
#ifndef NSC_RECORDS_H
#define NSC_RECORDS_H

#include <stdio.h>

#include "load/problems.h"
#include "report/record.h"

typedef void take_record(const struct record *record, void *context);

/*
 * Give every record of DIR to TAKE, in order; its texts live until TAKE returns. Of records from
 * before there was a version only cell, verdict and what explains it are there. A line that is no
 * record is a problem.
 */
void records_read(const char *dir, take_record *take, void *context, struct problems *problems);
/* The same; the texts live in POOL, or until TAKE returns if that is NULL. */
void records_read_into(struct pool *pool, const char *dir, take_record *take, void *context,
		       struct problems *problems);
/* The same from the lines of F, which messages call NAME. */
void records_read_lines(FILE *f, const char *name, struct pool *pool, take_record *take,
			void *context, struct problems *problems);

/* PATH is the file of the record. */
typedef void take_run(const struct run_record *run, const char *path, void *context);

/*
 * Give the runs of DIR to TAKE: run.json, or those of its parts; where there are neither, as in
 * results of before there was a version, what environment.json knows, with RUN_UNKNOWN. The
 * records live in PROBLEMS' pool.
 */
void runs_read(const char *dir, take_run *take, void *context, struct problems *problems);
/* Where the names of a run's plan are, PATH being the file of its record (from POOL). */
const char *run_plan_path(struct pool *pool, const char *path);
/* The names in that file, in the order of the plan; none when it is not there. */
void run_plan_read(struct pool *pool, const char *path, struct strs *names);
/* Why there may be more to the run than its results have, or NULL. */
const char *run_unended(const struct run_record *run);
/* Say on stderr which runs of DIR have not ended; whether there are any. */
bool runs_tell_unended(const char *dir, struct problems *problems);

#endif
