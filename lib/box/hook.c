// SPDX-License-Identifier: GPL-2.0-only
/*
 * The program of a hook (config.md, POSIX-platform Hooks): it writes down where it runs, and
 * the status that it was told.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "nsc/box.h"
#include "nsc/ns.h"
#include "nsc/sys.h"

/* The value of "status" in the state that comes in by standard input. */
static const char *status_of(struct pool *pool, char *state)
{
	char *at = strstr(state, "\"status\"");

	at = at ? strchr(at + 8, '"') : NULL;
	return at ? pool_strndup(pool, at + 1, strcspn(at + 1, "\"")) : "";
}

int box_hook_main(const char *path)
{
	AUTO_POOL pool = { 0 };
	AUTO_FD fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	char *state;

	if (fd < 0)
		return 1;
	for (int ns = 0; ns < NS_COUNT; ns++) {
		struct stat st;

		if (stat(pool_printf(&pool, "/proc/self/ns/%s", ns_kinds[ns].name), &st) == 0)
			dprintf(fd, "%s %u:%u:%llu\n", ns_kinds[ns].name, major(st.st_dev),
				minor(st.st_dev), (unsigned long long)st.st_ino);
	}
	if (sys_read_fd(&pool, 0, 1 << 20, &state, NULL) == 0)
		dprintf(fd, "status %s\n", status_of(&pool, state));
	return 0;
}
