/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the op tables about namespaces share.
 */
#ifndef NSC_OPS_NS_H
#define NSC_OPS_NS_H

#include "proc.h"
#include "nsc/op.h"
#include "nsc/place.h"

/* Whose namespace, for ns_dir(). */
#define NS_WHOSE(F, S) \
	F(S, ACTOR, actor, OPTIONAL, "whose; default: the caller's own") \
	F(S, PID, pid, "whose, by number of a process or thread") \
	F(S, BOOL, leader, "the thread group leader's, if the caller is a thread")

/*
 * The directory under /proc of that process or thread, by default of the calling thread or, with
 * LEADER, of its process: a descriptor that the caller closes, or OP_BROKEN.
 */
int ns_dir(struct op_ctx *ctx, const struct actor_ref *actor, int64_t pid, bool leader);

/* The CLONE_* value of `types` (a mask of NSM_*) and `flags` together. */
uint64_t ns_request(uint64_t types, uint64_t flags);

/* Descriptor of a namespace of a pidfd's process; -errno, among others before Linux 6.11. */
int pidfd_open_ns(int pidfd, enum ns ns);

#endif
