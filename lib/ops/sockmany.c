// SPDX-License-Identifier: GPL-2.0-only
/*
 * Many clients at once, each with a port of its own, so that whatever spreads load by
 * address has something to spread.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "nsc/op.h"
#include "nsc/sockaddr.h"
#include "nsc/sys.h"

static const struct symbol types[] = {
	{ "stream", SOCK_STREAM, "TCP" }, { "dgram", SOCK_DGRAM, "UDP" }, { 0 }
};

struct flood_in {
	const char *address, *data;
	int64_t port, count, type;
};

static const struct field flood_in_fields[] = {
	F_ADDR(struct flood_in, address, REQUIRED, "IP address of the server"),
	F_INT(struct flood_in, port, REQUIRED, 1, 65535, "its port"),
	F_INT(struct flood_in, count, REQUIRED, 1, 1000, "number of clients"),
	F_ENUM_DEF(struct flood_in, type, SOCK_STREAM, types, "socket type"),
	F_STR_DEF(struct flood_in, data, "x", "what each sends"),
	F_END
};

struct flood_out {
	int64_t sent;
};

static const struct field flood_out_fields[] = {
	F_INT(struct flood_out, sent, REQUIRED, 0, 0, "clients that connected and sent"),
	F_END
};

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

static int flood_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct flood_in *in = params;
	struct flood_out *out = results;
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

struct drain_in {
	int fd;
	int64_t count, patience;
};

static const struct field drain_in_fields[] = {
	F_FD(struct drain_in, fd, REQUIRED, "listening socket"),
	F_INT_DEF(struct drain_in, count, 1000, 1, 1000, "stop when so many were taken"),
	F_TIME_DEF(struct drain_in, patience, 0,
		   "how long to wait for each; default: only what is there already"),
	F_END
};

struct drain_out {
	int64_t taken;
};

static const struct field drain_out_fields[] = {
	F_INT(struct drain_out, taken, REQUIRED, 0, 0, "connections taken and closed"),
	F_END
};

static int drain_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct drain_in *in = params;
	struct drain_out *out = results;

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

const struct op sockmany_ops[] = {
	{
		.name = "sock.flood",
		.doc = "Let many clients connect and send, each from a new socket that is closed then.",
		.source = "connect(2)",
		OP_IN(flood), OP_OUT(flood),
		.touches = NSM_NET, .mutates = NSM_NET,
		.run = flood_run,
	},
	{
		.name = "sock.drain",
		.doc = "Accept and close connections and count them.",
		.source = "accept(2)",
		OP_IN(drain), OP_OUT(drain),
		.touches = NSM_NET,
		.run = drain_run,
	},
	{ 0 }
};
