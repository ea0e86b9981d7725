/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A saved trace, read back: its header has the suite as it was then, and each further line is what
 * was seen in a cell of it (trace/trace.h).
 */
#ifndef NSC_TRACED_H
#define NSC_TRACED_H

#include "load/clauses.h"
#include "machine/confine.h"
#include "plan/plan.h"
#include "trace/trace.h"

struct traced {
	struct pool *pool;
	struct catalogue *catalogue;
	struct problems *problems;
	struct confinement confinement; /* of the run that was traced */
	struct suite *suite;
	struct plan plan;
	int release; /* of the kernel that was judged */
	bool marked; /* it has end marks */
	struct traced_name {
		const char *name;
		size_t cell;
	} *names;    /* of the plan's cells, in order */
};

/* What was seen in a cell. */
struct traced_cell {
	const char *name;
	struct script script;
	struct trace trace;
};

/*
 * Load the suite that HEADER has, and plan it for the runtime and the version that were there;
 * .pool, .catalogue and .problems are set. PATH is the trace's, for problems; false when there were
 * any.
 */
bool traced_begin(struct traced *t, const struct value *header, const char *path);
/* False when LINE, with strings and values that live in POOL, is of no cell of the suite. */
bool traced_read(struct traced *t, struct pool *pool, const struct value *line,
		 struct traced_cell *cell);

#endif
