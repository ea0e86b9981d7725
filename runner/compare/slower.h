/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Scenarios that take longer than before, beyond noise.
 */
#ifndef NSC_SLOWER_H
#define NSC_SLOWER_H

#include "compare/joined.h"

struct slower {
	const char *scenario;
	size_t cells;
	double base_ms, new_ms; /* of its cells that both have carried out, together */
	double ratio;		/* of these, beyond the pace */
};

struct slowness {
	double pace; /* how many times as long cells take in general; 0: too few to say */
	double limit; /* beyond the pace: what is no noise */
	size_t cells;
	struct slower *v; /* the slowest first */
	size_t n;
};

/* Of two runs that are joined. */
void slower_find(struct slowness *s, const struct joined *j);

#endif
