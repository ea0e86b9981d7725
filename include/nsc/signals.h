/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Signals by name (without SIG), as numbers.  The masks of the `ignore:` attribute are
 * signal_symbols in nsc/place.h.
 */
#ifndef NSC_SIGNALS_H
#define NSC_SIGNALS_H

#include "nsc/field.h"

extern const struct symbol signal_numbers[]; /* "NONE" is 0, the null signal */

#endif
