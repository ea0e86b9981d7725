/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reading a results directory's cells.jsonl back; output.c writes it.
 */
#ifndef NSC_RECORDS_H
#define NSC_RECORDS_H

#include "load/problems.h"
#include "report/judge.h"

struct record {
	const char *cell, *scenario;
	enum verdict_kind verdict;
	const char *reason, *message, *remedy; /* or NULL */
	const char *tried_again;	       /* what had happened before a second try, or NULL */
	const struct value *clauses;	       /* a list, or NULL */
};

typedef void take_record(const struct record *record, void *context);

/* Give every record of DIR to TAKE, in order; its texts live until TAKE returns. A line that is
 * no record is a problem. */
void records_read(const char *dir, take_record *take, void *context, struct problems *problems);

#endif
