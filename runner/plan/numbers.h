/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The steps that read the numbers of actors.
 */
#ifndef NSC_PLAN_NUMBERS_H
#define NSC_PLAN_NUMBERS_H

#include "plan/script.h"

/* Before STEP, which BY carries out: what reads each $ACTOR.pid that WITH and EXPECT name. */
void numbers_read(struct pool *pool, struct script *script, const struct step *step, int by,
		  const struct value *with, const struct value *expect);

#endif
