// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every netlink protocol is opened, and every list asked for that its families have, so that what
 * one network namespace has can be looked for in all of them in another one.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/if_addr.h>
#include <linux/if_addrlabel.h>
#include <linux/if_bridge.h>
#include <linux/inet_diag.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink_diag.h>
#include <linux/packet_diag.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <linux/xfrm.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "../../net/netlink.h"
#include "nsc/sys.h"
#include "tree.h"

enum { PROTOCOLS = 32, HEAD_MAX = 128 };

#define NETLINK_IN(F, S) \
	F(S, STRS, words, OPTIONAL, "texts to look for in the answers") \
	F(S, STRS, addresses, OPTIONAL, "IP addresses to look for in the answers")
FIELDS(netlink_in, NETLINK_IN);

#define NETLINK_OUT(F, S) \
	F(S, INTS, opened, REQUIRED, 0, 0, "protocols of which a socket was opened") \
	F(S, TOTAL, answered, "how many lists were given, empty ones included") \
	F(S, STRS, found, REQUIRED, "the first lists that have one of what is looked for") \
	F(S, TOTAL, count, "how many they are")
FIELDS(netlink_out, NETLINK_OUT);

struct sweep {
	const struct netlink_in *in;
	struct netlink_out *out;
	struct netlink_bytes *marks;
	size_t n;
};

static int take_marks(struct op_ctx *ctx, struct sweep *s)
{
	const struct netlink_in *in = s->in;

	s->marks = pool_array(ctx->pool, struct netlink_bytes, in->words.n + in->addresses.n + 1);
	for (size_t i = 0; i < in->words.n; i++)
		s->marks[s->n++] = (struct netlink_bytes){ in->words.v[i], strlen(in->words.v[i]) };
	for (size_t i = 0; i < in->addresses.n; i++) {
		struct netlink_addr *addr = pool_new(ctx->pool, struct netlink_addr);

		if (netlink_addr_parse(in->addresses.v[i], addr))
			return op_broken(ctx, "%s is no address", in->addresses.v[i]);
		s->marks[s->n++] = (struct netlink_bytes){ addr->bytes, addr->len };
	}
	return 0;
}

static bool has_mark(const struct sweep *s, const struct netlink_answer *answer)
{
	for (size_t i = 0; i < answer->n; i++)
		for (size_t m = 0; m < s->n; m++)
			if (memmem(answer->v[i], answer->v[i]->nlmsg_len, s->marks[m].v,
				   s->marks[m].len))
				return true;
	return false;
}

/* One list; that it is refused, or not known, is no matter of the sweep's. */
static int list(struct op_ctx *ctx, struct sweep *s, int protocol, int type, const void *head,
		size_t len, const char *name)
{
	struct netlink_answer answer = { 0 };
	AUTO_MSG *msg = netlink_msg(type, NLM_F_DUMP, head, len);
	int rc = netlink_ask(ctx, protocol, msg, &answer);

	if (rc == OP_BROKEN)
		return rc;
	s->out->answered += !rc;
	if (has_mark(s, &answer))
		sweep_add(ctx, &(struct sweep_found){ &s->out->found, &s->out->count }, name);
	return 0;
}

/*
 * Headers of rtnetlink's lists, where they are longer than struct rtgenmsg. One that is too long is
 * taken for an attribute, and logged.
 */
static const struct {
	int type;
	size_t len;
} route_heads[] = {
	{ RTM_GETLINK, sizeof(struct ifinfomsg) },
	{ RTM_GETADDR, sizeof(struct ifaddrmsg) },
	{ RTM_GETROUTE, sizeof(struct rtmsg) },
	{ RTM_GETNEIGH, 12 /* struct ndmsg */ },
	{ RTM_GETRULE, 12 /* struct fib_rule_hdr */ },
	{ RTM_GETQDISC, sizeof(struct tcmsg) },
	{ RTM_GETTCLASS, sizeof(struct tcmsg) },
	{ RTM_GETTFILTER, sizeof(struct tcmsg) },
	{ 58 /* RTM_GETMULTICAST */, sizeof(struct ifaddrmsg) },
	{ 62 /* RTM_GETANYCAST */, sizeof(struct ifaddrmsg) },
	{ 74 /* RTM_GETADDRLABEL */, sizeof(struct ifaddrlblmsg) },
	{ 86 /* RTM_GETMDB */, sizeof(struct br_port_msg) },
	{ 94 /* RTM_GETSTATS */, 12 /* struct if_stats_msg */ },
	{ 102 /* RTM_GETCHAIN */, sizeof(struct tcmsg) },
	{ 106 /* RTM_GETNEXTHOP */, 8 /* struct nhmsg */ },
	{ 114 /* RTM_GETVLAN */, 8 /* struct br_vlan_msg */ },
	{ 118 /* RTM_GETNEXTHOPBUCKET */, 8 /* struct nhmsg */ },
	{ 122 /* RTM_GETTUNNEL */, 8 /* struct tunnel_msg */ },
};

/* Every third type of four is a request to list, up to the last that a message can have. */
enum { ROUTE_FIRST = RTM_GETLINK, ROUTE_LAST = 254 };

static size_t route_head(int type)
{
	for (size_t i = 0; i < sizeof(route_heads) / sizeof(*route_heads); i++)
		if (route_heads[i].type == type)
			return route_heads[i].len;
	return 4;
}

static int sweep_route(struct op_ctx *ctx, struct sweep *s)
{
	static const unsigned char families[] = { AF_UNSPEC, AF_INET, AF_INET6, AF_BRIDGE };

	for (int type = ROUTE_FIRST; type <= ROUTE_LAST; type += 4)
		for (size_t i = 0; i < sizeof(families); i++) {
			unsigned char head[HEAD_MAX] = { families[i] };
			const char *name = pool_printf(ctx->pool, "route type %d family %d", type,
						       families[i]);

			if (list(ctx, s, NETLINK_ROUTE, type, head, route_head(type), name))
				return OP_BROKEN;
		}
	return 0;
}

static int sweep_inet_diag(struct op_ctx *ctx, struct sweep *s)
{
	static const unsigned char families[] = { AF_INET, AF_INET6 };
	static const unsigned char protocols[] = { IPPROTO_TCP, IPPROTO_UDP, IPPROTO_UDPLITE,
						   IPPROTO_RAW, IPPROTO_DCCP, IPPROTO_SCTP };

	for (size_t f = 0; f < sizeof(families); f++)
		for (size_t p = 0; p < sizeof(protocols); p++) {
			struct inet_diag_req_v2 head = { .sdiag_family = families[f],
							 .sdiag_protocol = protocols[p],
							 .idiag_states = UINT32_MAX };
			const char *name = pool_printf(ctx->pool, "diag family %d protocol %d",
						       families[f], protocols[p]);

			if (list(ctx, s, NETLINK_SOCK_DIAG, SOCK_DIAG_BY_FAMILY, &head,
				 sizeof(head), name))
				return OP_BROKEN;
		}
	return 0;
}

static int sweep_diag(struct op_ctx *ctx, struct sweep *s)
{
	const struct unix_diag_req in_unix = { .sdiag_family = AF_UNIX,
		.udiag_states = UINT32_MAX, .udiag_show = UDIAG_SHOW_NAME | UDIAG_SHOW_PEER };
	const struct netlink_diag_req in_netlink = { .sdiag_family = AF_NETLINK,
		.sdiag_protocol = NDIAG_PROTO_ALL, .ndiag_show = NDIAG_SHOW_GROUPS };
	const struct packet_diag_req in_packet = { .sdiag_family = AF_PACKET,
		.pdiag_show = PACKET_SHOW_INFO | PACKET_SHOW_MCLIST };
	int (*const ask)(struct op_ctx *, struct sweep *, int, int, const void *, size_t,
			 const char *) = list;
	enum { D = NETLINK_SOCK_DIAG, B = SOCK_DIAG_BY_FAMILY };

	return ask(ctx, s, D, B, &in_unix, sizeof(in_unix), "diag unix") ||
	       ask(ctx, s, D, B, &in_netlink, sizeof(in_netlink), "diag netlink") ||
	       ask(ctx, s, D, B, &in_packet, sizeof(in_packet), "diag packet") ?
		       OP_BROKEN : sweep_inet_diag(ctx, s);
}

static int sweep_xfrm(struct op_ctx *ctx, struct sweep *s)
{
	const struct xfrm_userpolicy_id policy = { 0 };

	return list(ctx, s, NETLINK_XFRM, XFRM_MSG_GETSA, NULL, 0, "xfrm states") ||
	       list(ctx, s, NETLINK_XFRM, XFRM_MSG_GETPOLICY, &policy, sizeof(policy),
		    "xfrm policies") ? OP_BROKEN : 0;
}

/* Requests to list by subsystem; the others of a subsystem change things. */
static const struct {
	int subsystem, type;
	const char *name;
} netfilter_lists[] = {
	{ 1, 1, "conntrack" }, { 1, 4, "conntrack of processors" },
	{ 1, 6, "conntrack dying" }, { 1, 7, "conntrack unconfirmed" },
	{ 2, 1, "expectations" }, { 2, 3, "expectations of processors" },
	{ 7, 1, "accounting" }, { 8, 1, "timeouts" }, { 9, 1, "helpers" },
	{ 10, 1, "tables" }, { 10, 4, "chains" }, { 10, 7, "rules" }, { 10, 10, "sets" },
	{ 10, 19, "objects" }, { 10, 23, "flow tables" }, { 12, 0, "hooks" },
};

static int sweep_netfilter(struct op_ctx *ctx, struct sweep *s)
{
	const struct nfgenmsg head = { .version = NFNETLINK_V0 };

	for (size_t i = 0; i < sizeof(netfilter_lists) / sizeof(*netfilter_lists); i++)
		if (list(ctx, s, NETLINK_NETFILTER,
			 netfilter_lists[i].subsystem << 8 | netfilter_lists[i].type, &head,
			 sizeof(head), pool_printf(ctx->pool, "netfilter %s",
						   netfilter_lists[i].name)))
			return OP_BROKEN;
	return 0;
}

/* The lists of one generic family, by what it says of itself. */
static int sweep_family(struct op_ctx *ctx, struct sweep *s, struct nlmsghdr *part)
{
	struct nlattr *v[CTRL_ATTR_MAX + 1], *op;
	int left;

	netlink_attrs(part, sizeof(struct genlmsghdr), v, CTRL_ATTR_MAX);
	if (!v[CTRL_ATTR_FAMILY_ID] || !v[CTRL_ATTR_OPS])
		return 0;
	size_t more = netlink_u32(v[CTRL_ATTR_HDRSIZE], 0);
	const char *family = netlink_text(ctx->pool, v[CTRL_ATTR_FAMILY_NAME]);

	nla_for_each_nested(op, v[CTRL_ATTR_OPS], left) {
		struct nlattr *of[CTRL_ATTR_OP_MAX + 1];
		unsigned char head[HEAD_MAX] = { 0 };

		if (nla_parse_nested(of, CTRL_ATTR_OP_MAX, op, NULL) < 0 ||
		    !(netlink_u32(of[CTRL_ATTR_OP_FLAGS], 0) & GENL_CMD_CAP_DUMP) ||
		    GENL_HDRLEN + more > sizeof(head))
			continue;
		unsigned cmd = netlink_u32(of[CTRL_ATTR_OP_ID], 0);

		head[0] = (unsigned char)cmd;
		head[1] = (unsigned char)netlink_u32(v[CTRL_ATTR_VERSION], 1);
		if (list(ctx, s, NETLINK_GENERIC, nla_get_u16(v[CTRL_ATTR_FAMILY_ID]), head,
			 GENL_HDRLEN + more,
			 pool_printf(ctx->pool, "generic %s command %u", family, cmd)))
			return OP_BROKEN;
	}
	return 0;
}

static int sweep_generic(struct op_ctx *ctx, struct sweep *s)
{
	const struct genlmsghdr head = { .cmd = CTRL_CMD_GETFAMILY, .version = 1 };
	struct netlink_answer answer = { 0 };
	AUTO_MSG *msg = netlink_msg(GENL_ID_CTRL, NLM_F_DUMP, &head, sizeof(head));

	if (netlink_ask(ctx, NETLINK_GENERIC, msg, &answer) == OP_BROKEN)
		return OP_BROKEN;
	for (size_t i = 0; i < answer.n; i++)
		if (sweep_family(ctx, s, answer.v[i]))
			return OP_BROKEN;
	return 0;
}

/* Those with lists of what is in a namespace; the others have channels, and are only opened. */
static int (*const sweeps[PROTOCOLS])(struct op_ctx *ctx, struct sweep *s) = {
	[NETLINK_ROUTE] = sweep_route,
	[NETLINK_SOCK_DIAG] = sweep_diag,
	[NETLINK_XFRM] = sweep_xfrm,
	[NETLINK_NETFILTER] = sweep_netfilter,
	[NETLINK_GENERIC] = sweep_generic,
};

static int sweep_netlink_run(struct op_ctx *ctx, const struct netlink_in *in,
			     struct netlink_out *out)
{
	struct sweep s = { .in = in, .out = out };

	if (take_marks(ctx, &s))
		return OP_BROKEN;
	for (int protocol = 0; protocol < PROTOCOLS; protocol++) {
		AUTO_FD fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);

		if (fd < 0)
			continue;
		netlink_push_int(ctx->pool, &out->opened, protocol);
		if (sweeps[protocol] && sweeps[protocol](ctx, &s))
			return OP_BROKEN;
	}
	return 0;
}
OP(sweep_netlink, "sweep.netlink", netlink_in, netlink_out,
	.doc = "Open all netlink protocols, ask for all lists, and look for texts and addresses in them.",
	.source = "netlink(7), Documentation/userspace-api/netlink/intro.rst",
	.touches = NSM_NET);
