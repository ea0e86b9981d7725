/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Acts are steps that change something. Each is looked at: by an expectation of a later step, or by
 * the check of its own op.
 */
#ifndef NSC_ACTS_H
#define NSC_ACTS_H

#include "plan/script.h"


/* Have ops check the acts that nothing else looks at: in a plain cell, and at the end of a twin. */
void acts_mark(struct script *script);

/* Whether neither a later step nor its op looks at what step AT of a plain cell changes. */
bool act_unseen(const struct script *script, size_t at);

#endif
