// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which references are numbers of actors.
 */
#include <string.h>

#include "load/numbers.h"

bool is_number(const struct scenario *s, const struct ref *ref)
{
	if (ref->wrong || strcmp(ref->field, "pid"))
		return false;
	for (size_t i = 0; i < s->n_steps; i++)
		if (s->steps[i].save && !strcmp(s->steps[i].save, ref->name))
			return false;
	for (size_t i = 0; i < s->n_actors; i++)
		if (!strcmp(s->actors[i].name, ref->name))
			return true;
	return false;
}
