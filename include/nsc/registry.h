/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All ops of this program.
 */
#ifndef NSC_REGISTRY_H
#define NSC_REGISTRY_H

#include "nsc/op.h"

/* In the order of their names; NULL after the last. */
extern const struct op *const op_registry[];

#endif
