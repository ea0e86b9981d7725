// SPDX-License-Identifier: GPL-2.0-only
/*
 * A file system by the calls that came after mount(2), as one op: which of them refuses depends on
 * the type.  And the options of a context that is made step by step.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>

#include "mnt.h"
#include "nsc/sys.h"
#include "nsc/syscall.h"
#include "uapi/mount.h"

#define FSNEW_IN(F, S) \
	F(S, STR, type, REQUIRED, "file system type") \
	F(S, STRS, options, OPTIONAL, "options, KEY=VALUE or KEY each")
FIELDS(fsnew_in, FSNEW_IN);

#define FSNEW_OUT(F, S) \
	F(S, FD, fd, REQUIRED, "the detached mount, as an O_PATH descriptor")
FIELDS(fsnew_out, FSNEW_OUT);

/* 0, or -1 with errno. */
static long set_option(struct op_ctx *ctx, int fd, const char *option)
{
	const char *value = strchr(option, '=');

	if (!value)
		return sys_call(SYS_fsconfig, fd, FSCONFIG_SET_FLAG, option, NULL, 0);
	return sys_call(SYS_fsconfig, fd, FSCONFIG_SET_STRING,
			pool_strndup(ctx->pool, option, (size_t)(value - option)), value + 1, 0);
}

static int mnt_fsnew_run(struct op_ctx *ctx, const struct fsnew_in *in, struct fsnew_out *out)
{
	AUTO_FD context = (int)sys_call(SYS_fsopen, in->type, FSOPEN_CLOEXEC);

	if (context < 0)
		return -errno;
	for (size_t i = 0; i < in->options.n; i++)
		if (set_option(ctx, context, in->options.v[i]) < 0)
			return -errno;
	if (sys_call(SYS_fsconfig, context, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0)
		return -errno;
	long mount = sys_call(SYS_fsmount, context, FSMOUNT_CLOEXEC, 0);

	if (mount < 0)
		return -errno;
	out->fd = (int)mount;
	return 0;
}
OP(mnt_fsnew, "mnt.fsnew", fsnew_in, fsnew_out,
	.doc = "Make a detached mount of a new file system, by fsopen, fsconfig and fsmount.",
	.source = "fsopen(2), fsconfig(2), fsmount(2)",
	.touches = NSM_MNT, .mutates = NSM_MNT);

#define FSSET_IN(F, S) \
	F(S, FD, fd, REQUIRED, "context") \
	F(S, STRS, options, REQUIRED, "options, KEY=VALUE or KEY each")
FIELDS(fsset_in, FSSET_IN);

static int mnt_fsset_run(struct op_ctx *ctx, const struct fsset_in *in, struct none *out)
{
	for (size_t i = 0; i < in->options.n; i++)
		if (set_option(ctx, in->fd, in->options.v[i]) < 0)
			return -errno;
	return 0;
}
OP(mnt_fsset, "mnt.fsset", fsset_in, none,
	.doc = "Set options of a file system context.",
	.source = "fsconfig(2) FSCONFIG_SET_STRING, FSCONFIG_SET_FLAG",
	.touches = NSM_MNT, .mutates = NSM_MNT,
	.seen = "bpf file mnt");
