/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The root directory of a box, before a runtime sees it.
 */
#ifndef NSC_BOX_ROOT_H
#define NSC_BOX_ROOT_H

#include <sys/stat.h>

#include "nsc/field.h"

struct box_root {
	const char *path;
	bool bare; /* the box has its caller's root: only the agent and its channel are there */
	/* Bound to /work, beside a channel to the runner; NULL: there is no runner. */
	const char *share;
	struct strs directories; /* further ones, below the path */
	struct strs image;	 /* lines of the property `image` */
};

/*
 * Make it, with a copy of this program as the agent, which is *AGENT then; NULL, or what failed
 * (errno says why).
 */
const char *box_root_make(struct pool *pool, const struct box_root *r, struct stat *agent);

#endif
