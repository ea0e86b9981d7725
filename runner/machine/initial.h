/* SPDX-License-Identifier: GPL-2.0-only */
/* The need `initial.KIND`: the runner is in the namespace that the kernel began with. */
#ifndef NSC_INITIAL_H
#define NSC_INITIAL_H

#include "machine/missing.h"

/* The probe of the row `initial` of runner/machine/require.c. */
bool initial_probe(struct pool *pool, const char *kind, struct missing *m);

#endif
