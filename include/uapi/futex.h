/* SPDX-License-Identifier: GPL-2.0-only */
/* Futex calls that 6.1 headers, or the libc's own, may lack. */
#ifndef UAPI_FUTEX_H
#define UAPI_FUTEX_H

#include <linux/futex.h>
#include <sys/syscall.h>

/* since 5.14 */
#ifndef FUTEX_LOCK_PI2
#define FUTEX_LOCK_PI2 13
#endif

/* Numbers from 424 on are the same everywhere but on alpha (+110) and mips (+ABI base). */
#if !defined(__alpha__) && !defined(__mips__)
/* since 5.16 */
#ifndef SYS_futex_waitv
#define SYS_futex_waitv 449
#endif
/* since 6.7 */
#ifndef SYS_futex_wait
#define SYS_futex_wait 455
#endif
#endif

#endif
