// SPDX-License-Identifier: GPL-2.0-only
/*
 * Exit statuses in words. README.md has the same list.
 */
#include <stddef.h>

#include "report/exit_status.h"

const struct exit_meaning exit_meanings[] = {
	{ "0", "nothing failed" },
	{ "1", "something failed" },
	{ "2", "usage, bad input or empty selection" },
	{ "3", "the harness broke" },
	{ "4", "nothing was judged" },
	{ "128+N", "ended by signal N" },
	{ NULL, NULL }
};
