/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who has which rights over whose namespaces, as far as the attributes of actors say it.
 */
#ifndef NSC_RIGHTS_H
#define NSC_RIGHTS_H

#include "load/suite.h"

/* Whether an actor of these attributes has, or in a row may have, a new namespace of that kind. */
bool rights_may_have_new(const struct value *place, enum ns ns);
/* The actor that made the namespace of that kind which ACTOR is in; -1 is the arena. */
int rights_maker(const struct scenario *s, int actor, enum ns ns);
/* Whether ACTOR has capabilities over the network namespace of actor OF: user_namespaces(7). */
bool rights_over_net(const struct scenario *s, int actor, int of);
/* Who has them over those of A and of B: A or B if one of them has, else another actor; or -1. */
int rights_over_both(const struct scenario *s, int a, int b);

#endif
