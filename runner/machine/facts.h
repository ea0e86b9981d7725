/* SPDX-License-Identifier: GPL-2.0-only */
/* What a person asks of a machine before they believe a run on it: one row in one table. */
#ifndef NSC_FACTS_H
#define NSC_FACTS_H

#include "nsc/value.h"

/* Sections, each a map of facts to texts, in the order of the table. */
struct value *facts_describe(struct pool *pool);

#endif
