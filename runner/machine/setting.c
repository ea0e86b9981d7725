// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is the machine's, so that the suite does not set it: sysctls, and the release of the kernel.
 */
#include <string.h>

#include "load/release.h"
#include "machine/machine.h"
#include "machine/setting.h"
#include "nsc/sys.h"

bool setting_is(struct pool *pool, const char *setting, struct missing *m)
{
	const char *value = strchr(setting, '='); /* require_check() has seen to it */
	const char *name = pool_strndup(pool, setting, (size_t)(value - setting));
	char *path = pool_printf(pool, "/proc/sys/%s", name), *text;

	value++;
	for (char *dot = path + strlen("/proc/sys/"); (dot = strchr(dot, '.')); dot++)
		*dot = '/';
	int rc = sys_read_file(pool, path, 256, &text, NULL);

	if (rc < 0)
		return cannot(pool, m, pool_printf(pool, "%s cannot be read", name),
			      strerror(-rc), NULL);
	text[strcspn(text, "\n")] = 0;
	return !strcmp(text, value) ||
	       cannot(pool, m, pool_printf(pool, "%s is not %s", name, value),
		      pool_printf(pool, "it is %s", text), NULL);
}

bool release_reached(struct pool *pool, const char *release, struct missing *m)
{
	struct machine machine;

	machine_read(&machine);
	return machine.release >= release_parse(release) ||
	       lacks(pool, m, pool_printf(pool, "Linux %s or later", release), "by uname(2)", NULL);
}
