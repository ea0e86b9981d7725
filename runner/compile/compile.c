// SPDX-License-Identifier: GPL-2.0-only
/*
 * Both passes from a cell to its script.
 */
#include "runtime/lower.h"
#include "compile/compile.h"

void cell_compile(struct pool *pool, const struct cell *cell, int release, struct script *script)
{
	script_make(pool, cell, release, script);
	script_arena(script);
	if (cell->runtime)
		lower_for_runtime(pool, script);
	if (cell->inside)
		lower_for_inside(pool, script);
}
