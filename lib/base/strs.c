// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lists of strings.
 */
#include "nsc/field.h"

const char *strs_join(struct pool *pool, const struct strs *v, const char *between)
{
	const char *text = "";

	for (size_t i = 0; i < v->n; i++)
		text = pool_printf(pool, "%s%s%s", text, i ? between : "", v->v[i]);
	return text;
}
