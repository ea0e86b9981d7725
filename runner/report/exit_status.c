// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of exit statuses.
 */
#include <stdio.h>

#include "report/exit_status.h"

/*
 * kselftest: ksft_finished() of tools/testing/selftests/kselftest.h ends with KSFT_PASS (0) where
 * tests passed, were skipped, or failed or passed against expectation; else with KSFT_FAIL (1). To
 * kselftest/runner.sh all statuses but 0 and KSFT_SKIP (4) are failures. automake: 77 skips and 99
 * is a hard error (Automake manual, "Scripts-based Testsuites"). bisect: git-bisect(1) takes 125
 * for a revision that cannot be tested, any other status up to 127 for a bad one, and stops at a
 * higher one.
 */
const struct symbol exit_profiles[] = {
	{ "default", EXIT_PROFILE_DEFAULT, "scripts and people" },
	{ "kselftest", EXIT_PROFILE_KSELFTEST, "run_kselftest.sh, by the statuses of kselftest.h" },
	{ "automake", EXIT_PROFILE_AUTOMAKE,
	  "automake's driver of plain tests, meson without TAP, and autopkgtest" },
	{ "tap", EXIT_PROFILE_TAP,
	  "prove, meson and others that read the TAP, to whom any other status than 0 is one more "
	  "failure" },
	{ "bisect", EXIT_PROFILE_BISECT, "git bisect run" },
	{ 0 }
};

const struct exit_row exit_rows[HAPPENED_ROWS] = {
	[HAPPENED_PASSED] = {
		"passed", "something passed, and nothing failed or broke", { 0, 0, 0, 0, 0 },
	},
	[HAPPENED_KNOWN] = {
		"known", "known issues failed, and nothing else was judged", { 0, 0, 0, 0, 0 },
	},
	[HAPPENED_XPASS] = {
		"xpass", "something passed that is a known issue, and nothing failed or broke",
		{ 0, 0, 0, 0, 0 },
	},
	[HAPPENED_UNJUDGED] = {
		"unjudged", "nothing was judged: every cell skips, there is none, or none that --baseline has",
		{ 4, 4, 77, 0, 125 },
	},
	[HAPPENED_FAILED] = {
		"failed", "something failed, and nothing broke", { 1, 1, 1, 0, 1 },
	},
	[HAPPENED_FAILED_AND_BROKE] = {
		"failed-and-broke", "something failed, and something else broke", { 1, 1, 1, 0, 1 },
	},
	[HAPPENED_BROKE] = {
		"broke", "cells broke, and nothing failed: nothing is said against the kernel",
		{ 3, 1, 99, 0, 125 },
	},
	[HAPPENED_UNSTARTED] = {
		"unstarted", "the kernel does not boot or the runtime starts nothing: no cell could run",
		{ 1, 1, 1, 0, 125 },
	},
	[HAPPENED_HARNESS] = {
		"harness", "the harness broke, or results are not whole", { 3, 1, 99, 3, 125 },
	},
	[HAPPENED_USAGE] = {
		"usage", "usage, bad input or empty selection", { 2, 1, 99, 2, 255 },
	},
	[HAPPENED_INTERRUPTED] = {
		"interrupted", "ended by signal N",
		{ EXIT_SIGNAL, EXIT_SIGNAL, 99, EXIT_SIGNAL, EXIT_SIGNAL },
	},
};

int exit_status(enum exit_profile profile, int happened)
{
	int row = happened < HAPPENED_INTERRUPTED ? happened : HAPPENED_INTERRUPTED;
	int status = exit_rows[row].status[profile];

	return status == EXIT_SIGNAL ? status + happened - row : status;
}

const char *exit_status_text(struct pool *pool, enum exit_profile profile, int row)
{
	int status = exit_rows[row].status[profile];

	return pool_printf(pool, status == EXIT_SIGNAL ? "%d+N" : "%d", status);
}
