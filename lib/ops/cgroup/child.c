// SPDX-License-Identifier: GPL-2.0-only
/*
 * Children in cgroups: born in one by CLONE_INTO_CGROUP, and dead ones.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../proc.h"
#include "nsc/cgroup.h"
#include "nsc/op.h"
#include "nsc/sys.h"

#define CLONE_INTO_IN(F, S) \
	F(S, STR, dir, OPTIONAL, "directory of the cgroup") \
	F(S, FD, fd, OPTIONAL, "the open directory instead") \
	F(S, BOOL, new, "in a new cgroup namespace (CLONE_NEWCGROUP)")
FIELDS(clone_into_in, CLONE_INTO_IN);

#define CLONE_INTO_OUT(F, S) \
	F(S, STR, own, REQUIRED, "the child's own v2 path as it sees it") \
	F(S, STR, parent, REQUIRED, "the parent's v2 path as the child sees it")
FIELDS(clone_into_out, CLONE_INTO_OUT);

struct child_report {
	char own[256], parent[256];
};

/* DIR: of the process, or broken; the path stays empty then. */
static void report_place(int dir, char *to, size_t size)
{
	AUTO_POOL pool = { 0 };
	struct cgroup_place places[CGROUP_VERSIONS];
	AUTO_FD file = dir < 0 ? dir : openat(dir, "cgroup", O_RDONLY | O_CLOEXEC);
	char *text;

	if (file < 0 || sys_read_fd(&pool, file, 1 << 16, &text, NULL) < 0)
		return;
	cgroup_places(&pool, text, places);
	if (places[CGROUP_V2].path)
		snprintf(to, size, "%s", places[CGROUP_V2].path);
}

static int read_report(struct op_ctx *ctx, int from, struct clone_into_out *out)
{
	struct child_report r;

	if (sys_wait_readable(from, op_deadline(ctx)) <= 0 ||
	    read(from, &r, sizeof(r)) != sizeof(r))
		return op_broken(ctx, "the child said nothing");
	if (!r.own[0] || !r.parent[0])
		return op_broken(ctx, "the child could not read its place or its parent's");
	out->own = pool_strdup(ctx->pool, r.own);
	out->parent = pool_strdup(ctx->pool, r.parent);
	return 0;
}

static int cgroup_clone_into_run(struct op_ctx *ctx, const struct clone_into_in *in,
				 struct clone_into_out *out)
{
	struct child_report report = { 0 };
	int ends[2], pidfd;
	siginfo_t info;
	AUTO_FD own = in->dir ? open(in->dir, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;

	if (in->dir && own < 0)
		return op_broken(ctx, "open %s: %m", in->dir);
	if (pipe2(ends, O_CLOEXEC) < 0)
		return op_broken(ctx, "pipe2: %m");
	AUTO_FD from = ends[0], to = ends[1];
	struct clone_request req = {
		.flags = CLONE_PIDFD | CLONE_INTO_CGROUP | (in->new ? CLONE_NEWCGROUP : 0),
		.pidfd = &pidfd,
		.cgroup = in->dir ? own : in->fd,
	};
	pid_t pid = sys_clone3(&req);

	if (pid == 0) {
		report_place(number_dir(ctx, getpid()), report.own, sizeof(report.own));
		report_place(number_dir(ctx, getppid()), report.parent, sizeof(report.parent));
		_exit(write(to, &report, sizeof(report)) == sizeof(report) ? 0 : 1);
	}
	if (pid < 0)
		return pid;
	AUTO_FD child = pidfd;

	fd_close(&to);
	int rc = read_report(ctx, from, out);

	sys_pidfd_send_signal(child, SIGKILL, 0);
	while (waitid(P_PIDFD, (id_t)child, &info, WEXITED | __WALL) < 0 && errno == EINTR)
		;
	return rc;
}
OP(cgroup_clone_into, "cgroup.clone_into", clone_into_in, clone_into_out,
	.doc = "Have a child be born in another v2 cgroup, and tell how it sees that.",
	.source = "clone3(2)", .asks = "release.5.7",
	.touches = NSM_CGROUP | NSM_MNT | NSM_PID, .flags = OP_CGROUP | OP_PROC);

#define ZOMBIE_IN(F, S) \
	F(S, STR, dir, OPTIONAL, "directory of the v2 cgroup that it is born in")
FIELDS(zombie_in, ZOMBIE_IN);

#define ZOMBIE_OUT(F, S) \
	F(S, INT, pid, REQUIRED, 0, 0, "its number")
FIELDS(zombie_out, ZOMBIE_OUT);

/* Without an exit signal no ordinary wait(2) of the actor reaps it; it goes with the actor. */
static int cgroup_zombie_run(struct op_ctx *ctx, const struct zombie_in *in, struct zombie_out *out)
{
	AUTO_FD dir = in->dir ? open(in->dir, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;
	int pidfd;
	struct clone_request req = {
		.flags = CLONE_PIDFD | (in->dir ? CLONE_INTO_CGROUP : 0),
		.pidfd = &pidfd,
		.cgroup = dir,
	};

	if (in->dir && dir < 0)
		return op_broken(ctx, "open %s: %m", in->dir);
	pid_t pid = sys_clone3(&req);

	if (pid == 0)
		_exit(0);
	if (pid < 0)
		return op_broken(ctx, "clone3: %s", strerror(-pid));
	AUTO_FD child = pidfd;

	/* Readable when it is dead, whoever has reaped it or not. */
	if (sys_wait_readable(child, op_deadline(ctx)) <= 0)
		return op_broken(ctx, "the child does not die");
	out->pid = pid;
	return 0;
}
OP(cgroup_zombie, "cgroup.zombie", zombie_in, zombie_out,
	.doc = "Leave a dead child that nobody reaps as long as the actor lives.",
	.source = "cgroups(7), wait(2)", .asks = "release.5.7",
	.touches = NSM_CGROUP | NSM_MNT | NSM_PID, .flags = OP_CGROUP | OP_PROC);
