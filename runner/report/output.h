/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where results go: TAP on stdout, and with --output DIR also
 *   DIR/tap/SUITE.tap           what was printed
 *   DIR/traces/SUITE.jsonl      what was seen: a header line with the suite's text, a line a cell,
 *                               and an end mark with their number (report/trace.h)
 *   DIR/cells.jsonl             one line a cell: name, verdict, clauses; several runs may add to it
 *   DIR/environment.json        the machine
 */
#ifndef NSC_OUTPUT_H
#define NSC_OUTPUT_H

#include <stdio.h>

#include "machine/confine.h"
#include "report/judge.h"
#include "plan/select.h"

struct output {
	struct pool *pool;
	const char *dir; /* NULL: stdout alone */
	const struct runtime *runtime; /* or NULL */
	bool inside;
	const struct confinement *confinement; /* that verdicts take into account, or NULL */
	const char *release;
	const struct value *command; /* a list of texts: what was typed */
	FILE *tap, *cells;
	FILE *trace;
	struct traced {
		const struct suite *suite;
		size_t cells; /* written since its header or last end mark */
	} *traced; /* trace files of this run; the last is the one that is open */
	size_t n_traced, room_traced;
	bool no_traces; /* but of cells that did not go well, when they are there */
	bool failed;
};

/*
 * O is set up but for what is opened here; ENVIRONMENT (JSON) is that of the machine that is
 * judged. False with a message on stderr when O->dir cannot be used.
 */
bool output_open(struct output *o, const struct selection *s, const char *environment);
void output_tap(struct output *o, const char *text, size_t len);
void output_text(struct output *o, const char *text);
bool output_wants_traces(const struct output *o);
/*
 * Record a cell; TRACE is its line, or NULL for a skip; TRIED_AGAIN is the trace's, what had
 * happened before the second try, or NULL.
 */
void output_cell(struct output *o, const struct cell *cell, const char *name,
		 const struct verdict *verdict, const char *tried_again, const char *trace);
/* INTERRUPTED: the plan has more cells. False when anything could not be written. */
bool output_close(struct output *o, bool interrupted);

#endif
