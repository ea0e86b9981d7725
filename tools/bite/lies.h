/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The lies that can be told in one cell: each is a cell of its own, whose scenario is a copy in
 * which one step is told otherwise.  Nobody else knows: the script is made, carried out and judged
 * as any.
 */
#ifndef BITE_LIES_H
#define BITE_LIES_H

#include <stdint.h>

#include "trace/trace.h"

/* What a step has answered when nobody lied. */
struct answer {
	bool done;
	int error;
	const struct value *out; /* or NULL; descriptors are texts in it */
};

/* A cell as it is. */
struct truth {
	struct cell cell;
	struct script script;
	struct answer *answers; /* one for each step of the script */
};

struct lie_told {
	const struct truth *truth;
	const char *kind; /* NAME or NAME:PARAMETER */
	int actor;	  /* whose placement lies; -1: a step does */
	size_t at;	  /* of that step in the script of the truth */
	size_t step;	  /* of the step in the lied scenario that gives the lied answer */
	size_t act; /* where steps were put in, in the scenario as it is; SIZE_MAX: nowhere */
	struct cell cell;
};

/* The control or twin CELL of the truth, with the lie. */
struct cell lies_companion(const struct lie_told *lie, const struct cell *cell);
/* Call TAKE for each lie that step AT of the cell can be told; lies live in POOL. */
void lies_of(struct pool *pool, const struct truth *truth, size_t at,
	     void (*take)(const struct lie_told *lie, void *context), void *context);
/* The same for the placement of an actor. */
void lies_of_actor(struct pool *pool, const struct truth *truth, size_t actor,
		   void (*take)(const struct lie_told *lie, void *context), void *context);
/* Only looks: has results, and changes nothing. */
bool lies_op_looks(const struct op *op);
/* Whether both answers of step AT are the same, as far as anybody looks at them. */
bool lies_same(struct pool *pool, const struct truth *truth, size_t at, const struct value *a,
	       const struct value *b);
/* A copy that holds no descriptor. */
struct value *lies_copy(struct pool *pool, const struct value *v);

#endif
