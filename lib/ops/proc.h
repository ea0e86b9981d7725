/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the op tables about processes share: a target is an actor or a plain number.
 */
#ifndef NSC_OPS_PROC_H
#define NSC_OPS_PROC_H

#include <limits.h>

#include "nsc/op.h"

/* A number that was not given; 0 and -1 mean something to kill(2). */
enum { PID_NOT_GIVEN = INT_MIN };

#define F_PID(s, m, doc_) F_INT_DEF(s, m, PID_NOT_GIVEN, INT_MIN, INT_MAX, doc_)

/* The actor's number in the caller's PID namespace into *PID; 0, or OP_BROKEN. */
static inline int visible_pid(struct op_ctx *ctx, const struct actor_ref *actor, pid_t *pid)
{
	*pid = actor_pid(actor);
	if (*pid <= 0)
		return op_broken(ctx, "the actor has no number in the caller's PID namespace");
	return 0;
}

/* The number of the target into *PID; 0, or OP_BROKEN when there is none. */
static inline int target_pid(struct op_ctx *ctx, const struct actor_ref *actor, int64_t number,
			     pid_t *pid)
{
	if (number != PID_NOT_GIVEN) {
		*pid = (pid_t)number;
		return 0;
	}
	if (actor->beacon < 0)
		return op_broken(ctx, "neither actor nor pid is given");
	return visible_pid(ctx, actor, pid);
}

#endif
