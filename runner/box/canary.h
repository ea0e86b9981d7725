/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef NSC_CANARY_H
#define NSC_CANARY_H

#include "load/runtime.h"

/* Whether the programs are there, and which version: fills .installed and .lacks. */
void canary_installed(struct pool *pool, struct runtime *r);

#endif
