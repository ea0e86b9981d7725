/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Clocks by name, and the two ways to read them: the system call, and the vDSO, which
 * has its own copy of the time namespace's offsets and so must be tested on its own.
 */
#ifndef NSC_CLOCK_H
#define NSC_CLOCK_H

#include <stdint.h>
#include <time.h>

#include "nsc/field.h"

/* The clocks of clock_gettime(2), by their names in lower case without CLOCK_. */
extern const struct symbol clock_symbols[];

typedef int (*clock_fn)(clockid_t clock, struct timespec *ts);

/* The vDSO's clock_gettime, found in its ELF image; NULL when there is none. */
clock_fn clock_vdso(void);
/* clock_gettime(2) by system call, where libc might use the vDSO; 0, or -1 with errno. */
int clock_syscall(clockid_t clock, struct timespec *ts);

int64_t clock_ns(const struct timespec *ts);
struct timespec clock_timespec(int64_t ns);
/* A clock that must be readable everywhere, by system call, in nanoseconds. */
int64_t clock_now(clockid_t clock);

#endif
