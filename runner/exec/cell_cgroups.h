/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef NSC_CELL_CGROUPS_H
#define NSC_CELL_CGROUPS_H

#include "exec/slot.h"

/* Give the arena that is about to be made cgroup directories; NULL, or why it cannot be. */
const char *cell_cgroups_make(struct slot *slot, struct value *with);
void cell_cgroups_done(struct slot *slot);
/* The run is over: the janitor goes. */
void cell_cgroups_end(void);

#endif
