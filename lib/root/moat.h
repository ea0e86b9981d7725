/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The moat: the root file system of an arena in which runtimes are launched.  nsc/box.h says what
 * is in it.
 */
#ifndef NSC_MOAT_H
#define NSC_MOAT_H

#include "nsc/box.h"

/* What programs print goes to files here, which cannot grow without bounds. */
#define MOAT_LOGS MOAT_DIR "/log"

/* Processes that nobody should touch, and what they are called. */
enum { MOAT_CANARIES = 3 };
#define MOAT_CANARY "nsc-canary"
/* firejail builds no box in what it takes for a container: where this name is not seen. */
#define MOAT_FIRST "kthreadd"

/* Fill the moat; NULL, or the step that failed with errno set. In namespaces of its own. */
const char *moat_make(void);

#endif
