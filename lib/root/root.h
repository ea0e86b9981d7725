/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef NSC_ROOT_H
#define NSC_ROOT_H

#include <stdbool.h>

/* Both return NULL, or the step that failed with errno set; to be called in a mount namespace
 * of the caller's own. */

/*
 * Pivot into an empty tmpfs with /proc /sys /dev /tmp /work, and go to /work.  With OWN_PROC /proc
 * is a procfs of the caller's PID namespace; else it may be the one that was there before, in which
 * /proc/self is the caller and numbers are those of another namespace.
 */
const char *root_fresh(bool own_proc);
/* Mount a procfs of the caller's PID namespace on /proc. */
const char *root_proc(void);

#endif
