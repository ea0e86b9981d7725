/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A kernel in packages of distributions, .deb and .rpm, or in tar archives of the same layout.
 * libarchive reads them; what a machine may need of them is kept in a file without a name, which
 * is gone with this process, however that ends.
 */
#ifndef NSC_PACKAGE_H
#define NSC_PACKAGE_H

#include <stdbool.h>

#include "nsc/field.h"
#include "machine/decompress.h"

struct package {
	const char *file;	     /* the one of the packages that holds the kernel */
	const char *kernel, *config; /* paths while this process lives; there may be no config */
	struct part *modules;	     /* in the store */
	size_t n_modules;
	int store;
};

/* The only kernel in these packages, and what belongs to it.  False with a message. */
bool package_read(struct pool *pool, const struct strs *files, struct package *p);
/* Modules are gone; kernel and config stay. */
void package_forget_modules(struct package *p);

#endif
