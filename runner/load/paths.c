// SPDX-License-Identifier: GPL-2.0-only
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "load/configured.h"
#include "load/paths.h"

enum { LEVELS_UP = 4 };

/* The path of this program; without a procfs as it was executed, which is "" at worst. */
static void find_program(char path[PATH_MAX])
{
	ssize_t len = readlink("/proc/self/exe", path, PATH_MAX - 1);
	const char *executed = (const char *)getauxval(AT_EXECFN);

	if (len > 0)
		path[len] = 0;
	else if (!executed || !realpath(executed, path))
		*path = 0;
}

const char *paths_data(struct pool *pool, const char *below)
{
	const char *given = getenv("NSCONFORM_DATA");
	char exe[PATH_MAX];

	if (given && *given)
		return pool_printf(pool, "%s/%s", given, below);
	find_program(exe);
	/* The source tree is somewhere above its build directory. */
	for (int up = 0; up < LEVELS_UP; up++) {
		char *slash = strrchr(exe, '/');

		if (!slash)
			break;
		*slash = 0;
		if (access(pool_printf(pool, "%s/suites/clauses", exe), R_OK) == 0)
			return pool_printf(pool, "%s/%s", exe, below);
	}
	return pool_printf(pool, "%s/%s", configured_datadir, below);
}
