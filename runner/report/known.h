/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Known issues: fixtures/known/FILE.yaml lists rules that a kernel really breaks, each with
 * a reference and evidence.  They turn a failure into `ok # XFAIL id`, never a broken
 * cell, and an unexpected pass is reported.
 */
#ifndef NSC_KNOWN_H
#define NSC_KNOWN_H

#include "report/judge.h"
#include "load/problems.h"

struct known {
	struct mark at;
	const char *id, *reference, *evidence;
	struct strs cells; /* glob patterns of cell names */
	struct strs log;   /* regular expressions of kernel log lines: it is about these alone */
	int since, until;
	const char *runtime; /* it is this runtime's, and the bounds are its versions */
	const char *from, *below;
	const char *op, *field; /* only of cells that expect this, and where just this fails */
};

struct known_list {
	struct known *v;
	size_t n, room;
};

extern const struct word known_words[];

/* Read all files of DIR; none is fine. */
void known_load(struct pool *pool, const char *dir, struct known_list *list,
		struct problems *problems);
/* Change the verdict of the script's cell where the list knows of it. */
void known_apply(struct pool *pool, const struct known_list *list, int release,
		 const struct script *script, struct verdict *verdict);
/*
 * Judge what the kernel logged while the cell NAME ran: lines that no issue lists are in
 * VERDICT->log and ->own_log, and make the cell fail over the latter.
 */
void known_log(struct pool *pool, const struct known_list *list, int release, const char *name,
	       const struct trace *trace, struct verdict *verdict);

#endif
