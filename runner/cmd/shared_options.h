/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Options that several commands have.
 */
#ifndef NSC_SHARED_OPTIONS_H
#define NSC_SHARED_OPTIONS_H

#include "cmd/options.h"

/* In a struct run_options (report/results.h). */
extern const struct option_group running_options; /* of whoever carries out cells */
extern const struct option_group cell_options;	  /* which cells of the selection */
extern const struct option_group runtime_options, inside_options;
/* In a struct fail_on, an enum report_format and a bool. */
extern const struct option_group fail_on_options, format_options, json_options;

/* What .operands.help says of a selection. */
#define SELECTION_HELP \
	"which scenarios: a file or directory, an id of a family, scenario or cell, a glob of " \
	"these, or @TAG; all when none is given"

#endif
