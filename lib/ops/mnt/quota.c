// SPDX-License-Identifier: GPL-2.0-only
/*
 * Disk quotas of a mounted file system, by a descriptor of it (quotactl_fd(2), Linux 5.14).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/quota.h>
#include <string.h>

#include "nsc/op.h"
#include "nsc/sys.h"
#include "nsc/syscall.h"

#ifndef SYS_quotactl_fd /* since Linux 5.14 */
#define SYS_quotactl_fd 443
#endif

#define QUOTA_COMMAND(cmd, type) ((unsigned)(cmd) << SUBCMDSHIFT | ((unsigned)(type) & SUBCMDMASK))

#define QUOTA_GET_IN(F, S) \
	F(S, STR, path, REQUIRED, "any file of the file system") \
	F(S, INT, uid, REQUIRED, 0, UINT32_MAX, "whose quota")
FIELDS(quota_get_in, QUOTA_GET_IN);

#define QUOTA_OUT(F, S) \
	F(S, INT, limit, REQUIRED, 0, 0, "hard limit in blocks of 1 KiB, 0 for none")
FIELDS(quota_out, QUOTA_OUT);

static int command(struct op_ctx *ctx, const char *path, unsigned cmd, int64_t uid,
		   struct if_dqblk *quota)
{
	AUTO_FD fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return op_broken(ctx, "open %s: %m", path);
	cmd = QUOTA_COMMAND(cmd, USRQUOTA);
	return sys_call(SYS_quotactl_fd, fd, cmd, (unsigned)uid, quota) < 0 ? -errno : 0;
}

static int mnt_quota_get_run(struct op_ctx *ctx, const struct quota_get_in *in,
			     struct quota_out *out)
{
	struct if_dqblk quota = { 0 };
	int rc = command(ctx, in->path, Q_GETQUOTA, in->uid, &quota);

	out->limit = (int64_t)quota.dqb_bhardlimit;
	return rc;
}
OP(mnt_quota_get, "mnt.quota_get", quota_get_in, quota_out,
	.doc = "Read a user's disk quota on a mounted file system.",
	.source = "quotactl(2) Q_GETQUOTA",
	.touches = NSM_MNT);

#define QUOTA_SET_IN(F, S) \
	QUOTA_GET_IN(F, S) \
	F(S, INT, limit, REQUIRED, 0, INT32_MAX, "hard limit in blocks of 1 KiB, 0 for none")
FIELDS(quota_set_in, QUOTA_SET_IN);

static int mnt_quota_set_run(struct op_ctx *ctx, const struct quota_set_in *in, struct none *out)
{
	struct if_dqblk quota = { .dqb_bhardlimit = (uint64_t)in->limit,
				  .dqb_valid = QIF_BLIMITS };

	return command(ctx, in->path, Q_SETQUOTA, in->uid, &quota);
}

static int mnt_quota_set_check(struct op_ctx *ctx, const struct quota_set_in *in,
			       const struct none *out)
{
	struct if_dqblk quota = { 0 };

	if (command(ctx, in->path, Q_GETQUOTA, in->uid, &quota) ||
	    quota.dqb_bhardlimit == (uint64_t)in->limit)
		return 0;
	return op_undone(ctx, "the limit is %llu", (unsigned long long)quota.dqb_bhardlimit);
}
OP_CHECK(mnt_quota_set, quota_set_in, none)
OP(mnt_quota_set, "mnt.quota_set", quota_set_in, none,
	.doc = "Set a user's disk quota on a mounted file system.",
	.source = "quotactl(2) Q_SETQUOTA",
	.touches = NSM_MNT, .mutates = NSM_MNT,
	.check = mnt_quota_set_checked);
