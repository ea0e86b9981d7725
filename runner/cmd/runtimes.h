/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What `nsconform runtime` tells of runtimes: what they declare, and what a probe has seen.
 */
#ifndef NSC_RUNTIMES_H
#define NSC_RUNTIMES_H

#include "cmd/options.h"
#include "load/runtime.h"
#include "nsc/value.h"
#include "machine/machine.h"

/*
 * Things that have something in common: GROUPS is a list of {what, why, names}, of which NAME joins
 * the one with that WHAT and WHY. WHY may be NULL, NAME too: it is said of nothing in particular.
 */
void group_add(struct pool *pool, struct value *groups, const char *what, const char *why,
	       const char *name);
/* Below TITLE, each with its count; nothing where there are none. */
void groups_print(struct pool *pool, const struct value *groups, const char *title);

/* What its file says that it cannot do, or does not promise: groups. */
struct value *runtime_cannot(struct pool *pool, const struct runtime *r);
void runtime_print_cannot(struct pool *pool, const struct runtime *r);
/* Name, version, packages and all that, for JSON. */
struct value *runtime_describe(struct pool *pool, const struct runtime *r);
/* Print the file of a runtime for the program NAME, in PATH or by its path. */
void runtime_new(struct pool *pool, const char *name);
option_take take_new; /* such a name */
/* Ask R for all that its file says it can be asked for, and tell what came; an exit status. */
int runtime_probe(struct pool *pool, struct runtime *r, bool json);

#endif
