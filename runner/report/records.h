/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reading results back: a directory that a run has left (output.c and run_file.c write it), or a
 * file (export/baseline.c) whose first line is the run's record and whose others are those of
 * cells, compressed or not. The name of such a file in results/baseline stands for it.
 */
#ifndef NSC_RECORDS_H
#define NSC_RECORDS_H

#include <stdio.h>

#include "load/problems.h"
#include "report/record.h"

typedef void take_record(const struct record *record, void *context);

/*
 * Give every record of NAME to TAKE, in order; its texts live until TAKE returns. Of records from
 * before there was a version only cell, verdict and what explains it are there. A line that is no
 * record is a problem.
 */
void records_read(const char *name, take_record *take, void *context, struct problems *problems);
/* The same from the lines of F, which messages call NAME. */
void records_read_lines(FILE *f, const char *name, take_record *take, void *context,
			struct problems *problems);

/* PATH is the file of the record. */
typedef void take_run(const struct run_record *run, const char *path, void *context);

/*
 * Give the runs of NAME to TAKE: run.json, or those of its parts; where there are neither, as in
 * results of before there was a version, what environment.json knows, with RUN_UNKNOWN. The
 * records live in PROBLEMS' pool.
 */
void runs_read(const char *name, take_run *take, void *context, struct problems *problems);
/* Where the names of a run's plan are, PATH being the file of its record (from POOL). */
const char *run_plan_path(struct pool *pool, const char *path);
/* The names in that file, in the order of the plan; none when it is not there. */
void run_plan_read(struct pool *pool, const char *path, struct strs *names);
/* The same of the file PATH itself. */
void plan_names_read(struct pool *pool, const char *path, struct strs *names);
/* Where what came of cells is, while further attempts of these are under way: records as of
 * cells.jsonl, of which the last one of a cell counts, if cells.jsonl has none (from POOL). */
const char *run_attempts_path(struct pool *pool, const char *path);
/* Why there may be more to the run than its results have, or NULL. */
const char *run_unended(const struct run_record *run);
/* Say on stderr which runs of NAME have not ended; whether there are any. */
bool runs_tell_unended(const char *name, struct problems *problems);

#endif
