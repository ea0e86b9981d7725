/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a scenario asks of the boxes that a runtime builds for its actors.
 */
#ifndef NSC_ASKED_H
#define NSC_ASKED_H

#include "load/runtime.h"
#include "plan/script.h"

/* The runtime builds this actor: it wants new namespaces and does not say how to enter them. */
bool asked_box(const struct actor *a, const struct value *place);
/* Properties by name: those under `box:`, and what the actor's namespaces are to be like. */
const struct value *asked_properties(struct pool *pool, const struct runtime *r,
				     const struct script_actor *a);
/* Kinds in which the box differs from the moat: asked for, joined, or made unasked. */
unsigned asked_kinds(struct pool *pool, const struct runtime *r, const struct script_actor *a);
/* What remains for the agent to do when it has arrived. */
const struct value *asked_of_agent(struct pool *pool, const struct value *place);

/* What box.launch must return, and what box.read and box.seen must; NULL: nothing is asked. */
const struct value *expect_launch(struct pool *pool, const struct runtime *r,
				  const struct script_actor *a);
const struct value *expect_read(struct pool *pool, const struct value *asked);
const struct value *expect_seen(struct pool *pool, const struct value *asked);

#endif
