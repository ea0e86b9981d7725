/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What ops need, whoever calls them: found once for each op of the process, as every cell asks.
 */
#ifndef NSC_OP_NEEDS_H
#define NSC_OP_NEEDS_H

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

#endif
