/* SPDX-License-Identifier: GPL-2.0-only */
/* Texts that may stand only once, however many there are. */
#ifndef NSC_SEEN_H
#define NSC_SEEN_H

#include "nsc/pool.h"

struct seen_text;

/* Begins as {}. */
struct seen {
	struct seen_text *texts;
};

/* NULL when TEXT is new, which it is no longer; else what WHAT was then.  Both live as long as
 * SEEN. */
const void *seen_before(struct pool *pool, struct seen *seen, const char *text, const void *what);
void seen_free(struct seen *seen);

#endif
