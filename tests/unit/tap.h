/* SPDX-License-Identifier: GPL-2.0-only */
/* TAP for unit tests: ok(condition, name...), then done(). */
#ifndef TESTS_TAP_H
#define TESTS_TAP_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static int tests, failures;

__attribute__((format(printf, 2, 3))) static bool ok(bool good, const char *fmt, ...)
{
	va_list ap;

	printf("%sok %d ", good ? "" : "not ", ++tests);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	failures += !good;
	return good;
}

static int done(void)
{
	printf("1..%d\n", tests);
	return failures > 0;
}

#endif
