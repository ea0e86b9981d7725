/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The steps of a scenario in words, each a line.
 */
#ifndef NSC_STORY_H
#define NSC_STORY_H

#include "load/suite.h"

/* The kinds of namespaces in MASK (NSM_*), or `none`. */
const char *story_namespaces(struct pool *pool, unsigned mask);
/* Who does what: `inner: {uts.sethostname: {name: "x"}} -> $before`. */
const char *story_does(struct pool *pool, const struct scenario *s, const struct step *step);
/* What has to come of it, and without which namespace it must not; NULL: it must succeed. */
const char *story_must(struct pool *pool, const struct step *step);
/* How its twin differs; NULL: it has none. */
const char *story_twin(struct pool *pool, const struct scenario *s, const struct step *step);

#endif
