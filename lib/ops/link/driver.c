// SPDX-License-Identifier: GPL-2.0-only
/*
 * The driver of a network device, as ethtool names it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/ethtool.h>
#include <linux/if.h>
#include <linux/sockios.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "nsc/op.h"
#include "nsc/sys.h"

#define DRIVER_IN(F, S) \
	F(S, STR, name, REQUIRED, "name of the device")
FIELDS(driver_in, DRIVER_IN);

#define DRIVER_OUT(F, S) \
	F(S, STR, driver, REQUIRED, "name of its driver")
FIELDS(driver_out, DRIVER_OUT);

static int link_driver_run(struct op_ctx *ctx, const struct driver_in *in, struct driver_out *out)
{
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
OP(link_driver, "link.driver", driver_in, driver_out,
	.doc = "Ask a network device for its driver through ethtool's ioctl.",
	.source = "ethtool(8), include/uapi/linux/ethtool.h ETHTOOL_GDRVINFO",
	.touches = NSM_NET);
