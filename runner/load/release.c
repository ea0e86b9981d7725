// SPDX-License-Identifier: GPL-2.0-only
/*
 * Kernel releases as numbers that compare.
 */
#include <stdlib.h>

#include "load/release.h"

int release_parse(const char *text)
{
	char *end;
	long major = strtol(text, &end, 10), minor = 0;

	if (end == text || major < 0 || major > 99)
		return 0;
	if (*end == '.')
		minor = strtol(end + 1, &end, 10);
	return minor >= 0 && minor < 1000 ? (int)(major * 1000 + minor) : 0;
}
