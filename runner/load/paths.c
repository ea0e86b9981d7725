// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "load/configured.h"
#include "load/paths.h"
#include "nsc/sys.h"
#include "nsc/text.h"

enum { LEVELS_UP = 4 };

bool paths_real(const char *path, char real[PATH_MAX])
{
	char link[32];

	if (realpath(path, real))
		return true;
	if (errno != EACCES)
		return false;
	/* The kernel knows the path of what is open, whoever may search the directories above. */
	AUTO_FD fd = open(path, O_PATH | O_CLOEXEC);

	if (fd < 0)
		return false;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	const ssize_t len = readlink(link, real, PATH_MAX - 1);

	if (len > 0 && *real == '/') {
		real[len] = 0;
		return true;
	}
	errno = EACCES;
	return false;
}

/* Put into PATH, which is zeroed, that of this program; without a procfs as it was executed. */
static void find_program(char path[PATH_MAX])
{
	if (readlink("/proc/self/exe", path, PATH_MAX - 1) < 0 &&
	    !realpath((const char *)getauxval(AT_EXECFN), path))
		*path = 0;
}

/* Where nobody says where. */
static const char *found_data(struct pool *pool, const char *below)
{
	char exe[PATH_MAX] = "";

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

/* What the environment says, or NULL. */
static const char *given_data(void)
{
	const char *given = getenv("NSCONFORM_DATA");

	return given && *given ? given : NULL;
}

const char *paths_data(struct pool *pool, const char *below)
{
	const char *given = given_data();

	return given ? pool_printf(pool, "%s/%s", given, below) : found_data(pool, below);
}

const char *paths_glob(struct pool *pool, const char *below)
{
	return pool_printf(pool, "%s%s", text_glob_word(pool, paths_data(pool, "")), below);
}

const char *paths_program(struct pool *pool)
{
	const char *program = text_shell_word(pool, program_invocation_name);
	const char *given = given_data();
	char there[PATH_MAX], found[PATH_MAX];

	/* A variable that changes nothing, as of make check, need not be repeated. */
	if (!given || (paths_real(given, there) && paths_real(found_data(pool, "."), found) &&
		       !strcmp(there, found)))
		return program;
	return pool_printf(pool, "NSCONFORM_DATA=%s %s", text_shell_word(pool, given), program);
}
