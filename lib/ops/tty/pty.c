// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pseudoterminals, whose numbers belong to an instance of devpts.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "nsc/op.h"
#include "nsc/sys.h"

#define OPEN_IN(F, S) \
	F(S, STR, path, REQUIRED, "the ptmx of an instance, or what leads to it")
FIELDS(open_in, OPEN_IN);

#define OPEN_OUT(F, S) \
	F(S, FD, fd, REQUIRED, "the master") \
	F(S, INT, number, REQUIRED, 0, 0, "name of the slave in its instance")
FIELDS(open_out, OPEN_OUT);

static int tty_open_run(struct op_ctx *ctx, const struct open_in *in, struct open_out *out)
{
	unsigned number;
	AUTO_FD fd = open(in->path, O_RDWR | O_NOCTTY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	if (ioctl(fd, TIOCGPTN, &number) < 0 || unlockpt(fd) < 0)
		return op_broken(ctx, "TIOCGPTN: %m");
	out->number = number;
	out->fd = fd_take(&fd);
	return 0;
}
OP(tty_open, "tty.open", open_in, open_out,
	.doc = "Open a new pseudoterminal.",
	.source = "pts(4)", .config = "UNIX98_PTYS",
	.touches = NSM_MNT);

#define MASTER_IN(F, S) \
	F(S, FD, fd, REQUIRED, "a master")
FIELDS(master_in, MASTER_IN);

#define PEER_OUT(F, S) \
	F(S, FD, fd, REQUIRED, "its slave")
FIELDS(peer_out, PEER_OUT);

static int tty_peer_run(struct op_ctx *ctx, const struct master_in *in, struct peer_out *out)
{
	int fd = ioctl(in->fd, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);

	out->fd = fd;
	return fd < 0 ? -errno : 0;
}
OP(tty_peer, "tty.peer", master_in, peer_out,
	.doc = "Open the slave of a pseudoterminal without a path.",
	.source = "ioctl_tty(2) TIOCGPTPEER",
	.touches = NSM_MNT);

#define CONTROL_IN(F, S) \
	F(S, FD, fd, REQUIRED, "a slave")
FIELDS(control_in, CONTROL_IN);

static int tty_control_run(struct op_ctx *ctx, const struct control_in *in, struct none *out)
{
	return ioctl(in->fd, TIOCSCTTY, 0) < 0 ? -errno : 0;
}
OP(tty_control, "tty.control", control_in, none,
	.doc = "Make a terminal the controlling terminal of the caller's session.",
	.source = "ioctl_tty(2) TIOCSCTTY",
	.seen = "tty");

#define SESSION_OUT(F, S) \
	F(S, INT, group, REQUIRED, 0, 0, "foreground process group, 0 if it is not visible") \
	F(S, INT, session, REQUIRED, 0, 0, "session, 0 if it is not visible")
FIELDS(session_out, SESSION_OUT);

static int tty_session_run(struct op_ctx *ctx, const struct master_in *in, struct session_out *out)
{
	pid_t group, session;

	if (ioctl(in->fd, TIOCGPGRP, &group) < 0 || ioctl(in->fd, TIOCGSID, &session) < 0)
		return -errno;
	out->group = group;
	out->session = session;
	return 0;
}
OP(tty_session, "tty.session", master_in, session_out,
	.doc = "Ask a master whose controlling terminal its slave is.",
	.source = "ioctl_tty(2) TIOCGPGRP, TIOCGSID",
	.touches = NSM_PID);
