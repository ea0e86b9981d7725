/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The path of a cell through its slot: arena, actors, steps, death. exec.c starts it and feeds it
 * events; setup.c makes arena and actors; params.c prepares parameters; cell_end.c ends it.
 */
#ifndef NSC_CELL_H
#define NSC_CELL_H

#include "exec/slot.h"

void cell_start(struct slot *slot, size_t index, const struct cell *cell);
/* Something is to be read from, or has happened to, the process behind W. */
void cell_event(struct watch *w);
/* The slot's deadline has passed. */
void cell_late(struct slot *slot);

#endif
