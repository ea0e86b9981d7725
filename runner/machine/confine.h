/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What confines the runner: a seccomp filter, by the calls that it answers itself, or a security
 * module's profile.  Neither is the kernel's word on its namespaces.
 */
#ifndef NSC_CONFINE_H
#define NSC_CONFINE_H

#include <stdbool.h>

#include "nsc/field.h"
#include "nsc/value.h"
#include "machine/missing.h"

#define CONFINE_REMEDY \
	"run without the seccomp filter (docker, podman: --security-opt seccomp=unconfined)"

struct confinement {
	bool filtered;		/* there is a seccomp filter (Seccomp: 2 in /proc/self/status) */
	const char *profile;	/* the security module's label that confines the runner, or NULL */
	struct strs forbidden;	/* calls that it answers with an error, whatever their arguments */
	struct strs killing;	/* calls that kill who makes them */
};

/*
 * This process's.  Each call of a table is made in a throw-away child with arguments that do
 * nothing and for which no kernel gives EPERM, EACCES or ENOSYS; without a filter nothing is tried.
 * Read once.
 */
const struct confinement *confinement(void);

/* Whether the table has that call. */
bool confine_knows(const char *call);
/* The first call of those that no run can do without which C takes away, or NULL. */
const char *confine_essential(const struct confinement *c);
/*
 * Whether no filter takes the call away; else fills M. Of calls that are not in the table nothing
 * is known, and what they do decides.
 */
bool confine_allows(struct pool *pool, const char *call, struct missing *m);
/*
 * The same, and the kernel has the call, which is in the table: it answers other than ENOSYS, or
 * by its release and options it must. What it has by these and does not do is for the cells to
 * show.
 */
bool confine_has_call(struct pool *pool, const char *call, struct missing *m);

/* For environments and traces; nil when nothing confines. */
struct value *confinement_value(struct pool *pool, const struct confinement *c);
/* Back from that; strings live in V. */
void confinement_read(struct pool *pool, const struct value *v, struct confinement *c);

#endif
