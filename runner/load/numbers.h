/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * $ACTOR.pid: the number of an actor, in the PID namespace of the actor that carries out the step.
 */
#ifndef NSC_NUMBERS_H
#define NSC_NUMBERS_H

#include "load/refs.h"
#include "load/suite.h"

/* The actor whose number REF is; -1: it is something else, as what a step saves under that name. */
int number_of(const struct scenario *s, const struct ref *ref);

#endif
