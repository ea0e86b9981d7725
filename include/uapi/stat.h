/* SPDX-License-Identifier: GPL-2.0-only */
/* statx(2), which musl has since 1.2.4.  Include after <sys/stat.h>. */
#ifndef NSC_UAPI_STAT_H
#define NSC_UAPI_STAT_H

#include <sys/stat.h>

#include "nsc/syscall.h"

#ifndef STATX_BASIC_STATS
#include <linux/stat.h>
#include <unistd.h>

static inline int statx(int dir, const char *path, int flags, unsigned mask, struct statx *st)
{
	return (int)sys_call(SYS_statx, dir, path, flags, mask, st);
}
#endif

#endif
