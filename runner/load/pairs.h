/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A covering array over a suite's properties: rows in which each value of each property stands
 * beside each value of each other one at least once.
 */
#ifndef NSC_PAIRS_H
#define NSC_PAIRS_H

#include "load/properties.h"

struct pairs_request {
	/* NULL: all properties take part. */
	bool (*can_ask)(const struct property *p, const struct trial *t, void *context);
	void *context;
	uint32_t seed; /* another array for each */
	size_t max;    /* of rows, the best first; 0: until each pair stands in one */
};

/* A list of rows; a row's name follows from what is in it, so that it always means the same. */
struct value *pairs_rows(struct pool *pool, const struct suite *suite,
			 const struct pairs_request *request);

#endif
