/* SPDX-License-Identifier: GPL-2.0-only */
/* Numbers of newer system calls, the same on all architectures but alpha and mips. */
#ifndef NSC_UAPI_UNISTD_H
#define NSC_UAPI_UNISTD_H

#include <sys/syscall.h>

#ifndef __NR_statmount
#define __NR_statmount 457
#define __NR_listmount 458
#endif
#ifndef __NR_open_tree_attr
#define __NR_open_tree_attr 467
#endif
#ifndef __NR_listns
#define __NR_listns 470
#endif

#endif
