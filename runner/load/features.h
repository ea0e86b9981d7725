/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Features of boxes, which scenarios need and runtimes lack, by name.
 */
#ifndef NSC_FEATURES_H
#define NSC_FEATURES_H

#include "load/runtime.h"

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
