/* SPDX-License-Identifier: GPL-2.0-only */
/* The machine under the run, read once. */
#ifndef NSC_MACHINE_H
#define NSC_MACHINE_H

#include <stdbool.h>

#include "nsc/pool.h"

struct machine {
	int release;	     /* release_of_kernel() of the running one */
	bool admin;	     /* CAP_SYS_ADMIN, in whatever user namespace */
	bool initial_user;   /* in the initial user namespace */
	bool root;	     /* uid 0 with both */
	int cpus;	     /* that this process may run on */
};

void machine_read(struct machine *m);
/* The kernel's configuration as text and where it comes from; NULL when there is none. Cached. */
const char *machine_config(const char **source);
/* y, m, or n, of an option without CONFIG_; 0 when there is no configuration to be read. */
char machine_option(const char *option);
/* A seccomp filter is in place: any error of any call may be its. */
bool machine_filtered(void);
/* The number in a file below /proc/sys, or -1. */
long machine_sysctl(const char *path);

#endif
