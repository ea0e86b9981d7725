/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A distribution's kernel package, taken apart in a directory that is gone afterwards: a
 * janitor process removes it when it is told to, or when this process dies, however.
 */
#ifndef NSC_UNPACK_H
#define NSC_UNPACK_H

#include <stdbool.h>
#include <sys/types.h>

#include "nsc/pool.h"

struct unpacked {
	const char *dir;
	const char *kernel; /* the one in there */
	pid_t janitor;
	int hold; /* the janitor waits for its end */
};

/* False with a message; unpack_remove() is needed in either case. */
bool unpack_deb(struct pool *pool, const char *package, struct unpacked *u);
void unpack_remove(struct unpacked *u);
/* A copy of the file in memory, and its name as long as this process lives; NULL with a message. */
const char *unpack_keep(struct pool *pool, const char *path);

#endif
