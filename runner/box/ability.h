/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef NSC_ABILITY_H
#define NSC_ABILITY_H

#include "load/runtime.h"
#include "plan/require.h"
#include "plan/script.h"

/*
 * Whether the cell asks for what its runtime cannot build or does not promise, by what its
 * file declares and what the canary has shown; never by how a launch fails.
 */
bool ability_lacks(struct pool *pool, const struct cell *cell, const struct script *script,
		   struct missing *missing);

#endif
