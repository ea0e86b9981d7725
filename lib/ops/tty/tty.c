// SPDX-License-Identifier: GPL-2.0-only
/*
 * Terminals.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "nsc/op.h"
#include "nsc/sys.h"

#define PUSH_IN(F, S) \
	F(S, BOOL, own, "into a new terminal of its own, not the one that is its standard input")
FIELDS(push_in, PUSH_IN);

static int push(int fd)
{
	return ioctl(fd, TIOCSTI, "x") < 0 ? errno : 0;
}

/* A terminal can only be one's own in a session of one's own. */
static int push_own(void)
{
	char name[64];
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);

	if (setsid() < 0 || master < 0 || unlockpt(master) < 0 ||
	    ptsname_r(master, name, sizeof(name)))
		return 255;
	int fd = open(name, O_RDWR | O_CLOEXEC);

	return fd < 0 ? 255 : push(fd);
}

static int tty_push_run(struct op_ctx *ctx, const struct push_in *in, struct none *out)
{
	struct clone_request req = { .exit_signal = SIGCHLD };
	int status;

	if (!in->own)
		return -push(0);
	pid_t pid = sys_clone3(&req);

	if (pid == 0)
		_exit(push_own());
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status) ||
	    WEXITSTATUS(status) == 255)
		return op_broken(ctx, "make a terminal");
	return -WEXITSTATUS(status);
}
OP(tty_push, "tty.push", push_in, none,
	.doc = "Put a character into a terminal's input as if it had been typed.",
	.source = "ioctl_tty(2) TIOCSTI",
	.seen = "tty fd");
