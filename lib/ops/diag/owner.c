// SPDX-License-Identifier: GPL-2.0-only
/*
 * The owner of a unix socket as sock_diag reports it.
 */
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <string.h>
#include <sys/socket.h>

#include "../../net/netlink.h"
#include "nsc/op.h"

#define OWNER_IN(F, S) \
	F(S, INT, inode, REQUIRED, 1, UINT32_MAX, "inode number of the unix socket")
FIELDS(owner_in, OWNER_IN);

#define OWNER_OUT(F, S) \
	F(S, INT, uid, REQUIRED, 0, 0, "its owner as the caller sees it, -1 if not reported")
FIELDS(owner_out, OWNER_OUT);

static int diag_owner_run(struct op_ctx *ctx, const struct owner_in *in, struct owner_out *out)
{
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
OP(diag_owner, "diag.owner", owner_in, owner_out,
	.doc = "Owner of a unix socket as sock_diag reports it.",
	.source = "sock_diag(7)", .config = "UNIX_DIAG",
	.touches = NSM_NET);
