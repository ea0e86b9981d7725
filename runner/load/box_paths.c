// SPDX-License-Identifier: GPL-2.0-only
/*
 * Paths of boxes, for references.
 */
#include <string.h>

#include "load/box_paths.h"
#include "nsc/box.h"

static const struct {
	const char *field, *below;
} paths[] = {
	{ "work", "" },
	{ "rootfs", "/bundle/rootfs" },
};

const char *box_id(struct pool *pool, size_t actor)
{
	return pool_printf(pool, "b%zu", actor);
}

const struct value *box_path(struct pool *pool, const struct scenario *s, const struct ref *ref)
{
	for (size_t a = 0; a < s->n_actors; a++)
		for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++)
			if (!strcmp(s->actors[a].name, ref->name) &&
			    value_get(s->actors[a].place, "new") &&
			    !strcmp(paths[i].field, ref->field))
				return value_str(pool, pool_printf(pool, MOAT_DIR "/%s%s",
								   box_id(pool, a),
								   paths[i].below));
	return NULL;
}
