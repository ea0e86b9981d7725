/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef NSC_CELL_CGROUPS_H
#define NSC_CELL_CGROUPS_H

#include "exec/slot.h"

/* Start the janitor, if nothing has yet; else the first cell that needs directories does. */
void cell_cgroups_begin(void);
/* Give the arena that is about to be made cgroup directories; NULL, or why it cannot be. */
const char *cell_cgroups_make(struct slot *slot, struct value *with);
void cell_cgroups_done(struct slot *slot);
/* The run is over: the janitor goes. */
void cell_cgroups_end(void);

#endif
