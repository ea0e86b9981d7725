// SPDX-License-Identifier: GPL-2.0-only
/*
 * Many clients at once, each with a port of its own, so that whatever spreads load by
 * address has something to spread.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "nsc/op.h"
#include "nsc/sockaddr.h"
#include "nsc/sys.h"

static const struct symbol types[] = {
	{ "stream", SOCK_STREAM, "TCP" }, { "dgram", SOCK_DGRAM, "UDP" }, { 0 }
};

#define FLOOD_IN(F, S) \
	F(S, ADDR, address, REQUIRED, "IP address of the server") \
	F(S, INT, port, REQUIRED, 1, 65535, "its port") \
	F(S, INT, count, REQUIRED, 1, 1000, "number of clients") \
	F(S, ENUM_DEF, type, SOCK_STREAM, types, "socket type") \
	F(S, STR_DEF, data, "x", "what each sends")
FIELDS(flood_in, FLOOD_IN);

#define FLOOD_OUT(F, S) \
	F(S, INT, sent, REQUIRED, 0, 0, "clients that connected and sent")
FIELDS(flood_out, FLOOD_OUT);

static int flood_one(struct op_ctx *ctx, const struct flood_in *in, const struct sockaddr_any *sa)
{
	AUTO_FD fd = socket(sa->any.sa_family, (int)in->type | SOCK_CLOEXEC, 0);
	bool connected;
	int rc;

	if (fd < 0)
		return op_broken(ctx, "socket: %m");
	rc = sock_connect_within(ctx, fd, sa, PATIENCE_UNSET, &connected);
	if (rc)
		return rc;
	return send(fd, in->data, strlen(in->data), MSG_DONTWAIT | MSG_NOSIGNAL) < 0 ? -errno : 0;
}

static int sock_flood_run(struct op_ctx *ctx, const struct flood_in *in, struct flood_out *out)
{
	struct sockaddr_any sa;
	int rc = 0;

	if (!sockaddr_inet(in->address, in->port, &sa))
		return op_broken(ctx, "no plain IP address: %s", in->address);
	while (!rc && out->sent < in->count) {
		rc = flood_one(ctx, in, &sa);
		out->sent += !rc;
	}
	return rc;
}
OP(sock_flood, "sock.flood", flood_in, flood_out,
	.doc = "Let many clients connect and send, each from a new socket.",
	.source = "connect(2)", .config = "INET",
	.touches = NSM_NET, .mutates = NSM_NET);

#define DRAIN_IN(F, S) \
	F(S, FD, fd, REQUIRED, "listening socket") \
	F(S, INT_DEF, count, 1000, 1, 1000, "stop when so many were taken") \
	F(S, PATIENCE, patience, 0, \
	  "how long to wait for each; default: only what is there already")
FIELDS(drain_in, DRAIN_IN);

#define DRAIN_OUT(F, S) \
	F(S, TOTAL, taken, "connections taken and closed")
FIELDS(drain_out, DRAIN_OUT);

static int sock_drain_run(struct op_ctx *ctx, const struct drain_in *in, struct drain_out *out)
{
	while (out->taken < in->count) {
		int rc = sock_await(ctx, in->fd, in->patience);

		if (rc <= 0)
			return rc;
		AUTO_FD fd = accept4(in->fd, NULL, NULL, SOCK_CLOEXEC);
		if (fd < 0)
			return -errno;
		out->taken++;
	}
	return 0;
}
OP(sock_drain, "sock.drain", drain_in, drain_out,
	.doc = "Accept and close connections and count them.",
	.source = "accept(2)",
	.touches = NSM_NET);

#define BOUNCE_MAX 64

#define BOUNCE_IN(F, S) \
	F(S, ADDR, address, REQUIRED, "IP address to send to") \
	F(S, INT, port, REQUIRED, 1, 65535, "port at which nobody listens") \
	F(S, INT, count, REQUIRED, 1, BOUNCE_MAX, "number of datagrams") \
	F(S, PATIENCE, patience, PATIENCE_UNSET, \
	  "how long to wait for all refusals; default: the step's deadline")
FIELDS(bounce_in, BOUNCE_IN);

#define BOUNCE_OUT(F, S) \
	F(S, INT, refused, REQUIRED, 0, 0, "datagrams answered by ICMP")
FIELDS(bounce_out, BOUNCE_OUT);

/* Send one datagram from a new socket; its descriptor or OP_BROKEN. */
static int bounce_send(struct op_ctx *ctx, const struct sockaddr_any *sa)
{
	AUTO_FD fd = socket(sa->any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || connect(fd, &sa->any, sa->len) < 0 || send(fd, "x", 1, MSG_DONTWAIT) < 0)
		return op_broken(ctx, "cannot send a datagram: %m");
	return fd_take(&fd);
}

static bool is_refused(int fd)
{
	return recv(fd, &(char){ 0 }, 1, MSG_DONTWAIT) < 0 && errno == ECONNREFUSED;
}

/* Count the refusals among the N sockets at hand; those that answered are closed. */
static int64_t bounce_take(struct pollfd *fds, int n)
{
	int64_t refused = 0;

	for (int i = 0; i < n; i++) {
		if (!fds[i].revents)
			continue;
		refused += is_refused(fds[i].fd);
		fd_close(&fds[i].fd);
	}
	return refused;
}

static int sock_bounce_run(struct op_ctx *ctx, const struct bounce_in *in, struct bounce_out *out)
{
	struct pollfd fds[BOUNCE_MAX];
	struct sockaddr_any sa;
	int64_t end = sys_now_ns() + in->patience;
	int n = 0, rc = 0;

	if (!sockaddr_inet(in->address, in->port, &sa))
		return op_broken(ctx, "no plain IP address: %s", in->address);
	for (; !rc && n < in->count; n++) {
		fds[n] = (struct pollfd){ .fd = bounce_send(ctx, &sa), .events = POLLIN };
		rc = fds[n].fd == OP_BROKEN ? OP_BROKEN : 0;
	}
	while (!rc && out->refused < in->count && op_left_ms(ctx) > 0) {
		int left = in->patience < 0 ? op_left_ms(ctx) :
			(int)((end - sys_now_ns()) / 1000000);

		if (left <= 0 || poll(fds, (nfds_t)n, left) <= 0)
			break;
		out->refused += bounce_take(fds, n);
	}
	while (n > 0)
		fd_close(&fds[--n].fd);
	return rc;
}
OP(sock_bounce, "sock.bounce", bounce_in, bounce_out,
	.doc = "Send UDP datagrams to a closed port and count the refusals that come back.",
	.source = "udp(7) ECONNREFUSED", .config = "INET",
	.touches = NSM_NET, .mutates = NSM_NET);
