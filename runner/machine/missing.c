// SPDX-License-Identifier: GPL-2.0-only
/*
 * The two answers of a need that is not met.
 */
#include "machine/missing.h"

static const char *const formats[] = {
	[MISSING_LACKS] = "lacks %s", [MISSING_CANNOT] = "cannot: %s",
};

static bool fill(struct pool *pool, struct missing *m, enum missing_kind kind, const char *what,
		 const char *detail, const char *remedy)
{
	*m = (struct missing){ .kind = kind, .reason = pool_printf(pool, formats[kind], what),
			       .detail = detail, .remedy = remedy };
	return false;
}

bool lacks(struct pool *pool, struct missing *m, const char *what, const char *detail,
	   const char *remedy)
{
	return fill(pool, m, MISSING_LACKS, what, detail, remedy);
}

bool cannot(struct pool *pool, struct missing *m, const char *what, const char *detail,
	    const char *remedy)
{
	return fill(pool, m, MISSING_CANNOT, what, detail, remedy);
}
