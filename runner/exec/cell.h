/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The path of a cell through its slot: arena, actors, steps, death. exec.c starts it and
 * feeds it events; world.c makes arena and actors; params.c prepares parameters.
 */
#ifndef NSC_CELL_H
#define NSC_CELL_H

#include "exec/slot.h"

/* What an agent gets to place a process. */
#define PLACE_WITHIN_NS 10000000000ll

void cell_start(struct slot *slot, size_t index, const struct cell *cell);
/* Something is to be read from, or has happened to, the process behind W. */
void cell_event(struct watch *w);
/* The slot's deadline has passed. */
void cell_late(struct slot *slot);
/* The cell is over: report it and kill everything in it. */
void cell_finish(struct slot *slot);
/* Kill what is under way, if anything, without a report. */
void cell_abandon(struct slot *slot);
/* The same as cell_finish() for one whose world broke. WHY lives in the slot's pool. */
void cell_break(struct slot *slot, const char *why);
/* Nothing more is done until PEER answers, WITHIN_NS at most. */
void cell_wait(struct slot *slot, struct peer *peer, int64_t within_ns);

/* Ask for the arena, or the actor; the answer is an event. */
void world_arena(struct slot *slot);
void world_actor(struct slot *slot, size_t index);
/*
 * What the cell may take beyond the usual: what its runtime is given for each launch, and what
 * steps want more than a step has.
 */
int64_t world_more_within(const struct slot *slot);
/* Have the box of the actor of step AT launched; WITH is resolved. */
void world_box(struct slot *slot, size_t at, const struct value *with);
/* Its agent has reported: OUT are the results of the launch. */
void world_boxed(struct slot *slot, size_t at, const struct value *out);
/* Whether the actor of PEER lives in a box, and dies with it. */
bool world_in_box(const struct slot *slot, const struct peer *peer);
/* All actors go: whoever is still in a box from outside, such as a child not buried, pins it. */
void world_unbox(struct slot *slot);

/* WITH as it is sent: actors become [beacon, pidfd]. */
const struct value *params_for_wire(struct slot *slot, const struct op *op,
				    const struct value *with);
/* Close the controller's copies of the descriptors in WITH. */
void params_forget(struct slot *slot, const struct value *with);

#endif
