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
	{ 0 }
};

struct option_get_in {
	int fd;
	int64_t option;
};

static const struct field option_get_in_fields[] = {
	F_FD(struct option_get_in, fd, REQUIRED, "socket"),
	F_ENUM(struct option_get_in, option, REQUIRED, option_names, "which option"),
	F_END
};

struct option_get_out {
	int64_t value;
	const char *text;
};

static const struct field option_get_out_fields[] = {
	F_INT(struct option_get_out, value, OPTIONAL, 0, 0, "value of a number"),
	F_STR(struct option_get_out, text, OPTIONAL, "value of a text"),
	F_END
};

static int option_get_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct option_get_in *in = params;
	struct option_get_out *out = results;
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

struct option_set_in {
	int fd;
	int64_t option, value;
	const char *text;
};

static const struct field option_set_in_fields[] = {
	F_FD(struct option_set_in, fd, REQUIRED, "socket"),
	F_ENUM(struct option_set_in, option, REQUIRED, option_names, "which option"),
	F_INT(struct option_set_in, value, OPTIONAL, 0, 0, "value of a number"),
	F_STR_DEF(struct option_set_in, text, "", "value of a text"),
	F_END
};

static int option_set_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct option_set_in *in = params;
	const struct option *o = &options[in->option];
	int number = (int)in->value, rc;

	(void)ctx, (void)results;
	if (o->kind == OPTION_TEXT)
		rc = setsockopt(in->fd, o->level, o->name, in->text,
				(socklen_t)strlen(in->text) + 1);
	else
		rc = setsockopt(in->fd, o->level, o->name, &number, sizeof(number));
	return rc < 0 ? -errno : 0;
}

struct ifindex_in {
	int fd;
	const char *name;
};

static const struct field ifindex_in_fields[] = {
	F_FD(struct ifindex_in, fd, REQUIRED, "socket that is asked"),
	F_STR(struct ifindex_in, name, REQUIRED, "device name"),
	F_END
};

struct ifindex_out {
	int64_t index;
	bool up;
};

static const struct field ifindex_out_fields[] = {
	F_INT(struct ifindex_out, index, REQUIRED, 0, 0, "index of the device"),
	F_BOOL(struct ifindex_out, up, "administratively up"),
	F_END
};

static int ifindex_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct ifindex_in *in = params;
	struct ifindex_out *out = results;
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

struct netns_in {
	int fd;
};

static const struct field netns_in_fields[] = {
	F_FD(struct netns_in, fd, REQUIRED, "socket"),
	F_END
};

struct netns_out {
	int fd;
};

static const struct field netns_out_fields[] = {
	F_FD(struct netns_out, fd, REQUIRED, "its network namespace; see `ns.id`"),
	F_END
};

static int netns_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct netns_in *in = params;
	struct netns_out *out = results;

	(void)ctx;
	out->fd = ioctl(in->fd, SIOCGSKNS);
	return out->fd < 0 ? -errno : 0;
}

const struct op sockopt_ops[] = {
	{
		.name = "sock.option_get",
		.doc = "Read a socket option.",
		.source = "getsockopt(2)",
		OP_IN(option_get), OP_OUT(option_get),
		.touches = NSM_NET,
		.run = option_get_run,
	},
	{
		.name = "sock.option_set",
		.doc = "Set a socket option.",
		.source = "setsockopt(2)",
		OP_IN(option_set),
		.touches = NSM_NET,
		.run = option_set_run,
	},
	{
		.name = "sock.ifindex",
		.doc = "Look a device up by name through a socket (SIOCGIFINDEX).",
		.source = "netdevice(7)",
		OP_IN(ifindex), OP_OUT(ifindex),
		.touches = NSM_NET,
		.run = ifindex_run,
	},
	{
		.name = "sock.netns",
		.doc = "Open the network namespace of a socket, or of a TUN descriptor's opener.",
		.source = "net/socket.c and drivers/net/tun.c SIOCGSKNS",
		OP_IN(netns), OP_OUT(netns),
		.touches = NSM_NET,
		.asks = "cap.NET_ADMIN",
		.run = netns_run,
	},
	{ 0 }
};
