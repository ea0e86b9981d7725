// SPDX-License-Identifier: GPL-2.0-only
/*
 * Wrong command lines, and what exit statuses say.
 */
#include <stdarg.h>
#include <stdio.h>

#include "cmd/command.h"

/* Exit statuses of commands that give no verdicts; those of the others are exit_rows. */
const struct exit_meaning plain_statuses[] = {
	{ "0", "success" },
	STATUS_USAGE,
	STATUS_BROKEN,
	{ 0 }
};

int usage_error(const struct command *c, const char *fmt, ...)
{
	va_list ap;

	fputs("nsconform: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fprintf(stderr, "\nTry 'nsconform help%s%s'.\n", c ? " " : "", c ? c->name : "");
	return EXIT_USAGE;
}
