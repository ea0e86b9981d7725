// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lists of strings.
 */
#include "nsc/field.h"
#include "nsc/text.h"

const char *strs_join(struct pool *pool, const struct strs *v, const char *between)
{
	struct text t = { .pool = pool };

	for (size_t i = 0; i < v->n; i++) {
		text_puts(&t, i ? between : "");
		text_puts(&t, v->v[i]);
	}
	return t.s ? t.s : "";
}
