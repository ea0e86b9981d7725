/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Verdicts under a seccomp filter or a security module's profile.  Pure.
 */
#ifndef NSC_CONFINED_H
#define NSC_CONFINED_H

#include "machine/confine.h"
#include "report/judge.h"

/*
 * A step that failed with EPERM, EACCES or ENOSYS, or an actor killed by SIGSYS, is no word of the
 * kernel on its namespaces where C confines the run: the verdict becomes a skip that says so.
 */
void confined_judge(struct pool *pool, const struct confinement *c, const struct script *script,
		    const struct trace *trace, struct verdict *verdict);

#endif
