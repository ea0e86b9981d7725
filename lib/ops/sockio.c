// SPDX-License-Identifier: GPL-2.0-only
/*
 * Data through IP sockets and connected ones of any family.  Nothing here waits longer
 * than its scenario allows; sending never waits.  Unix names and ancillary data: unixsock.c.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "nsc/op.h"
#include "nsc/sockaddr.h"
#include "nsc/sys.h"

#define MESSAGE_MAX 65536

struct send_in {
	int fd;
	const char *data, *address;
	int64_t port;
};

static const struct field send_in_fields[] = {
	F_FD(struct send_in, fd, REQUIRED, "socket"),
	F_STR(struct send_in, data, REQUIRED, "text to send"),
	F_ADDR(struct send_in, address, OPTIONAL, "destination, unless the socket is connected"),
	F_INT(struct send_in, port, OPTIONAL, 0, 65535, "destination port"),
	F_END
};

struct send_out {
	int64_t size;
};

static const struct field send_out_fields[] = {
	F_INT(struct send_out, size, REQUIRED, 0, 0, "bytes sent"),
	F_END
};

static int send_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct send_in *in = params;
	struct send_out *out = results;
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

struct recv_in {
	int fd;
	int64_t patience;
	bool peek;
};

static const struct field recv_in_fields[] = {
	F_FD(struct recv_in, fd, REQUIRED, "socket"),
	F_PATIENCE(struct recv_in, patience, PATIENCE_UNSET,
		   "when to give up with EAGAIN; default: the step's deadline, then broken"),
	F_BOOL(struct recv_in, peek, "leave the message in the queue"),
	F_END
};

struct recv_out {
	const char *data, *address;
	int64_t size, port;
};

static const struct field recv_out_fields[] = {
	F_STR(struct recv_out, data, REQUIRED, "the message up to its first NUL"),
	F_INT(struct recv_out, size, REQUIRED, 0, 0, "its bytes; 0 at the end of a stream"),
	F_STR(struct recv_out, address, OPTIONAL, "sender of a datagram"),
	F_INT(struct recv_out, port, OPTIONAL, 0, 65535, "its port"),
	F_END
};

static int recv_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct recv_in *in = params;
	struct recv_out *out = results;
	struct sockaddr_any sa = { .len = sizeof(sa.room) };
	char *room = pool_alloc(ctx->pool, MESSAGE_MAX + 1);
	struct endpoint end;
	ssize_t n;

	if (sock_await(ctx, in->fd, in->patience) == OP_BROKEN)
		return OP_BROKEN;
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

struct search_in {
	int fd;
	const char *text;
	int64_t patience;
};

static const struct field search_in_fields[] = {
	F_FD(struct search_in, fd, REQUIRED, "datagram, raw or packet socket"),
	F_STR(struct search_in, text, REQUIRED, "what to look for in the messages"),
	F_PATIENCE(struct search_in, patience, 0,
		   "how long to wait for the first hit; default: only what is there already"),
	F_END
};

struct search_out {
	int64_t messages, hits;
};

static const struct field search_out_fields[] = {
	F_INT(struct search_out, messages, REQUIRED, 0, 0, "messages taken from the queue"),
	F_INT(struct search_out, hits, REQUIRED, 0, 0, "those that contain the text"),
	F_END
};

static int search_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct search_in *in = params;
	struct search_out *out = results;
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

static const struct symbol directions[] = {
	{ "read", SHUT_RD, NULL }, { "write", SHUT_WR, NULL }, { "both", SHUT_RDWR, NULL }, { 0 }
};

struct shutdown_in {
	int fd;
	int64_t how;
};

static const struct field shutdown_in_fields[] = {
	F_FD(struct shutdown_in, fd, REQUIRED, "connected socket"),
	F_ENUM_DEF(struct shutdown_in, how, SHUT_RDWR, directions, "which direction ends"),
	F_END
};

static int shutdown_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct shutdown_in *in = params;

	(void)ctx, (void)results;
	return shutdown(in->fd, (int)in->how) < 0 ? -errno : 0;
}

static const struct symbol pair_types[] = {
	{ "stream", SOCK_STREAM, NULL },
	{ "dgram", SOCK_DGRAM, NULL },
	{ "seqpacket", SOCK_SEQPACKET, NULL },
	{ 0 }
};

struct pair_in {
	int64_t type;
};

static const struct field pair_in_fields[] = {
	F_ENUM_DEF(struct pair_in, type, SOCK_STREAM, pair_types, "socket type"),
	F_END
};

struct pair_out {
	int one, other;
};

static const struct field pair_out_fields[] = {
	F_FD(struct pair_out, one, REQUIRED, "one end"),
	F_FD(struct pair_out, other, REQUIRED, "the other end"),
	F_END
};

static int pair_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct pair_in *in = params;
	struct pair_out *out = results;
	int ends[2];

	(void)ctx;
	if (socketpair(AF_UNIX, (int)in->type | SOCK_CLOEXEC, 0, ends) < 0)
		return -errno;
	out->one = ends[0];
	out->other = ends[1];
	return 0;
}

struct name_in {
	int fd;
	bool peer;
};

static const struct field name_in_fields[] = {
	F_FD(struct name_in, fd, REQUIRED, "socket"),
	F_BOOL(struct name_in, peer, "the peer's name instead of its own"),
	F_END
};

static const struct field name_out_fields[] = {
	F_STR(struct endpoint, address, OPTIONAL, "IP address"),
	F_INT(struct endpoint, port, OPTIONAL, 0, 65535, "port"),
	F_STR(struct endpoint, name, OPTIONAL, "abstract unix name without its leading NUL"),
	F_STR(struct endpoint, path, OPTIONAL, "path of a unix socket"),
	F_END
};

static int name_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct name_in *in = params;
	struct sockaddr_any sa;
	int rc = sockaddr_of(in->fd, in->peer, &sa);

	if (!rc)
		sockaddr_show(ctx->pool, &sa, results);
	return rc;
}

const struct op sockio_ops[] = {
	{
		.name = "sock.send",
		.doc = "Send one message or part of a stream without waiting.",
		.source = "send(2)",
		OP_IN(send), OP_OUT(send),
		.touches = NSM_NET, .mutates = NSM_NET,
		.run = send_run,
	},
	{
		.name = "sock.recv",
		.doc = "Receive one message or what there is of a stream.",
		.source = "recv(2)",
		OP_IN(recv), OP_OUT(recv),
		.touches = NSM_NET,
		.run = recv_run,
	},
	{
		.name = "sock.search",
		.doc = "Empty the receive queue and count the messages that contain a text.",
		.source = "recv(2)",
		OP_IN(search), OP_OUT(search),
		.touches = NSM_NET,
		.run = search_run,
	},
	{
		.name = "sock.shutdown",
		.doc = "End one or both directions of a connection.",
		.source = "shutdown(2)",
		OP_IN(shutdown),
		.touches = NSM_NET,
		.run = shutdown_run,
	},
	{
		.name = "sock.pair",
		.doc = "Make two unix sockets that are connected to each other.",
		.source = "socketpair(2)",
		OP_IN(pair), OP_OUT(pair),
		.touches = NSM_NET,
		.run = pair_run,
	},
	{
		.name = "sock.name",
		.doc = "Tell the address of a socket or of its peer.",
		.source = "getsockname(2), getpeername(2)",
		OP_IN(name),
		.out = name_out_fields, .out_size = sizeof(struct endpoint),
		.touches = NSM_NET,
		.run = name_run,
	},
	{ 0 }
};
