/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The box's half of a run alone: this process is in a box that somebody else has made, and
 * what can be judged from in there is.
 */
#ifndef NSC_INSIDE_H
#define NSC_INSIDE_H

#include "nsc/ns.h"
#include "machine/require.h"
#include "plan/script.h"

/* Kinds whose namespace here is the machine's own, or may be: that cannot be told before 6.17. */
struct inside {
	unsigned initial, unknown;
	bool root; /* uid 0 with CAP_SYS_ADMIN, in whatever user namespace */
};

void inside_read(struct inside *i);
/* NULL, or why this is no box: text for people. */
const char *inside_refuses(struct pool *pool, const struct inside *i);
/* Whether the cell cannot be judged from in here, or would change what is not the box's. HERE:
 * the caller takes the machine's namespaces for the box's. */
bool inside_lacks(struct pool *pool, const struct inside *i, bool here,
		  const struct script *script, struct missing *missing);

#endif
