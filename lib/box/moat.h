/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef NSC_MOAT_H
#define NSC_MOAT_H

#include <stdbool.h>
#include <sys/types.h>

#include "nsc/box.h"

/* What programs print goes to files here, which cannot grow without bounds. */
#define MOAT_LOGS MOAT_DIR "/log"

/* Processes that nobody should touch, and what they are called. */
enum { MOAT_CANARIES = 3 };
#define MOAT_CANARY "nsc-canary"
/* firejail builds no box in what it takes for a container: where this name is not seen. */
#define MOAT_FIRST "kthreadd"

struct pool;
/* The process's name, or NULL when it is gone or a zombie. */
const char *moat_process(struct pool *pool, const char *number);
/* Whether it is an actor or one of the moat's own: they come and go as the cell wants. */
bool moat_own_process(struct pool *pool, const char *name, const char *number);
/* Whether the process executes this very program. */
bool moat_is_agent(pid_t pid);

#endif
