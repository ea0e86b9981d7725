// SPDX-License-Identifier: GPL-2.0-only
/*
 * The driver of a network device, as ethtool names it.
 */
#define _GNU_SOURCE
#include <linux/ethtool.h>
#include <string.h>

#include "ethtool.h"
#include "nsc/op.h"

#define DRIVER_IN(F, S) \
	F(S, STR, name, REQUIRED, "name of the device")
FIELDS(driver_in, DRIVER_IN);

#define DRIVER_OUT(F, S) \
	F(S, STR, driver, REQUIRED, "name of its driver")
FIELDS(driver_out, DRIVER_OUT);

static int link_driver_run(struct op_ctx *ctx, const struct driver_in *in, struct driver_out *out)
{
	struct ethtool_drvinfo info = { .cmd = ETHTOOL_GDRVINFO };
	int rc = link_ethtool(ctx, in->name, &info);

	if (rc)
		return rc;
	out->driver = pool_strndup(ctx->pool, info.driver,
				   strnlen(info.driver, sizeof(info.driver)));
	return 0;
}
OP(link_driver, "link.driver", driver_in, driver_out,
	.doc = "Ask a network device for its driver through ethtool's ioctl.",
	.source = "ethtool(8), include/uapi/linux/ethtool.h ETHTOOL_GDRVINFO",
	.touches = NSM_NET);
