// SPDX-License-Identifier: GPL-2.0-only
/*
 * actor.links: what another actor needs to join by nsfs descriptors.
 */
#define _GNU_SOURCE
#include <fcntl.h>

#include "nsc/op.h"
#include "nsc/place.h"

static int actor_links_run(struct op_ctx *ctx, const struct links_in *in, struct links_out *out)
{
	out->fds.v = pool_array(ctx->pool, int, NS_COUNT);
	for (int ns = 0; ns < NS_COUNT; ns++) {
		if (!(in->types & NS_BIT(ns)))
			continue;
		const char *path =
			pool_printf(ctx->pool, "/proc/thread-self/ns/%s", ns_kinds[ns].name);
		int fd = open(path, O_RDONLY | O_CLOEXEC);

		if (fd < 0)
			return op_broken(ctx, "open %s: %m", path);
		out->fds.v[out->fds.n++] = fd;
	}
	return 0;
}
OP(actor_links, "actor.links", links_in, links_out,
	.doc = "Open the actor's own namespaces.",
	.source = "namespaces(7)",
	.flags = OP_INTERNAL);
