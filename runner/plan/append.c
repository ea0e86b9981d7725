// SPDX-License-Identifier: GPL-2.0-only
/*
 * Scripts grow: steps of the scenario, what reads numbers for them, and what a runtime has to do.
 */
#include <string.h>

#include "plan/script.h"

struct script_step *script_append(struct pool *pool, struct script *script)
{
	if (script->n_steps == script->room) {
		struct script_step *grown = pool_array(pool, struct script_step, script->room * 2);

		memcpy(grown, script->steps, sizeof(*grown) * script->n_steps);
		script->steps = grown;
		script->room *= 2;
	}
	return &script->steps[script->n_steps++];
}
