/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A trace is what was seen in one cell: an outcome for each step of its script.  It is
 * all that the judge gets, and what is saved.
 *
 * A saved trace is a file of JSON lines: a header (nsconform_trace: its version; command,
 * release, file, source, and for boxes runtime, version, inside), a line for each cell, and
 * an end mark for each run that added cells. The cells of all end marks together are those of the
 * file: a run that was killed leaves none, and what it did cannot be mistaken for all of it.
 * Version 1, made before there were end marks, has the release as one number.
 */
#ifndef NSC_TRACE_H
#define NSC_TRACE_H

#include "plan/script.h"

enum { TRACE_VERSION = 2 };

enum outcome_status {
	OUTCOME_NONE,	/* not reached */
	OUTCOME_DONE,	/* the kernel answered: error and out count */
	OUTCOME_BROKEN, /* it could not be tried: why */
	OUTCOME_LIED,	/* the kernel does not do what it says: lie */
	OUTCOME_LOST,	/* the actor's box was gone, which its runtime must explain: why */
};

struct outcome {
	enum outcome_status status;
	int error;		 /* positive errno, or 0 */
	const struct value *out; /* map of results, when error is 0 */
	const struct value *with; /* the parameters as they were sent */
	const char *why;
	const struct value *lie; /* a map of struct lie */
	int64_t took_ns;
	bool waited_out; /* a limit on waiting was reached: it may only have been late */
};

struct trace {
	const char *broken; /* the world could not be built, or the cell was killed: why */
	bool late;	    /* a deadline ended it */
	bool died;	    /* who plays an actor died, and was not to */
	int attempt;	    /* which one this is of several, from 1; 0: there was one */
	const struct value *attempts; /* what the others gave (report/flaky.h), or NULL */
	const char *tried_again; /* alone, with more patience: what had happened before; or NULL */
	int64_t started_ns; /* in sys_wall_ns() terms of the machine it ran on; 0: not known */
	int64_t took_ns;
	const struct value *lie; /* the same, found when an actor was made, or NULL: the last that
				  * was done in the cell */
	struct outcome *outcomes;
	size_t n;
	/* What the kernel logged meanwhile, lists of lines, or NULL: */
	const struct value *log;     /* over this cell or something else on the machine */
	const struct value *own_log; /* over this cell and nothing else */
};

/* Whether step AT is about an actor whose box was refused, and speaks only of a started one. */
bool trace_left_out(const struct script *script, const struct trace *trace, size_t at);

/* V, of step AT, with references to what it and those before it saved replaced and $$ undone; NULL
 * when one is missing, named in *MISSING. */
const struct value *trace_resolve(struct pool *pool, const struct script *script,
				  const struct trace *trace, size_t at, const struct value *v,
				  const char **missing);

/* One line of JSON for the cell, and back (from a parsed line). */
const char *trace_line(struct pool *pool, const char *name, const struct script *script,
		       const struct trace *trace);
/* The end mark of a run that has written CELLS lines; INTERRUPTED: its plan has more. */
const char *trace_end(struct pool *pool, size_t cells, bool interrupted);
/* False when LINE does not fit the script. */
bool trace_read(struct pool *pool, const struct value *line, const struct script *script,
		struct trace *trace);
/* The same of a trace_line() that has been kept; whatever it is, TRACE is one afterwards. */
void trace_read_line(struct pool *pool, const char *line, const struct script *script,
		     struct trace *trace);
/*
 * The cell was tried twice: put what the kernel logged in the first try, of which FIRST is the
 * trace_line(), before what it logged in the second. Only lateness is forgiven by another try.
 */
void trace_keep_log(struct pool *pool, const char *first, struct trace *second);

#endif
