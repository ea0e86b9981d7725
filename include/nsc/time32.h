/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The calls of 32-bit x86 that take times of 32 bits (struct old_timespec32), which are functions
 * of their own in the kernel: from a 64-bit program by int 0x80 (CONFIG_IA32_EMULATION), from a
 * 32-bit one as any call.  0, or -1 with errno; ENOSYS on other machines.
 */
#ifndef NSC_TIME32_H
#define NSC_TIME32_H

#include <time.h>

int time32_gettime(clockid_t clock, struct timespec *ts);
int time32_nanosleep(clockid_t clock, int flags, const struct timespec *at, struct timespec *left);
/* Arms the timerfd, and asks what is left. */
int time32_timerfd(int fd, int flags, const struct timespec *at, struct timespec *left);
/* As that, of a timer by the kernel's number. */
int time32_timer(int timer, int flags, const struct timespec *at, struct timespec *left);
/* FUTEX_WAIT_BITSET, with FLAGS, of a word that nobody wakes. */
int time32_futex(int flags, const struct timespec *at);

#endif
