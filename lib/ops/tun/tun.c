// SPDX-License-Identifier: GPL-2.0-only
/*
 * TUN devices.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <string.h>
#include <sys/ioctl.h>

#include "nsc/op.h"
#include "nsc/sys.h"

#define OPEN_IN(F, S) \
	F(S, STR, name, OPTIONAL, \
	  "name of the device to make, or of a persistent one to attach to; without one the " \
	  "descriptor has no device yet") \
	F(S, FD, fd, OPTIONAL, "descriptor without a device, instead of a new one") \
	F(S, BOOL, persistent, "it stays when the descriptor is closed") \
	F(S, INT_DEF, owner, -1, -1, UINT32_MAX, "user id that may attach to it; -1 is nobody's")
FIELDS(open_in, OPEN_IN);

#define FD_OUT(F, S) \
	F(S, FD, fd, REQUIRED, "descriptor")
FIELDS(fd_out, FD_OUT);

/* What the device is given beside a name. */
static int set_up(struct op_ctx *ctx, int fd, const struct open_in *in)
{
	if (in->owner >= 0 && ioctl(fd, TUNSETOWNER, (unsigned long)in->owner) < 0)
		return op_broken(ctx, "TUNSETOWNER: %m");
	if (in->persistent && ioctl(fd, TUNSETPERSIST, 1UL) < 0)
		return op_broken(ctx, "TUNSETPERSIST: %m");
	return 0;
}

static int tun_open_run(struct op_ctx *ctx, const struct open_in *in, struct fd_out *out)
{
	struct ifreq request = { .ifr_flags = IFF_TUN | IFF_NO_PI };
	AUTO_FD fd = in->fd >= 0 ? fcntl(in->fd, F_DUPFD_CLOEXEC, 0) :
		open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);

	out->fd = -1;
	if (fd < 0)
		return op_broken(ctx, "%s: %m", in->fd >= 0 ? "dup" : "open /dev/net/tun");
	if (in->name && strlen(in->name) >= sizeof(request.ifr_name))
		return op_broken(ctx, "name too long: %s", in->name);
	if (in->name)
		strcpy(request.ifr_name, in->name);
	if (in->name && ioctl(fd, TUNSETIFF, &request) < 0)
		return -errno;
	if (set_up(ctx, fd, in))
		return OP_BROKEN;
	out->fd = fd_take(&fd);
	return 0;
}
OP(tun_open, "tun.open", open_in, fd_out,
	.doc = "Make a TUN device, or attach to one that is there; EPERM where that is somebody else's, EBUSY "
	       "where another descriptor has it.",
	.source = "Documentation/networking/tuntap.rst", .config = "TUN", .asks = "cap.NET_ADMIN",
	.touches = NSM_NET, .mutates = NSM_NET);

#define FD_IN(F, S) \
	F(S, FD, fd, REQUIRED, "descriptor from `tun.open`")
FIELDS(fd_in, FD_IN);

static int tun_netns_run(struct op_ctx *ctx, const struct fd_in *in, struct fd_out *out)
{
	out->fd = ioctl(in->fd, TUNGETDEVNETNS);
	return out->fd < 0 ? -errno : 0;
}
OP(tun_netns, "tun.netns", fd_in, fd_out,
	.doc = "Open the network namespace in which a TUN device is, TUNGETDEVNETNS.",
	.source = "drivers/net/tun.c",
	.touches = NSM_NET);

#define SEARCH_IN(F, S) \
	F(S, FD, fd, REQUIRED, "descriptor from `tun.open`") \
	F(S, STR, text, REQUIRED, "what to look for in the packets")
FIELDS(search_in, SEARCH_IN);

#define SEARCH_OUT(F, S) \
	F(S, TOTAL, hits, "packets that contain the text")
FIELDS(search_out, SEARCH_OUT);

/* Others are the kernel's own, as router solicitations: they are passed over. */
static int tun_search_run(struct op_ctx *ctx, const struct search_in *in, struct search_out *out)
{
	char packet[2048];
	ssize_t len;

	while ((len = read(in->fd, packet, sizeof(packet))) >= 0)
		out->hits += memmem(packet, len, in->text, strlen(in->text)) != NULL;
	return errno == EAGAIN ? 0 : op_broken(ctx, "read packets: %m");
}
OP(tun_search, "tun.search", search_in, search_out,
	.doc = "Read what was sent through a TUN device and count packets with a text.",
	.source = "Documentation/networking/tuntap.rst",
	.touches = NSM_NET);
