// SPDX-License-Identifier: GPL-2.0-only
/*
 * Socket options and the ioctls that tell a socket's network namespace and its devices.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/if_packet.h>
#include <linux/sockios.h>

#include "../seen.h"
#include "nsc/op.h"
#include "nsc/sys.h"
#include "uapi/socket.h"

enum option_kind { OPTION_INT, OPTION_U64, OPTION_TEXT };

/* What the symbols stand for: an index here. */
static const struct option {
	int level, name;
	enum option_kind kind;
} options[] = {
	{ SOL_SOCKET, SO_NETNS_COOKIE, OPTION_U64 },
	{ SOL_SOCKET, SO_BINDTODEVICE, OPTION_TEXT },
	{ SOL_SOCKET, SO_ACCEPTCONN, OPTION_INT },
	{ SOL_SOCKET, SO_DOMAIN, OPTION_INT },
	{ SOL_SOCKET, SO_RCVBUF, OPTION_INT },
	{ SOL_SOCKET, SO_SNDBUF, OPTION_INT },
	{ SOL_SOCKET, SO_MARK, OPTION_INT },
	{ SOL_SOCKET, SO_PASSCRED, OPTION_INT },
	{ SOL_SOCKET, SO_ERROR, OPTION_INT },
	{ IPPROTO_TCP, TCP_CONGESTION, OPTION_TEXT },
	{ SOL_PACKET, PACKET_FANOUT, OPTION_INT },
	{ SOL_SOCKET, UAPI_SO_PASSPIDFD, OPTION_INT },
};

static const struct symbol option_names[] = {
	{ "netns_cookie", 0, "SO_NETNS_COOKIE, since 5.14" },
	{ "bindtodevice", 1, "SO_BINDTODEVICE" },
	{ "acceptconn", 2, "SO_ACCEPTCONN" },
	{ "domain", 3, "SO_DOMAIN" },
	{ "rcvbuf", 4, "SO_RCVBUF" },
	{ "sndbuf", 5, "SO_SNDBUF" },
	{ "mark", 6, "SO_MARK" },
	{ "passcred", 7, "SO_PASSCRED" },
	{ "error", 8, "SO_ERROR" },
	{ "congestion", 9, "TCP_CONGESTION" },
	{ "fanout", 10, "PACKET_FANOUT: group id, plus the mode shifted by 16" },
	{ "passpidfd", 11, "SO_PASSPIDFD, since 6.5" },
	{ 0 }
};

#define OPTION_GET_IN(F, S) \
	F(S, FD, fd, REQUIRED, "socket") \
	F(S, ENUM, option, REQUIRED, option_names, "which option")
FIELDS(option_get_in, OPTION_GET_IN);

#define OPTION_GET_OUT(F, S) \
	F(S, INT, value, OPTIONAL, 0, 0, "value of a number") \
	F(S, STR, text, OPTIONAL, "value of a text")
FIELDS(option_get_out, OPTION_GET_OUT);

static int sock_option_get_run(struct op_ctx *ctx, const struct option_get_in *in,
			       struct option_get_out *out)
{
	const struct option *o = &options[in->option];
	union {
		int number;
		uint64_t wide;
		char text[128];
	} v = { .text = "" };
	socklen_t len = o->kind == OPTION_INT   ? sizeof(v.number)
			: o->kind == OPTION_U64 ? sizeof(v.wide)
						: sizeof(v.text) - 1;

	if (getsockopt(in->fd, o->level, o->name, &v, &len) < 0)
		return -errno;
	if (o->kind == OPTION_TEXT)
		out->text = pool_strdup(ctx->pool, v.text);
	else
		out->value = o->kind == OPTION_U64 ? (int64_t)v.wide : v.number;
	return 0;
}
OP(sock_option_get, "sock.option_get", option_get_in, option_get_out,
	.doc = "Read a socket option.",
	.source = "getsockopt(2)",
	.touches = NSM_NET);

#define OPTION_SET_IN(F, S) \
	F(S, FD, fd, REQUIRED, "socket") \
	F(S, ENUM, option, REQUIRED, option_names, "which option") \
	F(S, INT, value, OPTIONAL, 0, 0, "value of a number") \
	F(S, STR_DEF, text, "", "value of a text")
FIELDS(option_set_in, OPTION_SET_IN);

static int sock_option_set_run(struct op_ctx *ctx, const struct option_set_in *in, struct none *out)
{
	const struct option *o = &options[in->option];
	int number = (int)in->value, rc;

	if (o->kind == OPTION_TEXT)
		rc = setsockopt(in->fd, o->level, o->name, in->text,
				(socklen_t)strlen(in->text) + 1);
	else
		rc = setsockopt(in->fd, o->level, o->name, &number, sizeof(number));
	return rc < 0 ? -errno : 0;
}
OP(sock_option_set, "sock.option_set", option_set_in, none,
	.doc = "Set a socket option.",
	.source = "setsockopt(2)",
	.touches = NSM_NET,
	.seen = SEEN_NET);

#define IFINDEX_IN(F, S) \
	F(S, FD, fd, REQUIRED, "socket that is asked") \
	F(S, STR, name, REQUIRED, "device name")
FIELDS(ifindex_in, IFINDEX_IN);

#define IFINDEX_OUT(F, S) \
	F(S, INT, index, REQUIRED, 0, 0, "index of the device") \
	F(S, BOOL, up, "administratively up")
FIELDS(ifindex_out, IFINDEX_OUT);

static int sock_ifindex_run(struct op_ctx *ctx, const struct ifindex_in *in,
			    struct ifindex_out *out)
{
	struct ifreq req = { 0 };

	if (strlen(in->name) >= sizeof(req.ifr_name))
		return op_broken(ctx, "device name too long: %s", in->name);
	strcpy(req.ifr_name, in->name);
	if (ioctl(in->fd, SIOCGIFINDEX, &req) < 0)
		return -errno;
	out->index = req.ifr_ifindex;
	if (ioctl(in->fd, SIOCGIFFLAGS, &req) < 0)
		return op_broken(ctx, "SIOCGIFFLAGS: %m");
	out->up = req.ifr_flags & IFF_UP;
	return 0;
}
OP(sock_ifindex, "sock.ifindex", ifindex_in, ifindex_out,
	.doc = "Look a device up by name through a socket (SIOCGIFINDEX).",
	.source = "netdevice(7)",
	.touches = NSM_NET);

#define NETNS_IN(F, S) \
	F(S, FD, fd, REQUIRED, "socket")
FIELDS(netns_in, NETNS_IN);

#define NETNS_OUT(F, S) \
	F(S, FD, fd, REQUIRED, "its network namespace; see `ns.id`")
FIELDS(netns_out, NETNS_OUT);

static int sock_netns_run(struct op_ctx *ctx, const struct netns_in *in, struct netns_out *out)
{
	out->fd = ioctl(in->fd, SIOCGSKNS);
	return out->fd < 0 ? -errno : 0;
}
OP(sock_netns, "sock.netns", netns_in, netns_out,
	.doc = "Open the network namespace of a socket, or of a TUN descriptor's opener.",
	.source = "net/socket.c and drivers/net/tun.c SIOCGSKNS", .asks = "cap.NET_ADMIN",
	.touches = NSM_NET);
