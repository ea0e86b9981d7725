/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Colours of what people read.
 */
#ifndef NSC_COLOUR_H
#define NSC_COLOUR_H

#include <stdio.h>

#include "report/judge.h"

enum colour_when { COLOUR_AUTO, COLOUR_ALWAYS, COLOUR_NEVER };

/*
 * Whether to write in colour to OUT: as --color says; else not where NO_COLOR is set
 * (no-color.org), and where CLICOLOR_FORCE is (bixense.com/clicolors); else where OUT is a terminal
 * that is not dumb, unless CLICOLOR is 0.
 */
bool colour_wanted(FILE *out, enum colour_when when);
/* Whether OUT is a terminal on which the cursor can be moved. */
bool terminal_draws(FILE *out);

/* What begins a verdict of that kind, and text of less weight; what ends either: "" without
 * COLOUR. */
const char *colour_verdict(bool colour, enum verdict_kind kind);
const char *colour_faint(bool colour);
const char *colour_end(bool colour);

#endif
