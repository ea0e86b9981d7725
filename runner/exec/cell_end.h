/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Waiting for a peer, and the ends of a cell.
 */
#ifndef NSC_CELL_END_H
#define NSC_CELL_END_H

#include "exec/slot.h"

/* The cell is over: report it and kill everything in it. */
void cell_finish(struct slot *slot);
/* Kill what is under way, if anything, without a report. */
void cell_abandon(struct slot *slot);
/* The same as cell_finish() for one whose world broke. WHY lives in the slot's pool. */
void cell_break(struct slot *slot, const char *why);
/* Nothing more is done until PEER answers, WITHIN_NS at most. */
void cell_wait(struct slot *slot, struct peer *peer, int64_t within_ns);
/* Its arena is dead, or given up: the slot is free. */
void cell_gone(struct slot *slot);

#endif
