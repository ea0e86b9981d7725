/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Options that several commands have.
 */
#ifndef NSC_SHARED_OPTIONS_H
#define NSC_SHARED_OPTIONS_H

#include "cmd/options.h"

/* In a struct run_options (report/results.h). */
extern const struct option_group baseline_options; /* cmd/baseline.c */
extern const struct option_group report_options;  /* cmd/reports.c */
extern const struct option_group running_options; /* of whoever carries out cells */
extern const struct option_group attempt_options; /* ... and how often, in which order */
extern const struct option_group cell_options;	  /* which cells of the selection */
extern const struct option_group rerun_options;	  /* which of them by what a run has recorded */
extern const struct option_group shard_options;	  /* which part of them */
extern const struct option_group runtime_options, inside_options;
/* In a struct narrowing (plan/select.h). */
extern const struct option_group narrowing_options;
/* In an enum exit_profile: of every command whose statuses are those of verdicts. */
extern const struct option_group exit_options;
/* In a struct fail_on, an enum report_format, a bool, and a struct strs. */
extern const struct symbol printed_formats[]; /* words of --format */
extern const struct option_group fail_on_options, format_options, json_options, known_options;
/* In an enum colour_when. */
extern const struct option_group colour_options;

/* For rows that may be given several times: VALUE is one more of a struct strs. */
option_take option_text;

#define RUNTIME_PATH_HELP "run FILE where the runtime's file says PROGRAM, by default its launcher: " \
			  "one that was just built; may be repeated"

/* What .operands.help says of a selection; help goes on with the kinds of selectors. */
#define SELECTION_HELP "which cells: all that any of these selectors names; all when none is given"

#endif
