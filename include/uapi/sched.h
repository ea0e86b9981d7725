/* SPDX-License-Identifier: GPL-2.0-only */
/* Flags of clone3(2) and unshare(2) that kernel headers may lack. */
#ifndef UAPI_SCHED_H
#define UAPI_SCHED_H

#include <linux/sched.h>

#ifndef CLONE_NEWTIME /* since Linux 5.6 */
#define CLONE_NEWTIME 0x00000080
#endif

#ifndef CLONE_DETACHED /* no effect since Linux 2.6.2, refused by clone3(2) */
#define CLONE_DETACHED 0x00400000
#endif

#ifndef CLONE_AUTOREAP /* since Linux 7.1 */
#define CLONE_AUTOREAP (1ULL << 34)
#endif

#ifndef CLONE_NNP /* since Linux 7.1 */
#define CLONE_NNP (1ULL << 35)
#endif

#ifndef CLONE_PIDFD_AUTOKILL /* since Linux 7.1 */
#define CLONE_PIDFD_AUTOKILL (1ULL << 36)
#endif

#ifndef CLONE_EMPTY_MNTNS /* since Linux 7.1 */
#define CLONE_EMPTY_MNTNS (1ULL << 37)
#endif

#ifndef UNSHARE_EMPTY_MNTNS /* since Linux 7.1; unshare(2) only */
#define UNSHARE_EMPTY_MNTNS 0x00100000
#endif

#endif
