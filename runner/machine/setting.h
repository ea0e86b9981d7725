/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What sysctls of the whole machine are set to, and which release of Linux it runs.
 */
#ifndef NSC_SETTING_H
#define NSC_SETTING_H

#include "machine/missing.h"

/* Whether the sysctl of "NAME=VALUE", as sysctl(8) writes it, has that value; else false with M. */
bool setting_is(struct pool *pool, const char *setting, struct missing *m);
/* Whether the kernel is of RELEASE, as "5.8", or a later one; else false with M. */
bool release_reached(struct pool *pool, const char *release, struct missing *m);

#endif
