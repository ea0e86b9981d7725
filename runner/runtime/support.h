/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a runtime supports of what a cell asks for.
 */
#ifndef NSC_SUPPORT_H
#define NSC_SUPPORT_H

#include "load/runtime.h"
#include "machine/require.h"
#include "plan/script.h"

/*
 * Whether the cell asks for what its runtime cannot build or does not promise, by what its
 * file declares and what the canary has shown; never by how a launch fails. ORIGINAL is the script
 * of the cell whose twin or control this is, NULL for others. Texts of MISSING are from POOL.
 */
bool support_lacks(struct pool *pool, const struct script *script, const struct script *original,
		   struct missing *missing);

#endif
