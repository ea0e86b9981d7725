// SPDX-License-Identifier: GPL-2.0-only
/*
 * Socket monitoring by netlink (sock_diag): which sockets the kernel lists, and the
 * destruction of one.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/inet_diag.h>
#include <linux/netlink_diag.h>
#include <linux/packet_diag.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>

#include "../../net/netlink.h"
#include "nsc/op.h"
#include "nsc/sockaddr.h"

union request {
	struct inet_diag_req_v2 inet;
	struct unix_diag_req local;
	struct packet_diag_req packet;
	struct netlink_diag_req netlink;
};

/* What the symbols of `table` stand for. */
static const struct table {
	int family, protocol;
	size_t request, inode; /* size of the request; place of the inode in the answer */
} tables[] = {
	{ AF_INET, IPPROTO_TCP, sizeof(struct inet_diag_req_v2),
	  offsetof(struct inet_diag_msg, idiag_inode) },
	{ AF_INET6, IPPROTO_TCP, sizeof(struct inet_diag_req_v2),
	  offsetof(struct inet_diag_msg, idiag_inode) },
	{ AF_INET, IPPROTO_UDP, sizeof(struct inet_diag_req_v2),
	  offsetof(struct inet_diag_msg, idiag_inode) },
	{ AF_UNIX, 0, sizeof(struct unix_diag_req), offsetof(struct unix_diag_msg, udiag_ino) },
	{ AF_PACKET, 0, sizeof(struct packet_diag_req),
	  offsetof(struct packet_diag_msg, pdiag_ino) },
	{ AF_NETLINK, NDIAG_PROTO_ALL, sizeof(struct netlink_diag_req),
	  offsetof(struct netlink_diag_msg, ndiag_ino) },
};

static const struct symbol table_names[] = {
	{ "tcp", 0, NULL },  { "tcp6", 1, NULL },   { "udp", 2, NULL },
	{ "unix", 3, NULL }, { "packet", 4, NULL }, { "netlink", 5, NULL },
	{ 0 }
};

#define LIST_IN(F, S) \
	F(S, ENUM, table, REQUIRED, table_names, "which sockets to list") \
	F(S, INT, inode, OPTIONAL, 0, 0, "inode number of the socket to look for")
FIELDS(list_in, LIST_IN);

#define LIST_OUT(F, S) \
	F(S, TOTAL, count, "sockets listed") \
	F(S, BOOL, listed, "one of them has that inode number")
FIELDS(list_out, LIST_OUT);

static void fill(union request *req, const struct table *t)
{
	memset(req, 0, sizeof(*req));
	/* All requests begin with family and protocol; unix ones have neither protocol nor need. */
	req->inet.sdiag_family = (uint8_t)t->family;
	req->inet.sdiag_protocol = (uint8_t)t->protocol;
	if (t->family == AF_INET || t->family == AF_INET6)
		req->inet.idiag_states = UINT32_MAX;
	else if (t->family == AF_UNIX)
		req->local.udiag_states = UINT32_MAX;
}

static int diag_list_run(struct op_ctx *ctx, const struct list_in *in, struct list_out *out)
{
	const struct table *t = &tables[in->table];
	struct netlink_answer answer = { 0 };
	union request req;
	int rc;

	fill(&req, t);
	AUTO_MSG *msg = netlink_msg(SOCK_DIAG_BY_FAMILY, NLM_F_DUMP, &req, t->request);
	rc = netlink_ask(ctx, NETLINK_SOCK_DIAG, msg, &answer);
	for (size_t i = 0; !rc && i < answer.n; i++) {
		uint32_t inode = 0;

		if (NLMSG_PAYLOAD(answer.v[i], 0) < t->inode + sizeof(inode))
			continue;
		memcpy(&inode, (char *)NLMSG_DATA(answer.v[i]) + t->inode, sizeof(inode));
		out->listed = out->listed || (inode && inode == in->inode);
		out->count++;
	}
	return rc;
}
OP(diag_list, "diag.list", list_in, list_out,
	.doc = "List the sockets of a family by sock_diag.",
	.source = "sock_diag(7)",
	.touches = NSM_NET);

#define DESTROY_IN(F, S) \
	F(S, ADDR, address, REQUIRED, "local IP address of the TCP socket") \
	F(S, INT, port, REQUIRED, 0, 65535, "its local port") \
	F(S, ADDR, peer_address, REQUIRED, "IP address of its peer") \
	F(S, INT, peer_port, REQUIRED, 0, 65535, "port of its peer")
FIELDS(destroy_in, DESTROY_IN);

static void put_end(const struct sockaddr_any *sa, __be16 *port, __be32 *bytes)
{
	const struct sockaddr_in *in4 = (const struct sockaddr_in *)&sa->room;
	const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)&sa->room;

	*port = in4->sin_port; /* at the same place in both */
	if (sa->any.sa_family == AF_INET)
		memcpy(bytes, &in4->sin_addr, sizeof(in4->sin_addr));
	else
		memcpy(bytes, &in6->sin6_addr, sizeof(in6->sin6_addr));
}

static int diag_destroy_run(struct op_ctx *ctx, const struct destroy_in *in, struct none *out)
{
	struct inet_diag_req_v2 req = { .sdiag_protocol = IPPROTO_TCP,
					.idiag_states = UINT32_MAX };
	struct sockaddr_any own, peer;

	if (!sockaddr_inet(in->address, in->port, &own) ||
	    !sockaddr_inet(in->peer_address, in->peer_port, &peer))
		return op_broken(ctx, "no plain IP addresses");
	req.sdiag_family = (uint8_t)own.any.sa_family;
	put_end(&own, &req.id.idiag_sport, req.id.idiag_src);
	put_end(&peer, &req.id.idiag_dport, req.id.idiag_dst);
	req.id.idiag_cookie[0] = req.id.idiag_cookie[1] = (uint32_t)INET_DIAG_NOCOOKIE;
	AUTO_MSG *msg = netlink_msg(SOCK_DESTROY, NLM_F_ACK, &req, sizeof(req));
	return netlink_ask(ctx, NETLINK_SOCK_DIAG, msg, NULL);
}
OP(diag_destroy, "diag.destroy", destroy_in, none,
	.doc = "Destroy a TCP socket that is named by both its ends (SOCK_DESTROY).",
	.source = "net/ipv4/tcp_diag.c tcp_diag_destroy", .config = "INET_DIAG_DESTROY",
	.asks = "cap.NET_ADMIN",
	.touches = NSM_NET, .mutates = NSM_NET,
	.seen = "diag sock");
