// SPDX-License-Identifier: GPL-2.0-only
/*
 * Network devices with hardware behind them, of which a machine has few: lent from the initial
 * network namespace to another one, from where the kernel has to bring them back.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <string.h>
#include <unistd.h>

#include "../../net/link.h"
#include "nsc/sys.h"

#define LEND_IN(F, S) \
	F(S, ACTOR, to, REQUIRED, "actor whose network namespace it is moved to")
FIELDS(lend_in, LEND_IN);

#define LEND_OUT(F, S) \
	F(S, STR, name, REQUIRED, "name that it has") \
	F(S, INT, index, REQUIRED, 0, INT32_MAX, "its index") \
	F(S, STR, other, REQUIRED, "name of another one, which stays")
FIELDS(lend_out, LEND_OUT);

/* Hardware is behind a device whose directory in sysfs has a link to it. */
static bool has_hardware(struct pool *pool, const char *name)
{
	return access(pool_printf(pool, "/sys/class/net/%s/device", name), F_OK) == 0;
}

/* The first two devices with hardware that are here, or broken. */
static int choose(struct op_ctx *ctx, struct lend_out *out)
{
	struct if_nameindex *all = if_nameindex();
	int found = 0;

	for (struct if_nameindex *i = all; i && i->if_index && found < 2; i++) {
		if (!has_hardware(ctx->pool, i->if_name))
			continue;
		if (!found++) {
			out->name = pool_strdup(ctx->pool, i->if_name);
			out->index = i->if_index;
		} else {
			out->other = pool_strdup(ctx->pool, i->if_name);
		}
	}
	if (all)
		if_freenameindex(all);
	return found == 2 ? 0 : op_broken(ctx, "%d devices with hardware here, and not two", found);
}

static int link_lend_run(struct op_ctx *ctx, const struct lend_in *in, struct lend_out *out)
{
	int rc = choose(ctx, out);

	if (rc)
		return rc;
	AUTO_MSG *msg = link_msg(RTM_SETLINK, out->name, 0, 0, 0);

	rc = link_put_place(ctx, msg, &(struct link_place){ .actor = in->to, .fd = -1 });
	return rc ? rc : netlink_route(ctx, msg, NULL);
}
OP(link_lend, "link.lend", lend_in, lend_out,
	.doc = "Move a network device with hardware behind it to the network namespace of an actor.",
	.source = "network_namespaces(7), rtnetlink(7)", .asks = "feature.two-adapters",
	.touches = NSM_NET, .flags = OP_HOST);
