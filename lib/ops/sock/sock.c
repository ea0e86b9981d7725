// SPDX-License-Identifier: GPL-2.0-only
/*
 * Making, binding and connecting sockets.  A socket is a descriptor that the controller
 * keeps for the cell, so that any actor may go on with it.  Data: sockio.c; options: sockopt.c.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
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

#define OPEN_IN(F, S) \
	F(S, ENUM, family, REQUIRED, families, "address family") \
	F(S, ENUM, type, REQUIRED, types, "socket type") \
	F(S, ENUM_DEF, protocol, 0, protocols, "protocol")
FIELDS(open_in, OPEN_IN);

#define OPEN_OUT(F, S) \
	F(S, FD, fd, REQUIRED, "the socket") \
	F(S, INT, inode, REQUIRED, 0, 0, "its inode number, as /proc/net lists it")
FIELDS(open_out, OPEN_OUT);

static int inode_of(struct op_ctx *ctx, int fd, int64_t *inode)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return op_broken(ctx, "fstat socket: %m");
	*inode = (int64_t)st.st_ino;
	return 0;
}

static int sock_open_run(struct op_ctx *ctx, const struct open_in *in, struct open_out *out)
{
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
OP(sock_open, "sock.open", open_in, open_out,
	.doc = "Make a socket in the actor's network namespace.",
	.source = "socket(2)",
	.touches = NSM_NET);

/* bind and listen: the socket is given, or opened for the address. */
#define BIND_IN(F, S) \
	F(S, FD, fd, OPTIONAL, "socket; without it one is opened as `type` says") \
	F(S, ADDR, address, REQUIRED, "local IP address") \
	F(S, INT, port, OPTIONAL, 0, 65535, "local port; 0: the kernel chooses") \
	F(S, ENUM_DEF, type, SOCK_STREAM, ip_types, "type of a socket to open") \
	F(S, BOOL, reuseaddr, "set SO_REUSEADDR first") \
	F(S, BOOL, reuseport, "set SO_REUSEPORT first")
FIELDS(bind_in, BIND_IN);

#define LISTEN_IN(F, S) \
	F(S, FD, fd, OPTIONAL, "bound stream socket") \
	F(S, ADDR, address, OPTIONAL, "without `fd`: local IP address of a new socket") \
	F(S, INT, port, OPTIONAL, 0, 65535, "its port; 0: the kernel chooses") \
	F(S, BOOL, reuseaddr, "set SO_REUSEADDR first") \
	F(S, BOOL, reuseport, "set SO_REUSEPORT first") \
	F(S, INT_DEF, backlog, 64, 0, INT32_MAX, "connections that may wait to be accepted")
FIELDS(listen_in, LISTEN_IN);

#define BIND_OUT(F, S) \
	F(S, FD, fd, REQUIRED, "the socket") \
	F(S, STR, address, REQUIRED, "address that it has now") \
	F(S, INT, port, REQUIRED, 0, 65535, "port that it has now") \
	F(S, INT, inode, REQUIRED, 0, 0, "its inode number, as /proc/net lists it")
FIELDS(bind_out, BIND_OUT);

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
		return op_broken(ctx, "getsockname: %s", strerror(-rc));
	sockaddr_show(ctx->pool, &sa, &end);
	out->address = end.address;
	out->port = end.port;
	return inode_of(ctx, fd, &out->inode);
}

static int bind_new(struct op_ctx *ctx, const struct bind_in *in, int *taken)
{
	struct sockaddr_any sa;
	int rc;

	if (!in->address || !sockaddr_inet(in->address, in->port, &sa))
		return op_broken(ctx, "no plain IP address: %s", in->address ? in->address : "~");
	AUTO_FD fd = take_socket(ctx, in->fd, &sa, in->type);
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

static int sock_bind_run(struct op_ctx *ctx, const struct bind_in *in, struct bind_out *out)
{
	AUTO_FD fd = -1;
	int rc = bind_new(ctx, in, &fd);

	if (!rc)
		rc = own_name(ctx, fd, out);
	if (!rc)
		out->fd = fd_take(&fd);
	return rc;
}
OP(sock_bind, "sock.bind", bind_in, bind_out,
	.doc = "Give a TCP or UDP socket a local address.",
	.source = "bind(2)", .config = "INET",
	.touches = NSM_NET, .mutates = NSM_NET);

static int sock_listen_run(struct op_ctx *ctx, const struct listen_in *in, struct bind_out *out)
{
	const struct bind_in new = {
		.fd = -1, .address = in->address, .port = in->port, .type = SOCK_STREAM,
		.reuseaddr = in->reuseaddr, .reuseport = in->reuseport,
	};
	AUTO_FD fd = -1;
	int rc = 0;

	if (in->fd < 0)
		rc = bind_new(ctx, &new, &fd);
	else if ((fd = sock_dup(ctx, in->fd)) == OP_BROKEN)
		rc = OP_BROKEN;
	if (rc)
		return rc;
	if (listen(fd, (int)in->backlog) < 0)
		return -errno;
	rc = own_name(ctx, fd, out);
	if (!rc)
		out->fd = fd_take(&fd);
	return rc;
}
OP(sock_listen, "sock.listen", listen_in, bind_out,
	.doc = "Listen on a bound TCP socket, or on a new one bound to `address`.",
	.source = "listen(2)",
	.touches = NSM_NET, .mutates = NSM_NET);

#define BACKLOG_IN(F, S) \
	F(S, FD, fd, REQUIRED, "listening TCP socket")
FIELDS(backlog_in, BACKLOG_IN);

#define BACKLOG_OUT(F, S) \
	F(S, INT, most, REQUIRED, 0, 0, "connections that may wait to be accepted") \
	F(S, TOTAL, waiting, "connections that wait")
FIELDS(backlog_out, BACKLOG_OUT);

static int sock_backlog_run(struct op_ctx *ctx, const struct backlog_in *in,
			    struct backlog_out *out)
{
	struct tcp_info info = { 0 };
	socklen_t len = sizeof(info);

	if (getsockopt(in->fd, IPPROTO_TCP, TCP_INFO, &info, &len) < 0)
		return -errno;
	if (info.tcpi_state != TCP_LISTEN)
		return op_broken(ctx, "the socket does not listen");
	/* Of a listening socket they have these two meanings. */
	out->most = info.tcpi_sacked;
	out->waiting = info.tcpi_unacked;
	return 0;
}
OP(sock_backlog, "sock.backlog", backlog_in, backlog_out,
	.doc = "Read how many connections may wait at a listening socket, and how many do (TCP_INFO).",
	.source = "listen(2), net/ipv4/tcp.c tcp_get_info", .config = "INET",
	.touches = NSM_NET);

#define CONNECT_IN(F, S) \
	F(S, FD, fd, OPTIONAL, "socket; without it one is opened as `type` says") \
	F(S, ADDR, address, REQUIRED, "IP address to connect to") \
	F(S, INT, port, REQUIRED, 0, 65535, "port to connect to") \
	F(S, ENUM_DEF, type, SOCK_STREAM, ip_types, "type of a socket to open") \
	F(S, PATIENCE, patience, PATIENCE_UNSET, \
	  "when to give up with `connected: false`; default the deadline, then ETIMEDOUT")
FIELDS(connect_in, CONNECT_IN);

#define CONNECT_OUT(F, S) \
	F(S, FD, fd, REQUIRED, "the socket") \
	F(S, BOOL, connected, "false: nobody answered in time") \
	F(S, STR, address, OPTIONAL, "local address taken") \
	F(S, INT, port, OPTIONAL, 0, 65535, "local port taken")
FIELDS(connect_out, CONNECT_OUT);

static int sock_connect_run(struct op_ctx *ctx, const struct connect_in *in,
			    struct connect_out *out)
{
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
OP(sock_connect, "sock.connect", connect_in, connect_out,
	.doc = "Connect a TCP or UDP socket to an address.",
	.source = "connect(2)", .config = "INET",
	.touches = NSM_NET, .mutates = NSM_NET);

#define ACCEPT_IN(F, S) \
	F(S, FD, fd, REQUIRED, "listening socket") \
	F(S, PATIENCE, patience, PATIENCE_UNSET, \
	  "when to give up with EAGAIN; default: the step's deadline, then ETIMEDOUT")
FIELDS(accept_in, ACCEPT_IN);

#define ACCEPT_OUT(F, S) \
	F(S, FD, fd, REQUIRED, "the accepted socket") \
	F(S, STR, address, OPTIONAL, "address of the peer") \
	F(S, INT, port, OPTIONAL, 0, 65535, "port of the peer")
FIELDS(accept_out, ACCEPT_OUT);

static int sock_accept_run(struct op_ctx *ctx, const struct accept_in *in, struct accept_out *out)
{
	struct sockaddr_any sa = { .len = sizeof(sa.room) };
	struct endpoint end;
	int rc = sock_await(ctx, in->fd, in->patience);

	if (rc < 0)
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
OP(sock_accept, "sock.accept", accept_in, accept_out,
	.doc = "Take the next connection of a listening IP or unix socket.",
	.source = "accept(2)",
	.touches = NSM_NET);
