/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The modules that suites need, found in a directory of modules or a package (compressed or
 * not) and put in an order in which they can be loaded: what a module depends on is written in it
 * (.modinfo), so no depmod must have run.
 */
#ifndef NSC_MODULES_H
#define NSC_MODULES_H

#include <stdbool.h>

#include "plan/select.h"
#include "vm/arch.h"
#include "vm/package.h"

struct module {
	const char *name;
	const void *data; /* the ELF file */
	size_t len;
};

struct modules {
	struct module *v; /* dependencies first */
	size_t n;
};

/* Where modules come from, and for which machine they have to be. */
struct modules_from {
	const char *dir; /* NULL: the package */
	const struct package *package;
	const struct vm_arch *arch;
};

/* False, with a message on stderr, when one of them cannot be used, or there are none in DIR. */
bool modules_collect(struct pool *pool, const struct modules_from *from,
		     const struct selection *selection, struct modules *out);

#endif
