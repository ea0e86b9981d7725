/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The moat: the root file system of an arena in which runtimes are launched.  nsc/box.h says what
 * is in it.
 */
#ifndef NSC_MOAT_H
#define NSC_MOAT_H

#include "nsc/box.h"

/* The directory of logs of programs, on a tmpfs of limited size. */
#define MOAT_LOGS MOAT_DIR "/log"

/* The number of canaries, which no runtime should touch, and their name. */
enum { MOAT_CANARIES = 3 };
#define MOAT_CANARY "nsc-canary"
/* A process of that name must run, or firejail believes to be in a container and builds no
 * sandbox. */
#define MOAT_FIRST "kthreadd"

/*
 * Fill the moat, and its MOAT_PROGRAMS with PROGRAMS, each NAME=FILE; NULL, or the step that failed
 * with errno set. In namespaces of its own.
 */
const char *moat_make(const struct strs *programs);

#endif
