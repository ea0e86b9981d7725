/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef NSC_IMPLIED_H
#define NSC_IMPLIED_H

#include "plan/script.h"

/*
 * Have the runtime build the actor's box, and see that it is what was asked for; or that what
 * comes of it is as EXPECT says.
 */
void implied_launch(struct pool *pool, struct script *script, int actor,
		    const struct value *expect);
/* With a runtime actors are made by steps, in the order written. */
void implied_actors(struct pool *pool, struct script *script);
/* The boxes end, the last one first; then the moat must be as it was before the first. */
void implied_ends(struct pool *pool, struct script *script);

#endif
