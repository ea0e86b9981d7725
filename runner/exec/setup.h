/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Building a cell's world: arena, actors, boxes.
 */
#ifndef NSC_SETUP_H
#define NSC_SETUP_H

#include "exec/slot.h"

/* Ask for the arena, or the actor; the answer is an event. */
void setup_arena(struct slot *slot);
void setup_actor(struct slot *slot, size_t index);
/*
 * What the cell may take beyond the usual: what its runtime is given for each launch, and what
 * steps want more than a step has.
 */
int64_t setup_more_within(const struct slot *slot);
/* Have the box of the actor of step AT launched; WITH is resolved. */
void setup_box(struct slot *slot, size_t at, const struct value *with);
/* Its agent has reported: OUT are the results of the launch. */
void setup_boxed(struct slot *slot, size_t at, const struct value *out);
/* Whether the actor of PEER lives in a box, and dies with it. */
bool setup_in_box(const struct slot *slot, const struct peer *peer);
/* All actors go: whoever is still in a box from outside, such as a child not buried, pins it. */
void setup_unbox(struct slot *slot);

#endif
