/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef NSC_ROOT_H
#define NSC_ROOT_H

/* Both return NULL, or the step that failed with errno set; to be called in a mount namespace
 * of the caller's own. */

/* Pivot into an empty tmpfs with /proc /sys /dev /tmp /work, and go to /work. */
const char *root_fresh(void);
/* Mount a procfs of the caller's PID namespace on /proc. */
const char *root_proc(void);

#endif
