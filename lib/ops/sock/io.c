// SPDX-License-Identifier: GPL-2.0-only
/*
 * Data through IP sockets and connected ones of any family.  Nothing here waits longer
 * than its scenario allows; sending never waits.  Unix names and ancillary data:
 * lib/ops/unix/unix.c.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../seen.h"
#include "nsc/op.h"
#include "nsc/sockaddr.h"
#include "nsc/sys.h"

#define MESSAGE_MAX 65536

#define SEND_IN(F, S) \
	F(S, FD, fd, REQUIRED, "socket") \
	F(S, STR, data, REQUIRED, "text to send") \
	F(S, ADDR, address, OPTIONAL, "destination, unless the socket is connected") \
	F(S, INT, port, OPTIONAL, 0, 65535, "destination port")
FIELDS(send_in, SEND_IN);

#define SEND_OUT(F, S) \
	F(S, INT, size, REQUIRED, 0, 0, "bytes sent")
FIELDS(send_out, SEND_OUT);

static int sock_send_run(struct op_ctx *ctx, const struct send_in *in, struct send_out *out)
{
	struct sockaddr_any sa = { .len = 0 };
	ssize_t n;

	if (in->address && !sockaddr_inet(in->address, in->port, &sa))
		return op_broken(ctx, "no plain IP address: %s", in->address);
	n = sendto(in->fd, in->data, strlen(in->data), MSG_DONTWAIT | MSG_NOSIGNAL,
		   in->address ? &sa.any : NULL, sa.len);
	if (n < 0)
		return -errno;
	out->size = n;
	return 0;
}
OP(sock_send, "sock.send", send_in, send_out,
	.doc = "Send one message or part of a stream without waiting.",
	.source = "send(2)",
	.touches = NSM_NET, .mutates = NSM_NET);

#define RECV_IN(F, S) \
	F(S, FD, fd, REQUIRED, "socket") \
	F(S, PATIENCE, patience, PATIENCE_UNSET, \
	  "when to give up with EAGAIN; default: the step's deadline, then ETIMEDOUT") \
	F(S, BOOL, peek, "leave the message in the queue")
FIELDS(recv_in, RECV_IN);

#define RECV_OUT(F, S) \
	F(S, STR, data, REQUIRED, "the message up to its first NUL") \
	F(S, INT, size, REQUIRED, 0, 0, "its bytes; 0 at the end of a stream") \
	F(S, STR, address, OPTIONAL, "sender of a datagram") \
	F(S, INT, port, OPTIONAL, 0, 65535, "its port")
FIELDS(recv_out, RECV_OUT);

static int sock_recv_run(struct op_ctx *ctx, const struct recv_in *in, struct recv_out *out)
{
	struct sockaddr_any sa = { .len = sizeof(sa.room) };
	char *room = pool_alloc(ctx->pool, MESSAGE_MAX + 1);
	struct endpoint end;
	ssize_t n;

	int rc = sock_await(ctx, in->fd, in->patience);

	if (rc < 0)
		return rc;
	n = recvfrom(in->fd, room, MESSAGE_MAX, MSG_DONTWAIT | (in->peek ? MSG_PEEK : 0), &sa.any,
		     &sa.len);
	if (n < 0)
		return -errno;
	sockaddr_show(ctx->pool, &sa, &end);
	out->data = room;
	out->size = n;
	out->address = end.address;
	out->port = end.port;
	return 0;
}
OP(sock_recv, "sock.recv", recv_in, recv_out,
	.doc = "Receive one message or what there is of a stream.",
	.source = "recv(2)",
	.touches = NSM_NET);

#define SEARCH_IN(F, S) \
	F(S, FD, fd, REQUIRED, "datagram, raw or packet socket") \
	F(S, STR, text, REQUIRED, "what to look for in the messages") \
	F(S, PATIENCE, patience, 0, \
	  "how long to wait for the first hit; default: only what is there already")
FIELDS(search_in, SEARCH_IN);

#define SEARCH_OUT(F, S) \
	F(S, TOTAL, messages, "messages taken from the queue") \
	F(S, TOTAL, hits, "those that contain the text")
FIELDS(search_out, SEARCH_OUT);

static int sock_search_run(struct op_ctx *ctx, const struct search_in *in, struct search_out *out)
{
	char *room = pool_alloc(ctx->pool, MESSAGE_MAX);
	int rc;

	do {
		ssize_t n;

		rc = sock_await(ctx, in->fd, out->hits ? 0 : in->patience);
		if (rc <= 0)
			return rc;
		n = recv(in->fd, room, MESSAGE_MAX, MSG_DONTWAIT);
		if (n < 0 && errno != EAGAIN)
			return -errno;
		out->messages += n >= 0;
		out->hits += n > 0 && memmem(room, (size_t)n, in->text, strlen(in->text));
	} while (op_left_ms(ctx) > 0);
	return op_broken(ctx, "messages kept coming until the deadline");
}
OP(sock_search, "sock.search", search_in, search_out,
	.doc = "Empty the receive queue and count the messages that contain a text.",
	.source = "recv(2)",
	.touches = NSM_NET);

static const struct symbol directions[] = {
	{ "read", SHUT_RD, NULL }, { "write", SHUT_WR, NULL }, { "both", SHUT_RDWR, NULL }, { 0 }
};

#define SHUTDOWN_IN(F, S) \
	F(S, FD, fd, REQUIRED, "connected socket") \
	F(S, ENUM_DEF, how, SHUT_RDWR, directions, "which direction ends")
FIELDS(shutdown_in, SHUTDOWN_IN);

static int sock_shutdown_run(struct op_ctx *ctx, const struct shutdown_in *in, struct none *out)
{
	return shutdown(in->fd, (int)in->how) < 0 ? -errno : 0;
}
OP(sock_shutdown, "sock.shutdown", shutdown_in, none,
	.doc = "End one or both directions of a connection.",
	.source = "shutdown(2)",
	.touches = NSM_NET,
	.seen = SEEN_NET);

static const struct symbol pair_types[] = {
	{ "stream", SOCK_STREAM, NULL },
	{ "dgram", SOCK_DGRAM, NULL },
	{ "seqpacket", SOCK_SEQPACKET, NULL },
	{ 0 }
};

#define PAIR_IN(F, S) \
	F(S, ENUM_DEF, type, SOCK_STREAM, pair_types, "socket type")
FIELDS(pair_in, PAIR_IN);

#define PAIR_OUT(F, S) \
	F(S, FD, one, REQUIRED, "one end") \
	F(S, FD, other, REQUIRED, "the other end")
FIELDS(pair_out, PAIR_OUT);

static int sock_pair_run(struct op_ctx *ctx, const struct pair_in *in, struct pair_out *out)
{
	int ends[2];

	if (socketpair(AF_UNIX, (int)in->type | SOCK_CLOEXEC, 0, ends) < 0)
		return -errno;
	out->one = ends[0];
	out->other = ends[1];
	return 0;
}
OP(sock_pair, "sock.pair", pair_in, pair_out,
	.doc = "Make two unix sockets that are connected to each other.",
	.source = "socketpair(2)",
	.touches = NSM_NET);

#define NAME_IN(F, S) \
	F(S, FD, fd, REQUIRED, "socket") \
	F(S, BOOL, peer, "the peer's name instead of its own")
FIELDS(name_in, NAME_IN);

#define NAME_OUT(F, S) \
	F(S, STR, address, OPTIONAL, "IP address") \
	F(S, INT, port, OPTIONAL, 0, 65535, "port") \
	F(S, STR, name, OPTIONAL, "abstract unix name without its leading NUL") \
	F(S, STR, path, OPTIONAL, "path of a unix socket")
FIELDS(name_out, NAME_OUT);

static int sock_name_run(struct op_ctx *ctx, const struct name_in *in, struct name_out *out)
{
	struct sockaddr_any sa;
	struct endpoint end;
	int rc = sockaddr_of(in->fd, in->peer, &sa);

	if (rc)
		return rc;
	sockaddr_show(ctx->pool, &sa, &end);
	*out = (struct name_out) { end.address, end.port, end.name, end.path };
	return 0;
}
OP(sock_name, "sock.name", name_in, name_out,
	.doc = "Tell the address of a socket or of its peer.",
	.source = "getsockname(2), getpeername(2)",
	.touches = NSM_NET);
