/* SPDX-License-Identifier: GPL-2.0-only */
/* The machine under the run, read once. */
#ifndef NSC_MACHINE_H
#define NSC_MACHINE_H

#include <stdbool.h>

#include "nsc/pool.h"
#include "nsc/value.h"

struct machine {
	int release;	     /* release_of_kernel() of the running one */
	bool admin;	     /* CAP_SYS_ADMIN, in whatever user namespace */
	bool initial_user;   /* in the initial user namespace */
	bool root;	     /* uid 0 with both */
	int cpus;	     /* that this process may run on */
};

struct runtime;

void machine_read(struct machine *m);
/* Kernel, distribution, limits, capabilities, config source: what a report must say. */
struct value *machine_describe(struct pool *pool, const struct runtime *runtime);
/* The kernel's configuration as text and where it comes from; NULL when there is none. Cached. */
const char *machine_config(const char **source);
/* y, m, or n, of an option without CONFIG_; 0 when there is no configuration to be read. */
char machine_option(const char *option);

#endif
