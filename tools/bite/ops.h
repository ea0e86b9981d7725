/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Ops that lie.  Beside each op of the registry, NAME, there are NAME!nothing, which does nothing
 * and answers as if all had gone well, with results that are zero or empty, and NAME!part, which
 * does what the op does and answers with the first half of each list.
 */
#ifndef BITE_OPS_H
#define BITE_OPS_H

#include "nsc/op.h"

/* The registry and the lies, in the order of their names; made by the first call. */
const struct op *const *lying_ops(void);
/* NAME!LIE */
const struct op *lying_op(const struct op *op, const char *lie);

#endif
