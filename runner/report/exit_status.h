/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the exit status of a command says, and which one verdicts make.
 */
#ifndef NSC_EXIT_STATUS_H
#define NSC_EXIT_STATUS_H

enum exit_status {
	EXIT_GOOD = 0,
	EXIT_FAILED = 1,
	EXIT_USAGE = 2,
	EXIT_BROKEN = 3,
	EXIT_UNJUDGED = 4, /* kselftest's status of a skipped test, too */
	EXIT_SIGNAL = 128, /* plus the number of the signal that ended the run, as shells count */
};

#endif
