// SPDX-License-Identifier: GPL-2.0-only
/*
 * What one process may do to another, by the rules of ptrace(2) "access mode checking"
 * and their relatives.  Nothing is done to the other process beyond asking.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/kcmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../proc.h"
#include "nsc/sys.h"
#include "nsc/syscall.h"

enum {
	REACH_SEIZE, REACH_VM_READ, REACH_GETFD, REACH_KCMP, REACH_MEM, REACH_NS_LINK, REACH_ROOT,
	REACH_PRLIMIT, REACH_SETPRIORITY, REACH_SIGNAL
};

static const struct symbol reach_symbols[] = {
	{ "seize", REACH_SEIZE, "ptrace(PTRACE_SEIZE)" },
	{ "vm_read", REACH_VM_READ, "process_vm_readv(2)" },
	{ "getfd", REACH_GETFD, "pidfd_getfd(2)" },
	{ "kcmp", REACH_KCMP, "kcmp(2), with the caller itself" },
	{ "mem", REACH_MEM, "open /proc/PID/mem for reading" },
	{ "ns_link", REACH_NS_LINK, "open /proc/PID/ns/mnt" },
	{ "root", REACH_ROOT, "open /proc/PID/root" },
	{ "prlimit", REACH_PRLIMIT, "prlimit(2), reading" },
	{ "setpriority", REACH_SETPRIORITY, "setpriority(2) to the value it has" },
	{ "signal", REACH_SIGNAL, "kill(2) with signal 0" },
	{ 0 }
};

#define REACH_IN(F, S) \
	F(S, ACTOR, actor, OPTIONAL, "the other process") \
	F(S, PID, pid, "the other process by number, not for getfd") \
	F(S, ENUM, how, REQUIRED, reach_symbols, "what is tried")
FIELDS(reach_in, REACH_IN);

struct target {
	pid_t pid;
	int pidfd;
	const struct reach_in *in;
};

typedef int reach_fn(struct op_ctx *ctx, const struct target *t);

/* A child of the caller seizes and exits, which detaches: nothing stops. */
static int reach_seize(struct op_ctx *ctx, const struct target *t)
{
	struct clone_request req = { .exit_signal = SIGCHLD };
	pid_t child = sys_clone3(&req);
	int status;

	if (child == 0)
		_exit(ptrace(PTRACE_SEIZE, t->pid, NULL, NULL) < 0 ? errno : 0);
	if (child < 0)
		return op_broken(ctx, "clone3: %s", strerror(-child));
	if (waitpid(child, &status, 0) < 0 || !WIFEXITED(status))
		return op_broken(ctx, "the tracer did not exit");
	return -WEXITSTATUS(status);
}

/* Address 1 is never mapped: EFAULT says that reading was allowed. */
static int reach_vm_read(struct op_ctx *ctx, const struct target *t)
{
	char byte;
	struct iovec local = { &byte, 1 }, remote = { (void *)1, 1 };

	if (process_vm_readv(t->pid, &local, 1, &remote, 1, 0) >= 0 || errno == EFAULT)
		return 0;
	return -errno;
}

/* No descriptor has this number: EBADF says that it was looked for. */
static int reach_getfd(struct op_ctx *ctx, const struct target *t)
{
	int rc = sys_pidfd_getfd(t->pidfd, 1 << 30);

	if (rc >= 0)
		close(rc);
	return rc >= 0 || rc == -EBADF ? 0 : rc;
}

static int reach_kcmp(struct op_ctx *ctx, const struct target *t)
{
	return sys_call(SYS_kcmp, getpid(), t->pid, KCMP_VM, 0, 0) < 0 ? -errno : 0;
}

static int reach_file(struct op_ctx *ctx, const struct target *t, const char *name, int flags)
{
	AUTO_FD dir = target_dir(ctx, &t->in->actor, t->in->pid, NULL);
	AUTO_FD fd = dir < 0 ? dir : openat(dir, name, flags | O_CLOEXEC);

	if (dir < 0)
		return OP_BROKEN;
	if (fd < 0 && errno == ENOENT)
		return op_broken(ctx, "%s of the process is not there", name);
	return fd < 0 ? -errno : 0;
}

static int reach_mem(struct op_ctx *ctx, const struct target *t)
{
	return reach_file(ctx, t, "mem", O_RDONLY);
}

static int reach_ns_link(struct op_ctx *ctx, const struct target *t)
{
	return reach_file(ctx, t, "ns/mnt", O_RDONLY);
}

static int reach_root(struct op_ctx *ctx, const struct target *t)
{
	return reach_file(ctx, t, "root", O_PATH | O_DIRECTORY);
}

static int reach_prlimit(struct op_ctx *ctx, const struct target *t)
{
	struct rlimit limit;

	return prlimit(t->pid, RLIMIT_NOFILE, NULL, &limit) < 0 ? -errno : 0;
}

/* The nice value it has; anybody may read that. */
static int reach_setpriority(struct op_ctx *ctx, const struct target *t)
{
	errno = 0;
	int now = getpriority(PRIO_PROCESS, (id_t)t->pid);

	if (errno)
		return op_broken(ctx, "getpriority: %m");
	return setpriority(PRIO_PROCESS, (id_t)t->pid, now) < 0 ? -errno : 0;
}

static int reach_signal(struct op_ctx *ctx, const struct target *t)
{
	return kill(t->pid, 0) < 0 ? -errno : 0;
}

static reach_fn *const reaches[] = {
	[REACH_SEIZE] = reach_seize,
	[REACH_VM_READ] = reach_vm_read,
	[REACH_GETFD] = reach_getfd,
	[REACH_KCMP] = reach_kcmp,
	[REACH_MEM] = reach_mem,
	[REACH_NS_LINK] = reach_ns_link,
	[REACH_ROOT] = reach_root,
	[REACH_PRLIMIT] = reach_prlimit,
	[REACH_SETPRIORITY] = reach_setpriority,
	[REACH_SIGNAL] = reach_signal,
};

static int cred_reach_run(struct op_ctx *ctx, const struct reach_in *in, struct none *out)
{
	struct target t = { .pidfd = in->actor.pidfd, .in = in };
	int rc = target_pid(ctx, &in->actor, in->pid, &t.pid);

	return rc ? rc : reaches[in->how](ctx, &t);
}
OP(cred_reach, "cred.reach", reach_in, none,
	.doc = "Try whether the caller may inspect or control another process.",
	.source = "ptrace(2), kill(2), setpriority(2)",
	.flags = OP_PROC,
	.unseen = "that it is allowed is all that it asks");
