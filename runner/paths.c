// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "paths.h"

#ifndef DATADIR
#define DATADIR "/usr/share/nsconform"
#endif

const char *paths_data(struct pool *pool, const char *below)
{
	const char *given = getenv("NSCONFORM_DATA");
	char exe[4096];

	if (given && *given)
		return pool_printf(pool, "%s/%s", given, below);
	ssize_t len = readlink("/proc/self/exe", exe, sizeof(exe) - 1);

	if (len > 0) {
		exe[len] = 0;
		/* BUILD/nsconform: the source tree is the directory above. */
		for (int up = 0; up < 2; up++) {
			char *slash = strrchr(exe, '/');

			if (slash)
				*slash = 0;
		}
		const char *path = pool_printf(pool, "%s/%s", exe, below);

		if (access(path, R_OK) == 0)
			return path;
	}
	return pool_printf(pool, "%s/%s", DATADIR, below);
}
