// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which references are numbers of actors.
 */
#include <string.h>

#include "load/numbers.h"

int number_of(const struct scenario *s, const struct ref *ref)
{
	if (ref->wrong || strcmp(ref->field, "pid"))
		return -1;
	for (size_t i = 0; i < s->n_steps; i++)
		if (s->steps[i].save && !strcmp(s->steps[i].save, ref->name))
			return -1;
	for (size_t i = 0; i < s->n_actors; i++)
		if (!strcmp(s->actors[i].name, ref->name))
			return (int)i;
	return -1;
}
