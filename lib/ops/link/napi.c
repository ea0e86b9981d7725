// SPDX-License-Identifier: GPL-2.0-only
/*
 * Devices that the kernel polls, and the threads that do it.
 */
#define _GNU_SOURCE
#include <linux/ethtool.h>
#include <string.h>

#include "../../net/genl.h"
#include "ethtool.h"
#include "nsc/sys.h"

#define POLL_IN(F, S) \
	F(S, STR, name, REQUIRED, "device, of kind veth") \
	F(S, STR, sysfs, REQUIRED, "where a sysfs of the network namespace is mounted")
FIELDS(poll_in, POLL_IN);

/* A veth is polled while it has GRO (Linux 5.13), and by whom its directory in sysfs says. */
static int link_poll_run(struct op_ctx *ctx, const struct poll_in *in, struct none *out)
{
	struct ethtool_value on = { .cmd = ETHTOOL_SGRO, .data = 1 };
	int rc = link_ethtool(ctx, in->name, &on);

	if (rc)
		return rc;
	const char *file = pool_printf(ctx->pool, "%s/class/net/%s/threaded", in->sysfs, in->name);

	return sys_write_file(file, "1");
}
OP(link_poll, "link.poll", poll_in, none,
	.doc = "Have a thread of the kernel's poll a network device.",
	.source = "Documentation/networking/napi.rst Threaded NAPI", .asks = "cap.NET_ADMIN",
	.touches = NSM_NET | NSM_MNT, .mutates = NSM_NET,
	.seen = "link");

#define POLLERS_OUT(F, S) \
	F(S, INTS, pids, REQUIRED, 0, 0, \
	  "threads that poll, as the caller sees them, 0 for one that it does not")
FIELDS(pollers_out, POLLERS_OUT);

/* Of the family netdev, since Linux 6.8 (Documentation/netlink/specs/netdev.yaml). */
enum { NAPI_GET = 11, NAPI_PID = 4, NAPI_ATTRS = 16 };

static int link_pollers_run(struct op_ctx *ctx, const struct none *in, struct pollers_out *out)
{
	struct netlink_answer answer = { 0 };
	int family = genl_family(ctx, "netdev");

	if (family < 0)
		return family == OP_BROKEN ? family : op_broken(ctx, "there is no family netdev");
	AUTO_MSG *msg = genl_msg(family, NAPI_GET, NLM_F_DUMP);
	int rc = netlink_ask(ctx, NETLINK_GENERIC, msg, &answer);

	for (size_t i = 0; rc == 0 && i < answer.n; i++) {
		struct nlattr *attrs[NAPI_ATTRS + 1];

		genl_attrs(answer.v[i], attrs, NAPI_ATTRS);
		if (attrs[NAPI_PID])
			netlink_push_int(ctx->pool, &out->pids, netlink_u32(attrs[NAPI_PID], 0));
	}
	return rc;
}
OP(link_pollers, "link.pollers", none, pollers_out,
	.doc = "List the threads that poll devices of the network namespace (Linux 6.8).",
	.source = "Documentation/netlink/specs/netdev.yaml napi-get",
	.touches = NSM_NET | NSM_PID);
