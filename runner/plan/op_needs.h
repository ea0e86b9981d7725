/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Words of needs that every cell asks for, found once for the process: of ops, whoever calls them,
 * of namespace kinds, and of the state that a run begins in.
 */
#ifndef NSC_OP_NEEDS_H
#define NSC_OP_NEEDS_H

#include "nsc/ns.h"
#include "nsc/op.h"

/* Needs that values of parameters imply: globs of op and value; %s in the need is the value. */
struct spoken {
	const char *op, *param, *value, *need;
};

struct op_needs {
	struct strs own;  /* its kernel option and its system calls */
	struct strs asks; /* the words of op.asks */
	const struct spoken **spoken; /* those about this op, then NULL */
	const struct field **kinds;   /* parameters that speak of namespace kinds, then NULL */
};

const struct op_needs *op_needs_of(const struct op *op);
/* ns.KIND, and start.ATTRIBUTE for each row of begin_attributes. */
const char *op_needs_kind(enum ns ns);
const char *const *op_needs_start(void);

#endif
