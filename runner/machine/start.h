/* SPDX-License-Identifier: GPL-2.0-only */
/* The need `start.ATTRIBUTE`: the state that a run was started in, where it depends on it. */
#ifndef NSC_START_H
#define NSC_START_H

#include "nsc/value.h"
#include "machine/missing.h"

/* The probe of the row `start` of runner/machine/require.c. */
bool start_probe(struct pool *pool, const char *attribute, struct missing *m);

/* Attributes and values as they were found: a map. */
struct value *start_found(struct pool *pool);
/* Those that are not as they have to be although the run tried, and why: a map. */
struct value *start_unset(struct pool *pool);

#endif
