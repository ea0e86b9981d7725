/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef NSC_PROBE_H
#define NSC_PROBE_H

#include <stdint.h>

/*
 * Run TRY in a forked child that has first entered FLAGS (CLONE_NEW*), within a user
 * namespace of its own with root mapped when the caller has no privilege. Returns what TRY
 * returned (0, or a positive errno below 255), the errno of entering, or 254 when it crashed.
 */
int probe_in(uint64_t flags, int (*try_it)(const void *argument), const void *argument);
/* The exit code of that child, or an errno. */
int probe_wait(int pid);
/* RTM_NEWLINK of that kind in the current network namespace: 0, or the errno. */
int probe_link(const void *kind);

#endif
