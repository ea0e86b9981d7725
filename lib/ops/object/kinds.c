// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of kinds: each message is a list of attributes, one of which is the name.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/fou.h>
#include <linux/genetlink.h>
#include <linux/in.h>
#include <linux/ioam6_genl.h>
#include <linux/l2tp.h>
#include <linux/mptcp.h>
#include <linux/netfilter/ipset/ip_set.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_acct.h>
#include <linux/netfilter/nfnetlink_cttimeout.h>
#include <linux/pkt_cls.h>
#include <linux/rtnetlink.h>
#include <linux/seg6_genl.h>
#include <linux/seg6_hmac.h>
#include <linux/tc_act/tc_gact.h>
#include <linux/tc_act/tc_mirred.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "../../net/generic.h"
#include "kinds.h"

/* Of an attribute: what follows its type. Those that end in _NAME hold the object's. */
enum form {
	END, TEXT, U8, U16, U32, BE16, BE32, BYTES, NEST, /* up to the matching */ CLOSE,
	TEXT_NAME, U8_NAME, U16_NAME, U32_NAME, BE16_NAME,
	BYTES_NAME, /* begin with it, as a number of 32 bits */
};

struct part {
	enum form form;
	int type;
	uint32_t value;	   /* a number, or how many bytes */
	const void *bytes; /* a text, or bytes */
};

enum carrier { ROUTE, NETFILTER, GENERIC };
enum { PARTS_MAX = 12, PATH_MAX_LEN = 6, ANY = -1, MESSAGE_BYTES = 64 };

struct kind {
	enum carrier carrier;
	const char *family; /* of generic netlink */
	int subsystem;	    /* of netfilter */
	struct {
		int type;
		struct part parts[PARTS_MAX];
	} acts[OBJECT_ACTS];
	/* Where the name stands in what is listed: types of attributes, ANY in an array. */
	int path[PATH_MAX_LEN];
	enum form form;
};

enum kind_index {
	FOU_PORT, IOAM6_NAMESPACE, IPSET, L2TP_SESSION, L2TP_TUNNEL, MPTCP_ENDPOINT, NFACCT,
	NFCT_TIMEOUT, SEG6_HMAC, TC_GACT, TC_MIRRED, KINDS
};

const struct symbol object_kinds[] = {
	{ .name = "fou-port", .value = FOU_PORT, .doc = "UDP port of foo-over-udp" },
	{ .name = "ioam6-namespace", .value = IOAM6_NAMESPACE, .doc = "number of an IOAM domain" },
	{ .name = "ipset", .value = IPSET, .doc = "IP set" },
	{ .name = "l2tp-session", .value = L2TP_SESSION, .doc = "id of a session, in tunnel 77" },
	{ .name = "l2tp-tunnel", .value = L2TP_TUNNEL, .doc = "id of a tunnel, over 127.0.0.1" },
	{ .name = "mptcp-endpoint", .value = MPTCP_ENDPOINT, .doc = "id of an address of MPTCP" },
	{ .name = "nfacct", .value = NFACCT, .doc = "accounting object" },
	{ .name = "nfct-timeout", .value = NFCT_TIMEOUT, .doc = "timeouts of connection tracking" },
	{ .name = "seg6-hmac", .value = SEG6_HMAC,
	  .doc = "id of a key of segment routing; one that is there is replaced" },
	{ .name = "tc-gact", .value = TC_GACT, .doc = "index of an action of traffic control" },
	{ .name = "tc-mirred", .value = TC_MIRRED, .doc = "the same, which redirects to lo" },
	{ 0 }
};

static const unsigned char secret[] = { 's', 'e', 'c', 'r', 'e', 't' };
static const unsigned char loopback[] = { 127, 0, 0, 1 }, other[] = { 10, 0, 0, 7 };
/* Both begin with the index. */
static const struct tc_gact gact = { .action = TC_ACT_OK };
static const struct tc_mirred mirred = { .action = TC_ACT_STOLEN, .eaction = TCA_EGRESS_REDIR,
					 .ifindex = 1 };

#define ACTION(kind) \
	{ NEST, TCA_ACT_TAB, 0, NULL }, { NEST, 1, 0, NULL }, { TEXT, TCA_ACT_KIND, 0, kind }
#define CLOSED { CLOSE, 0, 0, NULL }, { CLOSE, 0, 0, NULL }
#define TC(kind, parms_type, parms, index_type) \
	.acts = { { RTM_NEWACTION, { ACTION(kind), { NEST, TCA_ACT_OPTIONS, 0, NULL }, \
				     { BYTES_NAME, parms_type, sizeof(parms), &(parms) }, \
				     { CLOSE, 0, 0, NULL }, CLOSED } }, \
		  { RTM_DELACTION, { ACTION(kind), { U32_NAME, index_type, 0, NULL }, CLOSED } }, \
		  { RTM_GETACTION, { ACTION(kind), CLOSED } } }, \
	.path = { TCA_ACT_TAB, ANY, TCA_ACT_OPTIONS, parms_type }, .form = BYTES_NAME
#define SET { U8, IPSET_ATTR_PROTOCOL, IPSET_PROTOCOL, NULL }

static const struct kind kinds[KINDS] = {
	[FOU_PORT] = {
		GENERIC, FOU_GENL_NAME,
		.acts = { { FOU_CMD_ADD, { { BE16_NAME, FOU_ATTR_PORT, 0, NULL },
					   { U8, FOU_ATTR_AF, AF_INET, NULL },
					   { U8, FOU_ATTR_IPPROTO, IPPROTO_IPIP, NULL },
					   { U8, FOU_ATTR_TYPE, FOU_ENCAP_DIRECT, NULL } } },
			  { FOU_CMD_DEL, { { BE16_NAME, FOU_ATTR_PORT, 0, NULL },
					   { U8, FOU_ATTR_AF, AF_INET, NULL } } },
			  { FOU_CMD_GET, { { 0 } } } },
		.path = { FOU_ATTR_PORT }, .form = BE16_NAME,
	},
	[IOAM6_NAMESPACE] = {
		GENERIC, IOAM6_GENL_NAME,
		.acts = { { IOAM6_CMD_ADD_NAMESPACE, { { U16_NAME, IOAM6_ATTR_NS_ID, 0, NULL } } },
			  { IOAM6_CMD_DEL_NAMESPACE, { { U16_NAME, IOAM6_ATTR_NS_ID, 0, NULL } } },
			  { IOAM6_CMD_DUMP_NAMESPACES, { { 0 } } } },
		.path = { IOAM6_ATTR_NS_ID }, .form = U16_NAME,
	},
	[IPSET] = {
		NETFILTER, NULL, NFNL_SUBSYS_IPSET,
		.acts = { { IPSET_CMD_CREATE, { SET, { TEXT_NAME, IPSET_ATTR_SETNAME, 0, NULL },
						{ TEXT, IPSET_ATTR_TYPENAME, 0, "hash:ip" },
						{ U8, IPSET_ATTR_REVISION, 0, NULL },
						{ U8, IPSET_ATTR_FAMILY, AF_INET, NULL },
						{ NEST, IPSET_ATTR_DATA | NLA_F_NESTED, 0, NULL },
						{ CLOSE, 0, 0, NULL } } },
			  { IPSET_CMD_DESTROY, { SET,
						 { TEXT_NAME, IPSET_ATTR_SETNAME, 0, NULL } } },
			  { IPSET_CMD_LIST, { SET, { BE32, IPSET_ATTR_FLAGS | NLA_F_NET_BYTEORDER,
						     IPSET_FLAG_LIST_SETNAME, NULL } } } },
		.path = { IPSET_ATTR_SETNAME }, .form = TEXT_NAME,
	},
	[L2TP_SESSION] = {
		GENERIC, L2TP_GENL_NAME,
		.acts = { { L2TP_CMD_SESSION_CREATE, { { U32, L2TP_ATTR_CONN_ID, 77, NULL },
						       { U32_NAME, L2TP_ATTR_SESSION_ID, 0, NULL },
						       { U32, L2TP_ATTR_PEER_SESSION_ID, 7, NULL },
						       { U16, L2TP_ATTR_PW_TYPE,
							 L2TP_PWTYPE_ETH, NULL } } },
			  { L2TP_CMD_SESSION_DELETE, { { U32, L2TP_ATTR_CONN_ID, 77, NULL },
						       { U32_NAME, L2TP_ATTR_SESSION_ID, 0,
							 NULL } } },
			  { L2TP_CMD_SESSION_GET, { { 0 } } } },
		.path = { L2TP_ATTR_SESSION_ID }, .form = U32_NAME,
	},
	[L2TP_TUNNEL] = {
		GENERIC, L2TP_GENL_NAME,
		.acts = { { L2TP_CMD_TUNNEL_CREATE, { { U32_NAME, L2TP_ATTR_CONN_ID, 0, NULL },
						      { U32, L2TP_ATTR_PEER_CONN_ID, 7, NULL },
						      { U8, L2TP_ATTR_PROTO_VERSION, 3, NULL },
						      { U16, L2TP_ATTR_ENCAP_TYPE,
							L2TP_ENCAPTYPE_UDP, NULL },
						      { BYTES, L2TP_ATTR_IP_SADDR, 4, loopback },
						      { BYTES, L2TP_ATTR_IP_DADDR, 4, loopback },
						      { U16, L2TP_ATTR_UDP_SPORT, 1701, NULL },
						      { U16, L2TP_ATTR_UDP_DPORT, 1702, NULL } } },
			  { L2TP_CMD_TUNNEL_DELETE, { { U32_NAME, L2TP_ATTR_CONN_ID, 0, NULL } } },
			  { L2TP_CMD_TUNNEL_GET, { { 0 } } } },
		.path = { L2TP_ATTR_CONN_ID }, .form = U32_NAME,
	},
	[MPTCP_ENDPOINT] = {
		GENERIC, MPTCP_PM_NAME,
		.acts = { { MPTCP_PM_CMD_ADD_ADDR,
			    { { NEST, MPTCP_PM_ATTR_ADDR | NLA_F_NESTED, 0, NULL },
			      { U16, MPTCP_PM_ADDR_ATTR_FAMILY, AF_INET, NULL },
			      { U8_NAME, MPTCP_PM_ADDR_ATTR_ID, 0, NULL },
			      { BYTES, MPTCP_PM_ADDR_ATTR_ADDR4, 4, other },
			      { CLOSE, 0, 0, NULL } } },
			  { MPTCP_PM_CMD_DEL_ADDR,
			    { { NEST, MPTCP_PM_ATTR_ADDR | NLA_F_NESTED, 0, NULL },
			      { U8_NAME, MPTCP_PM_ADDR_ATTR_ID, 0, NULL },
			      { CLOSE, 0, 0, NULL } } },
			  { MPTCP_PM_CMD_GET_ADDR, { { 0 } } } },
		.path = { MPTCP_PM_ATTR_ADDR, MPTCP_PM_ADDR_ATTR_ID }, .form = U8_NAME,
	},
	[NFACCT] = {
		NETFILTER, NULL, NFNL_SUBSYS_ACCT,
		.acts = { { NFNL_MSG_ACCT_NEW, { { TEXT_NAME, NFACCT_NAME, 0, NULL } } },
			  { NFNL_MSG_ACCT_DEL, { { TEXT_NAME, NFACCT_NAME, 0, NULL } } },
			  { NFNL_MSG_ACCT_GET, { { 0 } } } },
		.path = { NFACCT_NAME }, .form = TEXT_NAME,
	},
	[NFCT_TIMEOUT] = {
		NETFILTER, NULL, NFNL_SUBSYS_CTNETLINK_TIMEOUT,
		.acts = { { IPCTNL_MSG_TIMEOUT_NEW,
			    { { TEXT_NAME, CTA_TIMEOUT_NAME, 0, NULL },
			      { BE16, CTA_TIMEOUT_L3PROTO, AF_INET, NULL },
			      { U8, CTA_TIMEOUT_L4PROTO, IPPROTO_UDP, NULL },
			      { NEST, CTA_TIMEOUT_DATA | NLA_F_NESTED, 0, NULL },
			      { BE32, CTA_TIMEOUT_UDP_UNREPLIED, 77, NULL },
			      { CLOSE, 0, 0, NULL } } },
			  { IPCTNL_MSG_TIMEOUT_DELETE,
			    { { TEXT_NAME, CTA_TIMEOUT_NAME, 0, NULL } } },
			  { IPCTNL_MSG_TIMEOUT_GET, { { 0 } } } },
		.path = { CTA_TIMEOUT_NAME }, .form = TEXT_NAME,
	},
	/* A key without a secret is none any more. */
	[SEG6_HMAC] = {
		GENERIC, SEG6_GENL_NAME,
		.acts = { { SEG6_CMD_SETHMAC,
			    { { U32_NAME, SEG6_ATTR_HMACKEYID, 0, NULL },
			      { U8, SEG6_ATTR_SECRETLEN, sizeof(secret), NULL },
			      { U8, SEG6_ATTR_ALGID, SEG6_HMAC_ALGO_SHA256, NULL },
			      { BYTES, SEG6_ATTR_SECRET, sizeof(secret),
				secret } } },
			  { SEG6_CMD_SETHMAC,
			    { { U32_NAME, SEG6_ATTR_HMACKEYID, 0, NULL },
			      { U8, SEG6_ATTR_SECRETLEN, 0, NULL },
			      { U8, SEG6_ATTR_ALGID, SEG6_HMAC_ALGO_SHA256, NULL } } },
			  { SEG6_CMD_DUMPHMAC, { { 0 } } } },
		.path = { SEG6_ATTR_HMACKEYID }, .form = U32_NAME,
	},
	[TC_GACT] = { ROUTE, TC("gact", TCA_GACT_PARMS, gact, TCA_ACT_INDEX) },
	[TC_MIRRED] = { ROUTE, TC("mirred", TCA_MIRRED_PARMS, mirred, TCA_ACT_INDEX) },
};

static void put_bytes(struct nl_msg *msg, const struct part *p, const uint32_t *first)
{
	unsigned char bytes[MESSAGE_BYTES] = { 0 };

	memcpy(bytes, p->bytes, p->value);
	if (first)
		memcpy(bytes, first, sizeof(*first));
	netlink_put(msg, p->type, bytes, p->value);
}

static void put(struct nl_msg *msg, const struct part *p, const char *name)
{
	uint32_t number = (uint32_t)strtoul(name, NULL, 10);

	switch (p->form) {
	case END: case NEST: case CLOSE: break;
	case TEXT: netlink_put_str(msg, p->type, p->bytes); break;
	case U8: netlink_put_u8(msg, p->type, (uint8_t)p->value); break;
	case U16: netlink_put_u16(msg, p->type, (uint16_t)p->value); break;
	case U32: netlink_put_u32(msg, p->type, p->value); break;
	case BE16: netlink_put_u16(msg, p->type, htons((uint16_t)p->value)); break;
	case BE32: netlink_put_be32(msg, p->type, p->value); break;
	case BYTES: put_bytes(msg, p, NULL); break;
	case TEXT_NAME: netlink_put_str(msg, p->type, name); break;
	case U8_NAME: netlink_put_u8(msg, p->type, (uint8_t)number); break;
	case U16_NAME: netlink_put_u16(msg, p->type, (uint16_t)number); break;
	case U32_NAME: netlink_put_u32(msg, p->type, number); break;
	case BE16_NAME: netlink_put_u16(msg, p->type, htons((uint16_t)number)); break;
	case BYTES_NAME: put_bytes(msg, p, &number); break;
	}
}

static void put_all(struct nl_msg *msg, const struct part *parts, const char *name)
{
	struct nlattr *nests[PARTS_MAX];
	size_t depth = 0;

	for (size_t i = 0; i < PARTS_MAX && parts[i].form != END; i++) {
		if (parts[i].form == NEST)
			nests[depth++] = netlink_nest(msg, parts[i].type);
		else if (parts[i].form == CLOSE)
			nla_nest_end(msg, nests[--depth]);
		else
			put(msg, &parts[i], name);
	}
}

static int protocol_of(const struct kind *k)
{
	static const int protocols[] = { [ROUTE] = NETLINK_ROUTE, [NETFILTER] = NETLINK_NETFILTER,
					 [GENERIC] = NETLINK_GENERIC };

	return protocols[k->carrier];
}

/* All heads have four bytes. */
static int exchange(struct op_ctx *ctx, const struct kind *k, enum object_act act, const char *name,
		    struct netlink_answer *answer)
{
	static const int flags[] = { NLM_F_CREATE | NLM_F_EXCL, 0, NLM_F_DUMP };
	struct nfgenmsg netfilter = { .nfgen_family = AF_INET };
	struct genlmsghdr generic = { .cmd = (uint8_t)k->acts[act].type, .version = 1 };
	struct tcamsg route = { 0 };
	const void *const heads[] = { [ROUTE] = &route, [NETFILTER] = &netfilter,
				      [GENERIC] = &generic };
	int type = k->acts[act].type;

	if (k->carrier == NETFILTER)
		type |= k->subsystem << 8;
	if (k->carrier == GENERIC)
		type = generic_family(ctx, k->family);
	if (type < 0)
		return type;
	AUTO_MSG *msg = netlink_msg(type, flags[act], heads[k->carrier], sizeof(generic));

	put_all(msg, k->acts[act].parts, name);
	return netlink_ask(ctx, protocol_of(k), msg, answer);
}

int object_change(struct op_ctx *ctx, int64_t kind, enum object_act act, const char *name)
{
	return exchange(ctx, &kinds[kind], act, name, NULL);
}

static const char *show(struct pool *pool, const struct nlattr *attr, enum form form)
{
	switch (form) {
	case TEXT_NAME: return netlink_text(pool, attr);
	case U8_NAME: return pool_printf(pool, "%u", nla_get_u8(attr));
	case U16_NAME: return pool_printf(pool, "%u", nla_get_u16(attr));
	case BE16_NAME: return pool_printf(pool, "%u", ntohs(nla_get_u16(attr)));
	default: return pool_printf(pool, "%u", nla_get_u32(attr));
	}
}

struct listing {
	struct pool *pool;
	const struct kind *kind;
	struct strs *names;
};

/* Attributes from FIRST on, LEN bytes of them, at that depth of the path. */
static void look(const struct listing *l, struct nlattr *first, int len, int depth)
{
	const int *path = l->kind->path;
	struct nlattr *pos;
	int rest;

	nla_for_each_attr(pos, first, len, rest) {
		if (path[depth] != ANY && nla_type(pos) != path[depth])
			continue;
		if (depth + 1 < PATH_MAX_LEN && path[depth + 1])
			look(l, nla_data(pos), nla_len(pos), depth + 1);
		else
			netlink_push_text(l->pool, l->names, show(l->pool, pos, l->kind->form));
	}
}

int object_list(struct op_ctx *ctx, int64_t kind, struct strs *names)
{
	struct listing l = { ctx->pool, &kinds[kind], names };
	struct netlink_answer answer = { 0 };
	int ret = exchange(ctx, l.kind, OBJECT_LIST, "", &answer);
	const int head = sizeof(struct genlmsghdr);

	for (size_t i = 0; i < answer.n; i++)
		look(&l, nlmsg_attrdata(answer.v[i], head), nlmsg_attrlen(answer.v[i], head), 0);
	return ret;
}
