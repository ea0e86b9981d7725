/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernels that are to be judged: fixtures/kernels/NAME.yaml, one map each below `kernels`.
 */
#ifndef NSC_KERNELS_H
#define NSC_KERNELS_H

#include "load/problems.h"
#include "nsc/field.h"

struct kernel {
	struct mark at;
	const char *id, *about;
	const char *package;		     /* the distribution's, or NULL */
	const char *image, *modules, *config; /* files, as `nsconform vm` takes them, or NULL */
	const char *arch;    /* of the program that is run there, or NULL for this machine's */
	const char *archive; /* of a package: whose, or NULL for Debian's */
	struct strs from;    /* suites of that archive, which have the package */
};

struct kernel_list {
	struct kernel *v;
	size_t n;
};

/* The keys of an entry, for its loader, the schema and the reference. */
extern const struct field kernel_fields[];

/* All files of DIR, in order; problems are collected. */
void kernels_load(struct pool *pool, const char *dir, struct kernel_list *list,
		  struct problems *problems);

#endif
