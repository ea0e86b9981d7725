// SPDX-License-Identifier: GPL-2.0-only
/*
 * Children that only report and exit.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "nsc/sys.h"
#include "report.h"

/*
 * A socket pair rather than a pipe: the child's credentials, in the reader's own terms, come
 * with the message.
 */
int report_pair(struct op_ctx *ctx, int ends[2])
{
	int on = 1;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0 ||
	    setsockopt(ends[0], SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)) < 0)
		return op_broken(ctx, "socket pair: %m");
	return 0;
}

int report_read(struct op_ctx *ctx, int fd, struct report *report, struct ucred *creds)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(*creds))];
	struct iovec iov = { report, sizeof(*report) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1,
			      .msg_control = control, .msg_controllen = sizeof(control) };
	struct cmsghdr *c;

	if (sys_wait_readable(fd, op_deadline(ctx)) != 1)
		return op_broken(ctx, "timed out waiting for the child's report");
	if (recvmsg(fd, &msg, 0) != (ssize_t)sizeof(*report))
		return op_broken(ctx, "the child died before its report");
	c = CMSG_FIRSTHDR(&msg);
	if (!c || c->cmsg_type != SCM_CREDENTIALS)
		return op_broken(ctx, "the child's report came without credentials");
	*creds = *(struct ucred *)CMSG_DATA(c);
	return 0;
}

/* ECHILD is fine: with SIGCHLD ignored there is nothing left to wait for. */
int report_reap(struct op_ctx *ctx, pid_t pid)
{
	while (waitpid(pid, NULL, __WALL) < 0)
		if (errno != EINTR)
			return errno == ECHILD ? 0 : op_broken(ctx, "wait for the child: %m");
	return 0;
}

int report_of(struct op_ctx *ctx, void (*main)(int fd, const void *params),
		     const void *params, struct report *report, struct ucred *creds)
{
	struct clone_request req = { .exit_signal = SIGCHLD };
	int ends[2] = { -1, -1 };

	if (report_pair(ctx, ends))
		return OP_BROKEN;
	AUTO_FD mine = ends[0];
	AUTO_FD yours = ends[1];
	pid_t pid = sys_clone3(&req);

	if (pid == 0)
		main(yours, params);
	if (pid < 0)
		return op_broken(ctx, "clone: %s", strerror(-pid));
	fd_close(&yours);
	return report_reap(ctx, pid) || report_read(ctx, mine, report, creds) ? OP_BROKEN : 0;
}
