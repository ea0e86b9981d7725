// SPDX-License-Identifier: GPL-2.0-only
/*
 * Core dumps, and the one pattern by which the whole machine names them.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "nsc/op.h"
#include "nsc/sockaddr.h"
#include "nsc/sys.h"

static const char pattern_path[] = "/proc/sys/kernel/core_pattern";

#define PATTERN_IN(F, S) \
	F(S, STR, pattern, REQUIRED, "how core dumps are named, of the whole machine")
FIELDS(pattern_in, PATTERN_IN);

static int core_pattern_run(struct op_ctx *ctx, const struct pattern_in *in, struct none *out)
{
	return sys_write_file(pattern_path, in->pattern);
}

static int core_pattern_check(struct op_ctx *ctx, const struct pattern_in *in,
			      const struct none *out)
{
	char *now;

	if (sys_read_file(ctx->pool, pattern_path, 256, &now, NULL))
		return 0;
	now[strcspn(now, "\n")] = 0;
	return strcmp(now, in->pattern) ? op_undone(ctx, "it is %s", now) : 0;
}
OP_CHECK(core_pattern, pattern_in, none)
OP(core_pattern, "core.pattern", pattern_in, none,
	.doc = "Say how core dumps are named, on the whole machine.",
	.source = "core(5)", .asks = "sysctl.writable", .flags = OP_HOST,
	.check = core_pattern_checked);

#define LISTEN_IN(F, S) \
	F(S, STR, name, OPTIONAL, "abstract name, for datagrams of a helper") \
	F(S, STR, path, OPTIONAL, "path instead, for the connections of processes that die")
FIELDS(listen_in, LISTEN_IN);

#define LISTEN_OUT(F, S) \
	F(S, FD, fd, REQUIRED, "the socket")
FIELDS(listen_out, LISTEN_OUT);

static int core_listen_run(struct op_ctx *ctx, const struct listen_in *in, struct listen_out *out)
{
	int type = in->path ? SOCK_STREAM : SOCK_DGRAM;
	struct sockaddr_any sa;
	AUTO_FD fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);

	out->fd = -1;
	if (!sockaddr_unix(in->name, in->path, &sa))
		return op_broken(ctx, "a name, or a path, of a unix socket is wanted");
	if (fd < 0 || bind(fd, &sa.any, sa.len) < 0 || (in->path && listen(fd, 1) < 0))
		return -errno;
	out->fd = fd_take(&fd);
	return 0;
}
OP(core_listen, "core.listen", listen_in, listen_out,
	.doc = "Be there for what the pattern names, on the machine itself.",
	.source = "core(5), unix(7)",
	.touches = NSM_NET, .flags = OP_HOST);

#define DUMP_OUT(F, S) \
	F(S, INT, pid, REQUIRED, 0, 0, "the child, as the caller sees it") \
	F(S, BOOL, dumped, "its memory was written somewhere")
FIELDS(dump_out, DUMP_OUT);

static void die(void)
{
	struct rlimit limit;

	getrlimit(RLIMIT_CORE, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_CORE, &limit);
	prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
	signal(SIGABRT, SIG_DFL);
	abort();
}

static int dump(struct op_ctx *ctx, const char *root, struct dump_out *out)
{
	struct clone_request req = { .exit_signal = SIGCHLD };
	pid_t pid = sys_clone3(&req);
	int status;

	if (pid == 0 && root && (chroot(root) < 0 || chdir("/") < 0))
		_exit(1);
	if (pid == 0)
		die();
	if (pid < 0)
		return op_broken(ctx, "fork: %s", strerror(-pid));
	if (waitpid(pid, &status, 0) != pid || !WIFSIGNALED(status))
		return op_broken(ctx, "the child did not die of a signal");
	out->pid = pid;
	out->dumped = WCOREDUMP(status);
	return 0;
}

static int core_dump_run(struct op_ctx *ctx, const struct none *in, struct dump_out *out)
{
	return dump(ctx, NULL, out);
}
OP(core_dump, "core.dump", none, dump_out,
	.doc = "Have a child abort, and see whether its memory is written.",
	.source = "core(5)",
	.touches = NSM_PID | NSM_MNT, .mutates = NSM_MNT);

#define HAND_OVER_IN(F, S) \
	F(S, STR, root, OPTIONAL, "directory that the child makes its root first")
FIELDS(hand_over_in, HAND_OVER_IN);

static int core_hand_over_run(struct op_ctx *ctx, const struct hand_over_in *in,
			      struct dump_out *out)
{
	return dump(ctx, in->root, out);
}
OP(core_hand_over, "core.hand_over", hand_over_in, dump_out,
	.doc = "Have a child abort where the pattern is a program or a socket, and no file is made.",
	.source = "core(5), chroot(2)",
	.touches = NSM_PID, .flags = OP_HOST,
	.seen = "unix");
