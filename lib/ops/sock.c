// SPDX-License-Identifier: GPL-2.0-only
/*
 * Making, binding and connecting sockets.  A socket is a descriptor that the controller
 * keeps for the cell, so that any actor may go on with it.  Data: sockio.c; options: sockopt.c.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <linux/netlink.h>

#include "nsc/op.h"
#include "nsc/sockaddr.h"
#include "nsc/sys.h"

static const struct symbol families[] = {
	{ "inet", AF_INET, NULL },     { "inet6", AF_INET6, NULL },
	{ "unix", AF_UNIX, NULL },     { "netlink", AF_NETLINK, NULL },
	{ "packet", AF_PACKET, NULL }, { 0 }
};

static const struct symbol types[] = {
	{ "stream", SOCK_STREAM, NULL },       { "dgram", SOCK_DGRAM, NULL },
	{ "seqpacket", SOCK_SEQPACKET, NULL }, { "raw", SOCK_RAW, NULL },
	{ 0 }
};

static const struct symbol ip_types[] = {
	{ "stream", SOCK_STREAM, "TCP" }, { "dgram", SOCK_DGRAM, "UDP" }, { 0 }
};

static const struct symbol protocols[] = {
	{ "default", 0, "the usual one of the type" },
	{ "icmp", IPPROTO_ICMP, NULL },
	{ "icmpv6", IPPROTO_ICMPV6, NULL },
	{ "udp", IPPROTO_UDP, "also as a raw socket" },
	{ "udplite", IPPROTO_UDPLITE, NULL },
	{ "mptcp", IPPROTO_MPTCP, NULL },
	{ "sock_diag", NETLINK_SOCK_DIAG, "of family netlink, where the default is rtnetlink" },
	{ 0 }
};

struct open_in {
	int64_t family, type, protocol;
};

static const struct field open_in_fields[] = {
	F_ENUM(struct open_in, family, REQUIRED, families, "address family"),
	F_ENUM(struct open_in, type, REQUIRED, types, "socket type"),
	F_ENUM_DEF(struct open_in, protocol, 0, protocols, "protocol"),
	F_END
};

struct open_out {
	int fd;
	int64_t inode;
};

static const struct field open_out_fields[] = {
	F_FD(struct open_out, fd, REQUIRED, "the socket"),
	F_INT(struct open_out, inode, REQUIRED, 0, 0, "its inode number, as /proc/net lists it"),
	F_END
};

static int inode_of(struct op_ctx *ctx, int fd, int64_t *inode)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return op_broken(ctx, "fstat socket: %m");
	*inode = (int64_t)st.st_ino;
	return 0;
}

static int open_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct open_in *in = params;
	struct open_out *out = results;
	AUTO_FD fd = socket((int)in->family, (int)in->type | SOCK_CLOEXEC, (int)in->protocol);
	int rc;

	if (fd < 0)
		return -errno;
	rc = inode_of(ctx, fd, &out->inode);
	if (rc)
		return rc;
	out->fd = fd_take(&fd);
	return 0;
}

/* bind and listen: the socket is given, or opened for the address. */
struct bind_in {
	int fd;
	const char *address;
	int64_t port, type;
	bool reuseaddr, reuseport;
};

static const struct field bind_in_fields[] = {
	F_FD(struct bind_in, fd, OPTIONAL, "socket; without it one is opened as `type` says"),
	F_ADDR(struct bind_in, address, REQUIRED, "local IP address"),
	F_INT(struct bind_in, port, OPTIONAL, 0, 65535, "local port; 0: the kernel chooses"),
	F_ENUM_DEF(struct bind_in, type, SOCK_STREAM, ip_types, "type of a socket to open"),
	F_BOOL(struct bind_in, reuseaddr, "set SO_REUSEADDR first"),
	F_BOOL(struct bind_in, reuseport, "set SO_REUSEPORT first"),
	F_END
};

static const struct field listen_in_fields[] = {
	F_FD(struct bind_in, fd, OPTIONAL, "bound stream socket"),
	F_ADDR(struct bind_in, address, OPTIONAL, "without `fd`: local IP address of a new socket"),
	F_INT(struct bind_in, port, OPTIONAL, 0, 65535, "its port; 0: the kernel chooses"),
	F_BOOL(struct bind_in, reuseaddr, "set SO_REUSEADDR first"),
	F_BOOL(struct bind_in, reuseport, "set SO_REUSEPORT first"),
	F_END
};

struct bind_out {
	int fd;
	const char *address;
	int64_t port, inode;
};

static const struct field bind_out_fields[] = {
	F_FD(struct bind_out, fd, REQUIRED, "the socket"),
	F_STR(struct bind_out, address, REQUIRED, "address that it has now"),
	F_INT(struct bind_out, port, REQUIRED, 0, 65535, "port that it has now"),
	F_INT(struct bind_out, inode, REQUIRED, 0, 0, "its inode number, as /proc/net lists it"),
	F_END
};

/* The given socket, or a new one for the family of SA: a descriptor, or OP_BROKEN. */
static int take_socket(struct op_ctx *ctx, int given, const struct sockaddr_any *sa, int64_t type)
{
	int fd;

	if (given >= 0)
		return sock_dup(ctx, given);
	fd = socket(sa->any.sa_family, (int)type | SOCK_CLOEXEC, 0);
	return fd < 0 ? op_broken(ctx, "socket: %m") : fd;
}

static int set_reuse(struct op_ctx *ctx, int fd, const struct bind_in *in)
{
	int one = 1;

	if (in->reuseaddr && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) < 0)
		return op_broken(ctx, "SO_REUSEADDR: %m");
	if (in->reuseport && setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &one, sizeof(one)) < 0)
		return op_broken(ctx, "SO_REUSEPORT: %m");
	return 0;
}

static int own_name(struct op_ctx *ctx, int fd, struct bind_out *out)
{
	struct sockaddr_any sa;
	struct endpoint end;
	int rc = sockaddr_of(fd, false, &sa);

	if (rc)
		return op_broken(ctx, "getsockname: %s", strerrordesc_np(-rc));
	sockaddr_show(ctx->pool, &sa, &end);
	out->address = end.address;
	out->port = end.port;
	return inode_of(ctx, fd, &out->inode);
}

static int bind_new(struct op_ctx *ctx, const struct bind_in *in, int64_t type, int *taken)
{
	struct sockaddr_any sa;
	int rc;

	if (!in->address || !sockaddr_inet(in->address, in->port, &sa))
		return op_broken(ctx, "no plain IP address: %s", in->address ? in->address : "~");
	AUTO_FD fd = take_socket(ctx, in->fd, &sa, type);
	if (fd == OP_BROKEN)
		return OP_BROKEN;
	rc = set_reuse(ctx, fd, in);
	if (rc)
		return rc;
	if (bind(fd, &sa.any, sa.len) < 0)
		return -errno;
	*taken = fd_take(&fd);
	return 0;
}

static int bind_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct bind_in *in = params;
	struct bind_out *out = results;
	AUTO_FD fd = -1;
	int rc = bind_new(ctx, in, in->type, &fd);

	if (!rc)
		rc = own_name(ctx, fd, out);
	if (!rc)
		out->fd = fd_take(&fd);
	return rc;
}

static int listen_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct bind_in *in = params;
	struct bind_out *out = results;
	AUTO_FD fd = -1;
	int rc = 0;

	if (in->fd < 0)
		rc = bind_new(ctx, in, SOCK_STREAM, &fd);
	else if ((fd = sock_dup(ctx, in->fd)) == OP_BROKEN)
		rc = OP_BROKEN;
	if (rc)
		return rc;
	if (listen(fd, 64) < 0)
		return -errno;
	rc = own_name(ctx, fd, out);
	if (!rc)
		out->fd = fd_take(&fd);
	return rc;
}

struct connect_in {
	int fd;
	const char *address;
	int64_t port, type, patience;
};

static const struct field connect_in_fields[] = {
	F_FD(struct connect_in, fd, OPTIONAL, "socket; without it one is opened as `type` says"),
	F_ADDR(struct connect_in, address, REQUIRED, "IP address to connect to"),
	F_INT(struct connect_in, port, REQUIRED, 0, 65535, "port to connect to"),
	F_ENUM_DEF(struct connect_in, type, SOCK_STREAM, ip_types, "type of a socket to open"),
	F_PATIENCE(struct connect_in, patience, PATIENCE_UNSET,
		   "when to give up with `connected: false`; default the deadline, then broken"),
	F_END
};

struct connect_out {
	int fd;
	bool connected;
	const char *address;
	int64_t port;
};

static const struct field connect_out_fields[] = {
	F_FD(struct connect_out, fd, REQUIRED, "the socket"),
	F_BOOL(struct connect_out, connected, "false: nobody answered in time"),
	F_STR(struct connect_out, address, OPTIONAL, "local address taken"),
	F_INT(struct connect_out, port, OPTIONAL, 0, 65535, "local port taken"),
	F_END
};

static int connect_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct connect_in *in = params;
	struct connect_out *out = results;
	struct bind_out name = { 0 };
	struct sockaddr_any sa;
	int rc;

	if (!sockaddr_inet(in->address, in->port, &sa))
		return op_broken(ctx, "no plain IP address: %s", in->address);
	AUTO_FD fd = take_socket(ctx, in->fd, &sa, in->type);
	if (fd == OP_BROKEN)
		return OP_BROKEN;
	rc = sock_connect_within(ctx, fd, &sa, in->patience, &out->connected);
	if (!rc)
		rc = own_name(ctx, fd, &name);
	if (rc)
		return rc;
	out->address = name.address;
	out->port = name.port;
	out->fd = fd_take(&fd);
	return 0;
}

struct accept_in {
	int fd;
	int64_t patience;
};

static const struct field accept_in_fields[] = {
	F_FD(struct accept_in, fd, REQUIRED, "listening socket"),
	F_PATIENCE(struct accept_in, patience, PATIENCE_UNSET,
		   "when to give up with EAGAIN; default: the step's deadline, then broken"),
	F_END
};

struct accept_out {
	int fd;
	const char *address;
	int64_t port;
};

static const struct field accept_out_fields[] = {
	F_FD(struct accept_out, fd, REQUIRED, "the accepted socket"),
	F_STR(struct accept_out, address, OPTIONAL, "address of the peer"),
	F_INT(struct accept_out, port, OPTIONAL, 0, 65535, "port of the peer"),
	F_END
};

static int accept_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct accept_in *in = params;
	struct accept_out *out = results;
	struct sockaddr_any sa = { .len = sizeof(sa.room) };
	struct endpoint end;
	int rc = sock_await(ctx, in->fd, in->patience);

	if (rc == OP_BROKEN)
		return rc;
	/* The wait was enough: another taker of the same connection must not make it block. */
	if (rc == 0)
		return -EAGAIN;
	AUTO_FD fd = accept4(in->fd, &sa.any, &sa.len, SOCK_CLOEXEC);
	if (fd < 0)
		return -errno;
	sockaddr_show(ctx->pool, &sa, &end);
	out->address = end.address;
	out->port = end.port;
	out->fd = fd_take(&fd);
	return 0;
}

const struct op sock_ops[] = {
	{
		.name = "sock.open",
		.doc = "Make a socket in the actor's network namespace.",
		.source = "socket(2)",
		OP_IN(open), OP_OUT(open),
		.touches = NSM_NET,
		.run = open_run,
	},
	{
		.name = "sock.bind",
		.doc = "Give a TCP or UDP socket a local address.",
		.source = "bind(2)",
		.config = "INET",
		OP_IN(bind), OP_OUT(bind),
		.touches = NSM_NET, .mutates = NSM_NET,
		.run = bind_run,
	},
	{
		.name = "sock.listen",
		.doc = "Listen on a bound TCP socket, or on a new one bound to `address`.",
		.source = "listen(2)",
		.in = listen_in_fields, .in_size = sizeof(struct bind_in),
		.out = bind_out_fields, .out_size = sizeof(struct bind_out),
		.touches = NSM_NET, .mutates = NSM_NET,
		.run = listen_run,
	},
	{
		.name = "sock.connect",
		.doc = "Connect a TCP or UDP socket to an address.",
		.source = "connect(2)",
		.config = "INET",
		OP_IN(connect), OP_OUT(connect),
		.touches = NSM_NET, .mutates = NSM_NET,
		.run = connect_run,
	},
	{
		.name = "sock.accept",
		.doc = "Take the next connection of a listening IP or unix socket.",
		.source = "accept(2)",
		OP_IN(accept), OP_OUT(accept),
		.touches = NSM_NET,
		.run = accept_run,
	},
	{ 0 }
};
