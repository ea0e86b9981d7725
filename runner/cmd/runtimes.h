/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What `nsconform runtime` tells of runtimes: what they declare, and what a probe has seen.
 */
#ifndef NSC_RUNTIMES_H
#define NSC_RUNTIMES_H

#include "load/runtime.h"
#include "nsc/value.h"
#include "machine/machine.h"

/* What its file says that it cannot do, or does not promise: texts. */
struct value *runtime_cannot(struct pool *pool, const struct runtime *r);
/* Name, version, packages and all that, for JSON. */
struct value *runtime_describe(struct pool *pool, const struct runtime *r);
/* Ask R for all that its file says it can be asked for, and tell what came; an exit status. */
int runtime_probe(struct pool *pool, struct runtime *r, bool json);

#endif
