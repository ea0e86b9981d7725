/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What shows that an expectation can fail (honesty rule 1). Pure.
 */
#ifndef NSC_CONTRAST_H
#define NSC_CONTRAST_H

#include "plan/script.h"

/* Whether an expectation, a map, is certain to be a refusal (1), a success (0), or open (-1). */
int contrast_refusal(const struct value *expect);
/* Whether the step is judged in a plain cell. */
bool contrast_judged(const struct step *s);
/*
 * Whether the expectation is negative: a refusal, or that there is nothing in a field (false, no
 * value, an empty text or list, a count of 0, that something is lacking).
 */
bool contrast_negative(const struct op *op, const struct value *expect);
/*
 * The field for which nothing shows that a negative expectation of STEP can fail, "errno" of a
 * refusal; NULL when there is none. SCRIPTS are the N plain scripts of its scenario, one a row. Its
 * control or twin shows it, or another step: for a refusal one that succeeds with the same op, and
 * differs in no more than who does it, one parameter, or when; for a field one with the same op
 * that finds something in it.
 */
const char *contrast_missing(const struct script *scripts, size_t n,
			     const struct script_step *step);

#endif
