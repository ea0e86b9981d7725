// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sockets between virtual machines and their hosts.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sys/socket.h>
#include <linux/vm_sockets.h>

#include "nsc/op.h"
#include "nsc/sys.h"

#define BIND_IN(F, S) \
	F(S, INT_DEF, port, VMADDR_PORT_ANY, 0, UINT32_MAX, "port; without it the kernel chooses")
FIELDS(bind_in, BIND_IN);

#define BIND_OUT(F, S) \
	F(S, FD, fd, REQUIRED, "the socket, which listens") \
	F(S, INT, port, REQUIRED, 0, UINT32_MAX, "its port")
FIELDS(bind_out, BIND_OUT);

static int vsock_listen_run(struct op_ctx *ctx, const struct bind_in *in, struct bind_out *out)
{
	struct sockaddr_vm own = {
		.svm_family = AF_VSOCK, .svm_cid = VMADDR_CID_ANY, .svm_port = (unsigned)in->port,
	};
	socklen_t len = sizeof(own);
	AUTO_FD fd = socket(AF_VSOCK, SOCK_STREAM | SOCK_CLOEXEC, 0);

	out->fd = -1;
	if (fd < 0)
		return op_broken(ctx, "socket: %m");
	if (bind(fd, (struct sockaddr *)&own, sizeof(own)) < 0 || listen(fd, 1) < 0)
		return -errno;
	if (getsockname(fd, (struct sockaddr *)&own, &len) < 0)
		return op_broken(ctx, "getsockname: %m");
	out->port = own.svm_port;
	out->fd = fd_take(&fd);
	return 0;
}
OP(vsock_listen, "vsock.listen", bind_in, bind_out,
	.doc = "Listen at a port of AF_VSOCK, of any context.",
	.source = "vsock(7)", .config = "VSOCKETS",
	.touches = NSM_NET, .mutates = NSM_NET);
