// SPDX-License-Identifier: GPL-2.0-only
/*
 * System calls that a filter has somebody else decide: a child makes one, and waits.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "nsc/op.h"
#include "nsc/sys.h"
#include "nsc/syscall.h"

/* A call that nothing else here makes, and that no container's own filter refuses first. */
#define TRAPPED SYS_times

static int install(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, TRAPPED, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { sizeof(code) / sizeof(*code), code };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -1;
	return (int)sys_call(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER,
			     &program);
}

/* The listener goes to the parent, and errno with it when there is none. */
static void trapped(int to)
{
	union {
		char room[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = { .room = "" };
	int listener = install();
	int error = listener < 0 ? errno : 0;
	struct iovec iov = { &error, sizeof(error) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };

	if (listener >= 0) {
		msg.msg_control = control.room;
		msg.msg_controllen = sizeof(control.room);
		struct cmsghdr *c = CMSG_FIRSTHDR(&msg);

		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(c), &listener, sizeof(int));
	}
	if (sendmsg(to, &msg, 0) != sizeof(error) || error)
		_exit(1);
	/* Once the listener is closed the call returns, and this process ends. */
	sys_close_all_but(NULL, 0);
	sys_call(TRAPPED, NULL);
	_exit(0);
}

#define TRAP_OUT(F, S) \
	F(S, FD, fd, REQUIRED, "listener, for `seccomp.take`; the child ends when it is closed") \
	F(S, INT, pid, REQUIRED, 0, 0, "the child, as the caller sees it")
FIELDS(trap_out, TRAP_OUT);

static int receive_listener(struct op_ctx *ctx, int from, struct trap_out *out)
{
	union {
		char room[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = { .room = "" };
	int error = 0;
	struct iovec iov = { &error, sizeof(error) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control.room,
			      .msg_controllen = sizeof(control.room) };

	if (sys_wait_readable(from, op_deadline(ctx)) != 1 ||
	    recvmsg(from, &msg, MSG_CMSG_CLOEXEC) != sizeof(error))
		return op_broken(ctx, "the child with the filter said nothing");
	if (error)
		return -error;
	if (!CMSG_FIRSTHDR(&msg))
		return op_broken(ctx, "no listener came");
	memcpy(&out->fd, CMSG_DATA(CMSG_FIRSTHDR(&msg)), sizeof(int));
	return 0;
}

static int seccomp_trap_run(struct op_ctx *ctx, const struct none *in, struct trap_out *out)
{
	struct clone_request req = { .exit_signal = 0 };
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, pair) < 0)
		return op_broken(ctx, "socketpair: %m");
	AUTO_FD from = pair[0], to = pair[1];
	pid_t pid = sys_clone3(&req);

	if (pid == 0)
		trapped(to);
	if (pid < 0)
		return op_broken(ctx, "fork: %s", strerror(-pid));
	out->pid = pid;
	out->fd = -1;
	return receive_listener(ctx, from, out);
}
OP(seccomp_trap, "seccomp.trap", none, trap_out,
	.doc = "Have a child make a system call that a filter of its own leaves to a listener.",
	.source = "seccomp(2) SECCOMP_FILTER_FLAG_NEW_LISTENER, seccomp_unotify(2)",
	.config = "SECCOMP_FILTER",
	.touches = NSM_PID);

#define TAKE_IN(F, S) \
	F(S, FD, fd, REQUIRED, "listener of `seccomp.trap`")
FIELDS(take_in, TAKE_IN);

#define TAKE_OUT(F, S) \
	F(S, INT, pid, REQUIRED, 0, 0, \
	  "who makes the call, as the reader sees it, 0 if it does not")
FIELDS(take_out, TAKE_OUT);

static int seccomp_take_run(struct op_ctx *ctx, const struct take_in *in, struct take_out *out)
{
	struct seccomp_notif_sizes sizes;

	if (sys_call(SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, 0, &sizes) < 0)
		return op_broken(ctx, "SECCOMP_GET_NOTIF_SIZES: %m");
	struct seccomp_notif *notice = pool_alloc(ctx->pool, sizes.seccomp_notif + sizeof(*notice));

	if (sys_wait_readable(in->fd, op_deadline(ctx)) != 1)
		return op_broken(ctx, "nobody has made the call");
	if (ioctl(in->fd, SECCOMP_IOCTL_NOTIF_RECV, notice) < 0)
		return -errno;
	out->pid = notice->pid;
	return 0;
}
OP(seccomp_take, "seccomp.take", take_in, take_out,
	.doc = "Take the notice of a system call that waits, and leave it waiting.",
	.source = "seccomp_unotify(2) SECCOMP_IOCTL_NOTIF_RECV",
	.touches = NSM_PID);
