/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the exit status of a command says. Commands that give verdicts end by one table, of what has
 * happened and of the profiles of --exit; help and docs/exits.md are made from it.
 */
#ifndef NSC_EXIT_STATUS_H
#define NSC_EXIT_STATUS_H

#include "nsc/field.h"

/* Of commands without verdicts, and what the default profile says. */
enum exit_status {
	EXIT_GOOD = 0,
	EXIT_FAILED = 1,
	EXIT_USAGE = 2,
	EXIT_BROKEN = 3,
	EXIT_UNJUDGED = 4, /* kselftest's status of a skipped test, too */
	EXIT_SIGNAL = 128, /* plus the number of the signal that ended the run, as shells count */
};

/* Whose conventions the status follows. */
enum exit_profile {
	EXIT_PROFILE_DEFAULT,
	EXIT_PROFILE_KSELFTEST,
	EXIT_PROFILE_AUTOMAKE,
	EXIT_PROFILE_TAP,
	EXIT_PROFILE_BISECT,
	EXIT_PROFILES
};

/* What has happened: the rows of the table. The last one is the number of a signal away. */
enum happened {
	HAPPENED_PASSED,
	HAPPENED_KNOWN,
	HAPPENED_XPASS,
	HAPPENED_UNJUDGED,
	HAPPENED_FAILED,
	HAPPENED_FAILED_AND_BROKE,
	HAPPENED_BROKE,
	HAPPENED_UNSTARTED,
	HAPPENED_HARNESS,
	HAPPENED_USAGE,
	HAPPENED_INTERRUPTED, /* plus the number of the signal: values from here on */
	HAPPENED_ROWS
};

extern const struct exit_row {
	const char *name, *doc;
	int status[EXIT_PROFILES]; /* EXIT_SIGNAL: plus the number of the signal */
} exit_rows[HAPPENED_ROWS];

/* By their names; .doc is who reads the status so. */
extern const struct symbol exit_profiles[];

/* HAPPENED is a row's, or HAPPENED_INTERRUPTED plus the number of the signal that ended the run. */
int exit_status(enum exit_profile profile, int happened);
/* The same without that number, as documents write it: `4`, `128+N` (from POOL). */
const char *exit_status_text(struct pool *pool, enum exit_profile profile, int row);

#endif
