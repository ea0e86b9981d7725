/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef NSC_TSC_H
#define NSC_TSC_H

/* Thousands of ticks that the time stamp counter counts in a second; 0 where there is none. */
int tsc_khz(void);

#endif
