// SPDX-License-Identifier: GPL-2.0-only
/*
 * The registry.  build/op_list.h holds OP_ENTRY(id) for every OP(id, ...) below lib/, in the order
 * of their names, and is written by the Makefile.  It stands on top of lib/, as it refers to all
 * families: who works with ops is handed the table.
 */
#include <stddef.h>

#include "nsc/registry.h"

#define OP_ENTRY(id) extern const struct op id##_op;
#include "op_list.h"
#undef OP_ENTRY

#define OP_ENTRY(id) &id##_op,
const struct op *const op_registry[] = {
#include "op_list.h"
	NULL
};
#undef OP_ENTRY
