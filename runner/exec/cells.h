/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef NSC_CELLS_H
#define NSC_CELLS_H

#include "exec/slot.h"

/* Give the arena that is about to be made cgroup directories; NULL, or why it cannot be. */
const char *cells_cgroups(struct slot *slot, struct value *with);
void cells_cgroups_done(struct slot *slot);
/* The run is over: the janitor goes. */
void cells_end(void);

#endif
