/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Signals by name (without SIG), as numbers.  The masks of the `ignore:` attribute are
 * signal_symbols in nsc/place.h.
 */
#ifndef NSC_SIGNALS_H
#define NSC_SIGNALS_H

#include "nsc/field.h"

extern const struct symbol signal_numbers[]; /* "NONE" is 0, the null signal */

/* Those that ask for the end of a run; terminals and shells send them to its process group. */
enum { END_SIGNALS = 3 };
extern const int end_signals[END_SIGNALS];

#endif
