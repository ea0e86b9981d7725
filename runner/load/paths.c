// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "load/paths.h"

#ifndef DATADIR
#define DATADIR "/usr/share/nsconform"
#endif

enum { LEVELS_UP = 4 };

const char *paths_data(struct pool *pool, const char *below)
{
	const char *given = getenv("NSCONFORM_DATA");
	char exe[4096];

	if (given && *given)
		return pool_printf(pool, "%s/%s", given, below);
	ssize_t len = readlink("/proc/self/exe", exe, sizeof(exe) - 1);

	exe[len > 0 ? len : 0] = 0;
	/* The source tree is somewhere above its build directory. */
	for (int up = 0; up < LEVELS_UP; up++) {
		char *slash = strrchr(exe, '/');

		if (!slash)
			break;
		*slash = 0;
		if (access(pool_printf(pool, "%s/suites/clauses", exe), R_OK) == 0)
			return pool_printf(pool, "%s/%s", exe, below);
	}
	return pool_printf(pool, "%s/%s", DATADIR, below);
}
