// SPDX-License-Identifier: GPL-2.0-only
/*
 * time.send_at: datagrams that a queueing discipline holds back until an instant (SO_TXTIME).
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/net_tstamp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "nsc/clock.h"
#include "nsc/op.h"
#include "nsc/sys.h"

#define SEND_AT_IN(F, S) \
	F(S, TIME_DEF, ahead, 10000000, \
	  "how far in the future the instant lies by the actor's CLOCK_MONOTONIC, in " \
	  "nanoseconds; below 0 it has passed") \
	F(S, PATIENCE, give_up, 200000000, "how long to wait at most, in nanoseconds")
FIELDS(send_at_in, SEND_AT_IN);

#define SEND_AT_OUT(F, S) \
	F(S, BOOL, came, "the datagram arrived") \
	F(S, TIME, elapsed_ns, REQUIRED, "how long it took, or was waited for, in nanoseconds")
FIELDS(send_at_out, SEND_AT_OUT);

/* 0, or -1 with errno. */
static int send_at(int fd, const struct sockaddr_in *to, uint64_t at)
{
	union {
		char room[CMSG_SPACE(sizeof(at))];
		struct cmsghdr aligned;
	} control = { .room = { 0 } };
	struct iovec data = { .iov_base = "x", .iov_len = 1 };
	struct msghdr msg = {
		.msg_name = (void *)to, .msg_namelen = sizeof(*to), .msg_iov = &data,
		.msg_iovlen = 1, .msg_control = control.room, .msg_controllen = sizeof(control),
	};
	struct cmsghdr *head = CMSG_FIRSTHDR(&msg);

	head->cmsg_level = SOL_SOCKET;
	head->cmsg_type = SCM_TXTIME;
	head->cmsg_len = CMSG_LEN(sizeof(at));
	memcpy(CMSG_DATA(head), &at, sizeof(at));
	return sendmsg(fd, &msg, MSG_DONTWAIT) < 0 ? -1 : 0;
}

/* A socket of 127.0.0.1 that sends to itself by CLOCK_MONOTONIC; -1 with errno. */
static int open_timed(struct sockaddr_in *self)
{
	const struct sock_txtime timed = { .clockid = CLOCK_MONOTONIC };
	socklen_t len = sizeof(*self);
	AUTO_FD fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	*self = (struct sockaddr_in){ .sin_family = AF_INET,
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	if (fd < 0 || bind(fd, (struct sockaddr *)self, sizeof(*self)) < 0 ||
	    getsockname(fd, (struct sockaddr *)self, &len) < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_TXTIME, &timed, sizeof(timed)) < 0)
		return -1;
	return fd_take(&fd);
}

static int time_send_at_run(struct op_ctx *ctx, const struct send_at_in *in,
			    struct send_at_out *out)
{
	int64_t until = sys_now_ns() + in->give_up;
	struct sockaddr_in self;
	AUTO_FD fd = open_timed(&self);
	int ready;

	if (fd < 0)
		return -errno;
	int64_t start = clock_now(CLOCK_MONOTONIC);

	if (send_at(fd, &self, (uint64_t)(start + in->ahead)) < 0)
		return -errno;
	ready = sys_wait_readable(fd, until < op_deadline(ctx) ? until : op_deadline(ctx));
	if (ready < 0)
		return ready;
	out->elapsed_ns = clock_now(CLOCK_MONOTONIC) - start;
	out->came = ready;
	return 0;
}
OP(time_send_at, "time.send_at", send_at_in, send_at_out,
	.doc = "Send a datagram over 127.0.0.1 that is to leave at an instant, and wait for it.",
	.source = "include/uapi/linux/net_tstamp.h SO_TXTIME; tc-fq(8)",
	.touches = NSM_TIME | NSM_NET);
