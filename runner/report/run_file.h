/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A run's own record in its results directory (report/record.h): there from its beginning, and
 * replaced as a whole at its end. It also keeps a second run out of the directory.
 */
#ifndef NSC_RUN_FILE_H
#define NSC_RUN_FILE_H

#include "report/record.h"
#include "report/report.h"

struct run_file {
	const char *path;
	struct run_record record;
};

/*
 * Whether DIR has results of another run, then with a message: of anyone's for a run of its own
 * (PART is NULL), of one of its own or of the same part for a part.
 */
bool run_file_taken(struct pool *pool, const char *dir, const char *part);
/*
 * F->record is set up but for id, version, state and time; the names of the PLAN go beside it. DIR
 * is NULL where the record is wanted, and no file. False with a message when they cannot be
 * written, or another run was faster.
 */
bool run_file_begin(struct run_file *f, struct pool *pool, const char *dir, const char *part,
		    const struct strs *plan);
/* Write the names of a plan to the file PATH; false with a message. */
bool run_file_names(const char *path, const struct strs *names);
/* Replace what is there by F->record. */
bool run_file_write(const struct run_file *f, struct pool *pool);
/* How a record has TOTALS (from POOL). */
const struct value *run_file_totals(struct pool *pool, const struct totals *totals);
bool run_file_end(struct run_file *f, struct pool *pool, enum run_state state, int status,
		  const struct totals *totals);

#endif
