/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the op tables about processes share: a target is an actor or a plain number.  A number is
 * one of the caller's PID namespace; where a file of /proc is wanted, target_dir() finds it.
 */
#ifndef NSC_OPS_PROC_H
#define NSC_OPS_PROC_H

#include <errno.h>
#include <limits.h>

#include "nsc/op.h"

/* A number that was not given; 0 and -1 mean something to kill(2). */
enum { PID_NOT_GIVEN = INT_MIN };

/* The kind PID of fields: a process by its number in the caller's PID namespace. */
#define CTYPE_PID int64_t
#define F_PID(s, m, doc_) F_INT_DEF(s, m, PID_NOT_GIVEN, INT_MIN, INT_MAX, doc_)

/* The actor's number in the caller's PID namespace into *PID; 0, or OP_BROKEN. */
static inline int visible_pid(struct op_ctx *ctx, const struct actor_ref *actor, pid_t *pid)
{
	*pid = actor_pid(actor);
	if (*pid <= 0)
		return op_broken(ctx, "the actor has no number in the caller's PID namespace");
	return 0;
}

/*
 * The number of the target into *PID, to be given to a system call; 0, -ESRCH when the caller's PID
 * namespace does not show the actor, so that no number leads to it, or OP_BROKEN.
 */
static inline int target_pid(struct op_ctx *ctx, const struct actor_ref *actor, int64_t number,
			     pid_t *pid)
{
	if (number != PID_NOT_GIVEN) {
		*pid = (pid_t)number;
		return 0;
	}
	if (actor->pidfd < 0)
		return op_broken(ctx, "neither actor nor pid is given");
	return actor_pid(actor) == 0 ? -ESRCH : visible_pid(ctx, actor, pid);
}

/*
 * The directory under /proc of the target, or OWN ("/proc/self", "/proc/thread-self") when neither
 * is given, NULL where one must be: a descriptor that the caller closes, or OP_BROKEN.
 */
int target_dir(struct op_ctx *ctx, const struct actor_ref *actor, int64_t number, const char *own);
/* The same for a process by its number in the caller's PID namespace. */
int number_dir(struct op_ctx *ctx, pid_t pid);

#endif
