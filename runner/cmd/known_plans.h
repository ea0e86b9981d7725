/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Known issues against the cells that there are: natively, and with each runtime.
 */
#ifndef NSC_KNOWN_PLANS_H
#define NSC_KNOWN_PLANS_H

#include "plan/select.h"
#include "report/known_lint.h"
#include "report/results.h"

/* Show LINT the plans of all of S: the native one, and those with the runtimes that its entries are
 * about or may be seen with. SYMPTOMS: they are checked against the cells, too. */
void known_plans(struct known_lint *lint, const struct selection *s, bool symptoms);
/* Say on stderr which entries of --known have patterns that name no cell: neither in the suites of
 * the run nor in those that come with nsconform. */
void known_tell_unnamed(struct pool *pool, const struct results *r);

#endif
