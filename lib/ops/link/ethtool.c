// SPDX-License-Identifier: GPL-2.0-only
/*
 * ethtool's ioctl.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <linux/sockios.h>

#include "ethtool.h"
#include "nsc/sys.h"

int link_ethtool(struct op_ctx *ctx, const char *name, void *command)
{
	struct ifreq request = { .ifr_data = command };
	AUTO_FD fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return op_broken(ctx, "socket: %m");
	if (strlen(name) >= sizeof(request.ifr_name))
		return op_broken(ctx, "name too long: %s", name);
	strcpy(request.ifr_name, name);
	return ioctl(fd, SIOCETHTOOL, &request) < 0 ? -errno : 0;
}
