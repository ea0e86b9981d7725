// SPDX-License-Identifier: GPL-2.0-only
/*
 * How busy the machine is, from what the kernel counts anyway.
 */
#include <stdio.h>
#include <unistd.h>

#include "exec/busy.h"
#include "nsc/patience.h"
#include "nsc/sys.h"

enum { FILE_BYTES = 4096 };

/* Documentation/accounting/psi.rst; not every kernel has it. */
static const char *pressure(struct pool *pool)
{
	char *text;
	double share;

	if (sys_read_file(pool, "/proc/pressure/cpu", FILE_BYTES, &text, NULL) < 0 ||
	    sscanf(text, "some avg10=%lf", &share) != 1)
		return "";
	return pool_printf(pool, ", processes waited for a processor in %.0f %% of the last 10 s",
			   share);
}

static const char *load(struct pool *pool)
{
	char *text;
	double average;

	/* proc_loadavg(5) */
	if (sys_read_file(pool, "/proc/loadavg", FILE_BYTES, &text, NULL) < 0 ||
	    sscanf(text, "%lf", &average) != 1)
		return "load average unknown";
	return pool_printf(pool, "load average %.1f", average);
}

const char *busy_text(struct pool *pool)
{
	return pool_printf(pool, "%s on %ld processors%s, time factor %d", load(pool),
			   sysconf(_SC_NPROCESSORS_ONLN), pressure(pool), patience_factor());
}
