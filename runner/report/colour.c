// SPDX-License-Identifier: GPL-2.0-only
/*
 * Colours, where they are wanted.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report/colour.h"

/* Of a variable. */
static bool is_set(const char *value)
{
	return value && *value;
}

static bool is_zero(const char *value)
{
	return value && !strcmp(value, "0");
}

bool terminal_draws(FILE *out)
{
	const char *term = getenv("TERM");

	return isatty(out == stdout ? STDOUT_FILENO : STDERR_FILENO) && is_set(term) &&
	       strcmp(term, "dumb");
}

bool colour_wanted(FILE *out, enum colour_when when)
{
	if (when != COLOUR_AUTO)
		return when == COLOUR_ALWAYS;
	if (is_set(getenv("NO_COLOR")))
		return false;
	if (is_set(getenv("CLICOLOR_FORCE")) && !is_zero(getenv("CLICOLOR_FORCE")))
		return true;
	return terminal_draws(out) && !is_zero(getenv("CLICOLOR"));
}

/* Of the eight that every terminal has, those that can be read on dark and on light ground. */
static const char *const verdicts[] = {
	[VERDICT_PASS] = "\033[32m", [VERDICT_FAIL] = "\033[1;31m", [VERDICT_SKIP] = "\033[36m",
	[VERDICT_KNOWN] = "\033[33m", [VERDICT_XPASS] = "\033[35m", [VERDICT_BROKEN] = "\033[1;35m",
};

const char *colour_verdict(bool colour, enum verdict_kind kind)
{
	return colour ? verdicts[kind] : "";
}

const char *colour_faint(bool colour)
{
	return colour ? "\033[2m" : "";
}

const char *colour_end(bool colour)
{
	return colour ? "\033[0m" : "";
}
