/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef NSC_OP_NOTES_H
#define NSC_OP_NOTES_H

#include "nsc/op.h"

/* Whether the op of that name is FAMILY.anything. */
bool op_in_family(const char *op, const char *family);
/* A line for each kind of namespace mask, kernel option, need and flag of OP; KINDS and NOTE are
 * what lines of masks and of all others begin with. */
void op_notes(const struct op *op, const char *kinds, const char *note);

#endif
