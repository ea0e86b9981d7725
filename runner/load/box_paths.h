/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where the harness keeps the boxes of a cell: $ACTOR.work and $ACTOR.rootfs in scenarios, as
 * ${work} and ${rootfs} in a runtime's file.
 */
#ifndef NSC_BOX_PATHS_H
#define NSC_BOX_PATHS_H

#include "load/refs.h"
#include "load/suite.h"

/* The name of the box of actor number ACTOR, which no other box of the cell has. */
const char *box_id(struct pool *pool, size_t actor);
/* The path that REF stands for, or NULL when it names no such directory of a box. */
const struct value *box_path(struct pool *pool, const struct scenario *s, const struct ref *ref);

#endif
