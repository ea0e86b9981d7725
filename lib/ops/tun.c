// SPDX-License-Identifier: GPL-2.0-only
/*
 * TUN devices, and what devices say about themselves through ioctls.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <linux/sockios.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "nsc/op.h"
#include "nsc/sys.h"

struct open_in {
	const char *name;
};

static const struct field open_in_fields[] = {
	F_STR(struct open_in, name, REQUIRED, "name of the device to make"),
	F_END
};

struct fd_out {
	int fd;
};

static const struct field fd_out_fields[] = {
	F_FD(struct fd_out, fd, REQUIRED, "descriptor"),
	F_END
};

static int open_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct open_in *in = params;
	struct fd_out *out = results;
	struct ifreq request = { .ifr_flags = IFF_TUN | IFF_NO_PI };
	AUTO_FD fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);

	out->fd = -1;
	if (fd < 0)
		return op_broken(ctx, "open /dev/net/tun: %m");
	if (strlen(in->name) >= sizeof(request.ifr_name))
		return op_broken(ctx, "name too long: %s", in->name);
	strcpy(request.ifr_name, in->name);
	if (ioctl(fd, TUNSETIFF, &request) < 0)
		return -errno;
	out->fd = fd_take(&fd);
	return 0;
}

struct fd_in {
	int fd;
};

static const struct field fd_in_fields[] = {
	F_FD(struct fd_in, fd, REQUIRED, "descriptor from `tun.open`"),
	F_END
};

static int netns_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct fd_in *in = params;
	struct fd_out *out = results;

	(void)ctx;
	out->fd = ioctl(in->fd, TUNGETDEVNETNS);
	return out->fd < 0 ? -errno : 0;
}

struct search_in {
	int fd;
	const char *text;
};

static const struct field search_in_fields[] = {
	F_FD(struct search_in, fd, REQUIRED, "descriptor from `tun.open`"),
	F_STR(struct search_in, text, REQUIRED, "what to look for in the packets"),
	F_END
};

struct search_out {
	int64_t hits;
};

static const struct field search_out_fields[] = {
	F_INT(struct search_out, hits, REQUIRED, 0, 0, "packets that contain the text"),
	F_END
};

/* Others are the kernel's own, as router solicitations: they are passed over. */
static int search_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct search_in *in = params;
	struct search_out *out = results;
	char packet[2048];
	ssize_t len;

	while ((len = read(in->fd, packet, sizeof(packet))) >= 0)
		out->hits += memmem(packet, len, in->text, strlen(in->text)) != NULL;
	return errno == EAGAIN ? 0 : op_broken(ctx, "read packets: %m");
}

struct driver_in {
	const char *name;
};

static const struct field driver_in_fields[] = {
	F_STR(struct driver_in, name, REQUIRED, "name of the device"),
	F_END
};

struct driver_out {
	const char *driver;
};

static const struct field driver_out_fields[] = {
	F_STR(struct driver_out, driver, REQUIRED, "name of its driver"),
	F_END
};

static int driver_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct driver_in *in = params;
	struct driver_out *out = results;
	struct ethtool_drvinfo info = { .cmd = ETHTOOL_GDRVINFO };
	struct ifreq request = { .ifr_data = (void *)&info };
	AUTO_FD fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return op_broken(ctx, "socket: %m");
	if (strlen(in->name) >= sizeof(request.ifr_name))
		return op_broken(ctx, "name too long: %s", in->name);
	strcpy(request.ifr_name, in->name);
	if (ioctl(fd, SIOCETHTOOL, &request) < 0)
		return -errno;
	out->driver = pool_strndup(ctx->pool, info.driver,
				   strnlen(info.driver, sizeof(info.driver)));
	return 0;
}

#define FD_IN .in = fd_in_fields, .in_size = sizeof(struct fd_in)
#define FD_OUT .out = fd_out_fields, .out_size = sizeof(struct fd_out)

const struct op tun_ops[] = {
	{
		.name = "tun.open",
		.doc = "Make a TUN device.",
		.source = "Documentation/networking/tuntap.rst",
		.config = "TUN",
		OP_IN(open), FD_OUT,
		.touches = NSM_NET, .mutates = NSM_NET,
		.asks = "cap.NET_ADMIN",
		.run = open_run,
	},
	{
		.name = "tun.netns",
		.doc = "Open the network namespace in which a TUN device is, TUNGETDEVNETNS.",
		.source = "drivers/net/tun.c",
		FD_IN, FD_OUT,
		.touches = NSM_NET,
		.run = netns_run,
	},
	{
		.name = "tun.search",
		.doc = "Read what was sent through a TUN device and count packets with a text.",
		.source = "Documentation/networking/tuntap.rst",
		OP_IN(search), OP_OUT(search),
		.touches = NSM_NET,
		.run = search_run,
	},
	{
		.name = "link.driver",
		.doc = "Ask a network device for its driver through ethtool's ioctl.",
		.source = "ethtool(8), include/uapi/linux/ethtool.h ETHTOOL_GDRVINFO",
		OP_IN(driver), OP_OUT(driver),
		.touches = NSM_NET,
		.run = driver_run,
	},
	{ 0 }
};
