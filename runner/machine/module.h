/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Modules that the kernel was configured to have, and that the machine may not have.
 */
#ifndef NSC_MODULE_H
#define NSC_MODULE_H

#include "machine/require.h"

/*
 * Whether the module of OPTION, which is without CONFIG_, is there, or may be: only file systems
 * can be asked for without using them.  False with M, in words from POOL.
 */
bool module_is_there(struct pool *pool, const char *option, struct missing *m);

#endif
