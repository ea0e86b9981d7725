/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whether the kernel has what it was configured to have.
 */
#ifndef NSC_OPTION_H
#define NSC_OPTION_H

#include "machine/require.h"

/*
 * Whether OPTION, which is without CONFIG_, is set, and its module is there or may be: only file
 * systems can be asked for without using them.  False with M, in words from POOL.
 */
bool option_is_set(struct pool *pool, const char *option, struct missing *m);
/* Whether it is known not to be set: what kernels do without a part of themselves. */
bool option_is_unset(struct pool *pool, const char *option, struct missing *m);
/*
 * As option_is_set(), and true where no config can be read: ops need options everywhere, and are
 * tried.
 */
bool option_may_be_set(struct pool *pool, const char *option, struct missing *m);

#endif
