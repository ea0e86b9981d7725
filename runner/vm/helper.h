/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Programs that do some work for us and end: dpkg-deb, xz, zstd. They say nothing on the terminal
 * and read nothing from it, and know nothing of our environment but where programs are.
 */
#ifndef NSC_HELPER_H
#define NSC_HELPER_H

#include <stdint.h>
#include <sys/types.h>

#include "nsc/pool.h"

struct helper {
	char *const *argv; /* a program in our PATH, and its arguments */
	int out;	   /* where it writes to, or -1 */
	pid_t group;	   /* the process group that it joins, or 0 for ours */
	int64_t within_ns; /* when it is killed; processes that it has started are not */
	const char *doubt; /* what to look at when it fails */
};

/* Run the helper: NULL when it exits with 0, else what went wrong, with its name. */
const char *helper_run(struct pool *pool, const struct helper *h);

#endif
