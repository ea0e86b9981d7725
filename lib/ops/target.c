// SPDX-License-Identifier: GPL-2.0-only
/*
 * The directories under /proc of the processes that ops are about.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "nsc/procdir.h"
#include "proc.h"

static int dir_or_broken(struct op_ctx *ctx, int dir)
{
	if (dir >= 0)
		return dir;
	if (dir == -ESRCH)
		return op_broken(ctx, "the process is gone, or nobody has that number");
	if (dir == -ENOENT)
		return op_broken(ctx, "the procfs on /proc does not show that process");
	return op_broken(ctx, "find the process in /proc: %s", strerror(-dir));
}

int number_dir(struct op_ctx *ctx, pid_t pid)
{
	return dir_or_broken(ctx, procdir_of_pid(PROCDIR_MOUNTED, pid));
}

int target_dir(struct op_ctx *ctx, const struct actor_ref *actor, int64_t number, const char *own)
{
	if (number != PID_NOT_GIVEN)
		return number_dir(ctx, (pid_t)number);
	if (actor->pidfd >= 0)
		return dir_or_broken(ctx, procdir_of_pidfd(PROCDIR_MOUNTED, actor->pidfd));
	if (!own)
		return op_broken(ctx, "neither actor nor pid is given");
	int dir = open(own, O_PATH | O_DIRECTORY | O_CLOEXEC);

	return dir < 0 ? op_broken(ctx, "open %s: %m", own) : dir;
}
