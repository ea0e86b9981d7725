/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Why a cell is not run.  A need that is not met has one of two answers:
 *
 *   lacks    the kernel (or the runtime) was built or made without it
 *   cannot   this machine, user or container forbids it
 *
 * What the kernel says that it has and does not do is neither: the need counts as met, and the
 * cell runs and fails.
 */
#ifndef NSC_MISSING_H
#define NSC_MISSING_H

#include <stdbool.h>

#include "nsc/pool.h"

enum missing_kind { MISSING_LACKS, MISSING_CANNOT };

struct missing {
	enum missing_kind kind;
	const char *reason; /* what follows "# SKIP "; constant for a need and a cause, as
			     * dashboards make test names of it: no numbers or paths that vary */
	const char *detail; /* the evidence */
	const char *remedy;
};

/*
 * Fill M and return false: "lacks WHAT", "cannot: WHAT". REMEDY may be NULL in a probe of the
 * table of requirements: the row's is taken then. The texts live as long as POOL.
 */
bool lacks(struct pool *pool, struct missing *m, const char *what, const char *detail,
	   const char *remedy);
bool cannot(struct pool *pool, struct missing *m, const char *what, const char *detail,
	    const char *remedy);

#endif
