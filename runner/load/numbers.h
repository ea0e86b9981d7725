/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * $ACTOR.pid: the number of an actor, in the PID namespace of the actor that carries out the step.
 */
#ifndef NSC_NUMBERS_H
#define NSC_NUMBERS_H

#include "load/refs.h"
#include "load/suite.h"

/* Whether REF is the number of an actor, and nothing else, as what a step saves under its name. */
bool is_number(const struct scenario *s, const struct ref *ref);

#endif
