/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Deliberate faults of what a runtime is asked for, which it must refuse (or overlook).
 */
#ifndef NSC_FAULT_H
#define NSC_FAULT_H

#include "runtime/spec.h"
#include "nsc/box.h"

/* Whether the box is asked for with that fault. */
bool fault_is(const struct box_spec *c, enum fault fault);
/* Whether requests to R can have the fault that V names. */
bool fault_possible(const struct runtime *r, const struct value *v);
/* Put the fault that was asked for into a complete config.json. */
void fault_put(const struct box_spec *c, struct value *config);

#endif
