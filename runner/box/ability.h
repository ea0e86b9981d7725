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

struct box_feature {
	const char *name; /* behind `box.` */
	const char *doc;
	bool (*has)(const struct runtime *r); /* NULL: unless the runtime's file says `lacks` */
};

const struct box_feature *box_feature_find(const char *name);
/* No runtime's box has it, only the kernel's own namespaces. */
bool box_feature_native(const struct box_feature *f);
bool box_feature_has(const struct runtime *r, const struct box_feature *f);

extern const struct box_feature box_features[];

#endif
