// SPDX-License-Identifier: GPL-2.0-only
/*
 * The owner of a unix socket as sock_diag reports it.
 */
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <string.h>
#include <sys/socket.h>

#include "../sys/netlink.h"
#include "nsc/op.h"

struct owner_in {
	int64_t inode;
};

static const struct field owner_in_fields[] = {
	F_INT(struct owner_in, inode, REQUIRED, 1, UINT32_MAX, "inode number of the unix socket"),
	F_END
};

struct owner_out {
	int64_t uid;
};

static const struct field owner_out_fields[] = {
	F_INT(struct owner_out, uid, REQUIRED, 0, 0,
	      "its owner as the caller sees it, -1 if not reported"),
	F_END
};

static int owner_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct owner_in *in = params;
	struct owner_out *out = results;
	struct netlink_answer answer = { 0 };
	struct unix_diag_req req = { .sdiag_family = AF_UNIX, .udiag_states = UINT32_MAX,
				     .udiag_show = UDIAG_SHOW_UID };
	AUTO_MSG *msg = netlink_msg(SOCK_DIAG_BY_FAMILY, NLM_F_DUMP, &req, sizeof(req));
	int rc = netlink_ask(ctx, NETLINK_SOCK_DIAG, msg, &answer);

	if (rc)
		return rc;
	for (size_t i = 0; i < answer.n; i++) {
		struct unix_diag_msg *socket = NLMSG_DATA(answer.v[i]);
		struct nlattr *attrs[UNIX_DIAG_MAX + 1];

		if (NLMSG_PAYLOAD(answer.v[i], 0) < sizeof(*socket) ||
		    socket->udiag_ino != in->inode)
			continue;
		netlink_attrs(answer.v[i], sizeof(*socket), attrs, UNIX_DIAG_MAX);
		out->uid = attrs[UNIX_DIAG_UID] ?
				   (int64_t)netlink_u32(attrs[UNIX_DIAG_UID], 0) : -1;
		return 0;
	}
	return op_broken(ctx,
			 "no unix socket with inode number %lld is listed", (long long)in->inode);
}

const struct op diag_owner_ops[] = {
	{
		.name = "diag.owner",
		.doc = "Owner of a unix socket as sock_diag reports it.",
		.source = "sock_diag(7)",
		.config = "UNIX_DIAG",
		OP_IN(owner), OP_OUT(owner),
		.touches = NSM_NET,
		.run = owner_run,
	},
	{ 0 }
};
