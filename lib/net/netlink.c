// SPDX-License-Identifier: GPL-2.0-only
/*
 * Netlink transactions.  Every exchange has a socket of its own, so that it belongs to the
 * namespace in which the calling thread is now, and nothing is kept between ops.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "netlink.h"
#include "nsc/sys.h"

#define MESSAGE_MAX 16384

const struct symbol netlink_families[] = {
	{ .name = "any", .value = AF_UNSPEC },
	{ .name = "ipv4", .value = AF_INET },
	{ .name = "ipv6", .value = AF_INET6 },
	{ .name = "bridge", .value = AF_BRIDGE },
	{ 0 }
};

struct nl_msg *netlink_msg(int type, int flags, const void *head, size_t len)
{
	struct nl_msg *msg = nlmsg_alloc_size(MESSAGE_MAX);

	if (!msg || !nlmsg_put(msg, 0, 1, type, 0, NLM_F_REQUEST | flags) ||
	    nlmsg_append(msg, (void *)head, len, NLMSG_ALIGNTO) < 0)
		abort();
	return msg;
}

void netlink_msg_free(struct nl_msg **msg)
{
	nlmsg_free(*msg);
	*msg = NULL;
}

void netlink_put(struct nl_msg *msg, int type, const void *data, size_t len)
{
	if (nla_put(msg, type, (int)len, data) < 0)
		abort();
}

void netlink_put_u8(struct nl_msg *msg, int type, uint8_t value)
{
	netlink_put(msg, type, &value, sizeof(value));
}

void netlink_put_u16(struct nl_msg *msg, int type, uint16_t value)
{
	netlink_put(msg, type, &value, sizeof(value));
}

void netlink_put_u32(struct nl_msg *msg, int type, uint32_t value)
{
	netlink_put(msg, type, &value, sizeof(value));
}

void netlink_put_be32(struct nl_msg *msg, int type, uint32_t value)
{
	netlink_put_u32(msg, type, htonl(value));
}

void netlink_put_str(struct nl_msg *msg, int type, const char *text)
{
	if (text)
		netlink_put(msg, type, text, strlen(text) + 1);
}

struct nlattr *netlink_nest(struct nl_msg *msg, int type)
{
	struct nlattr *nest = nla_nest_start(msg, type);

	if (!nest)
		abort();
	return nest;
}

int netlink_open(struct op_ctx *ctx, int protocol, const int *groups, size_t n, int *fd)
{
	struct sockaddr_nl self = { .nl_family = AF_NETLINK };
	AUTO_FD sock = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
	size_t i;

	if (sock < 0)
		return op_broken(ctx, "socket AF_NETLINK %d: %m", protocol);
	if (bind(sock, (struct sockaddr *)&self, sizeof(self)) < 0)
		return op_broken(ctx, "bind AF_NETLINK: %m");
	for (i = 0; i < n; i++)
		if (setsockopt(sock, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &groups[i],
			       sizeof(groups[i])) < 0)
			return errno == EPERM ? -EPERM :
			       op_broken(ctx, "join netlink group %d: %m", groups[i]);
	*fd = fd_take(&sock);
	return 0;
}

static void answer_push(struct pool *pool, struct netlink_answer *answer, struct nlmsghdr *part,
			int nsid)
{
	struct netlink_answer old = *answer;

	if (answer->n == answer->room) {
		answer->room = answer->room ? 2 * answer->room : 16;
		answer->v = pool_array(pool, struct nlmsghdr *, answer->room);
		answer->nsid = pool_array(pool, int, answer->room);
		if (old.n) {
			memcpy(answer->v, old.v, old.n * sizeof(*old.v));
			memcpy(answer->nsid, old.nsid, old.n * sizeof(*old.nsid));
		}
	}
	answer->v[answer->n] = part;
	answer->nsid[answer->n++] = nsid;
}

/* Receive one datagram into the pool. */
struct datagram {
	struct nlmsghdr *first;
	int len, nsid;
};

static int tag_of(struct msghdr *msg)
{
	struct cmsghdr *cmsg;
	int nsid = -1;

	for (cmsg = CMSG_FIRSTHDR(msg); cmsg; cmsg = CMSG_NXTHDR(msg, cmsg))
		if (cmsg->cmsg_level == SOL_NETLINK && cmsg->cmsg_type == NETLINK_LISTEN_ALL_NSID)
			memcpy(&nsid, CMSG_DATA(cmsg), sizeof(nsid));
	return nsid;
}

/* 0 or -errno, EAGAIN when there is none. */
static int receive(struct op_ctx *ctx, int fd, struct datagram *datagram)
{
	char control[64] __attribute__((aligned(8)));
	struct iovec iov = { 0 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control,
			      .msg_controllen = sizeof(control) };
	ssize_t len = recv(fd, NULL, 0, MSG_PEEK | MSG_TRUNC | MSG_DONTWAIT);

	if (len < 0)
		return -errno;
	iov.iov_len = len;
	iov.iov_base = datagram->first = pool_alloc(ctx->pool, len + NLMSG_ALIGNTO);
	len = recvmsg(fd, &msg, MSG_DONTWAIT);
	if (len < 0)
		return -errno;
	datagram->len = len;
	datagram->nsid = tag_of(&msg);
	return 0;
}

enum { GO_ON = 1, ONCE_MORE };

/* Errors and ends of a dump finish an answer; everything else belongs to it. */
static int take(struct op_ctx *ctx, struct nlmsghdr *part, struct netlink_answer *answer)
{
	int verdict = 0;

	if (part->nlmsg_flags & NLM_F_DUMP_INTR)
		return ONCE_MORE;
	if (part->nlmsg_type == NLMSG_ERROR || part->nlmsg_type == NLMSG_DONE) {
		if (nlmsg_datalen(part) >= (int)sizeof(verdict))
			memcpy(&verdict, nlmsg_data(part), sizeof(verdict));
		return verdict > 0 ? 0 : verdict;
	}
	if (answer)
		answer_push(ctx->pool, answer, part, -1);
	return GO_ON;
}

static int receive_answer(struct op_ctx *ctx, int fd, struct netlink_answer *answer)
{
	struct pollfd poller = { .fd = fd, .events = POLLIN };
	struct datagram got;
	struct nlmsghdr *part;
	int ret = GO_ON;

	while (ret == GO_ON) {
		if (poll(&poller, 1, op_left_ms(ctx)) <= 0)
			return op_broken(ctx, "no answer from netlink");
		ret = receive(ctx, fd, &got);
		if (ret < 0)
			return op_broken(ctx, "receive from netlink: %s", strerror(-ret));
		ret = GO_ON;
		for (part = got.first; ret == GO_ON && nlmsg_ok(part, got.len);
		     part = nlmsg_next(part, &got.len))
			ret = take(ctx, part, answer);
	}
	return ret;
}

int netlink_exchange(struct op_ctx *ctx, int protocol, const struct netlink_bytes *bytes,
		     struct netlink_answer *answer)
{
	int ret;

	do { /* again when something changed while the kernel was listing */
		AUTO_FD fd = -1;

		if (answer)
			answer->n = 0;
		ret = netlink_open(ctx, protocol, NULL, 0, &fd);
		if (ret < 0)
			return ret;
		if (send(fd, bytes->v, bytes->len, 0) < 0)
			return op_broken(ctx, "send to netlink: %m");
		ret = receive_answer(ctx, fd, answer);
	} while (ret == ONCE_MORE && op_left_ms(ctx) > 0);
	return ret == ONCE_MORE ? op_broken(ctx, "the list changed while it was read") : ret;
}

int netlink_ask(struct op_ctx *ctx, int protocol, struct nl_msg *msg, struct netlink_answer *answer)
{
	struct nlmsghdr *head = nlmsg_hdr(msg);
	struct netlink_bytes bytes = { .v = head, .len = head->nlmsg_len };

	if ((head->nlmsg_flags & NLM_F_DUMP) != NLM_F_DUMP)
		head->nlmsg_flags |= NLM_F_ACK;
	return netlink_exchange(ctx, protocol, &bytes, answer);
}

int netlink_route(struct op_ctx *ctx, struct nl_msg *msg, struct netlink_answer *answer)
{
	return netlink_ask(ctx, NETLINK_ROUTE, msg, answer);
}

int netlink_drain(struct op_ctx *ctx, int fd, struct netlink_answer *answer)
{
	struct datagram got;
	struct nlmsghdr *part;
	int ret;

	while ((ret = receive(ctx, fd, &got)) == 0)
		for (part = got.first; nlmsg_ok(part, got.len); part = nlmsg_next(part, &got.len))
			answer_push(ctx->pool, answer, part, got.nsid);
	if (ret != -EAGAIN)
		return op_broken(ctx, "receive from netlink: %s", strerror(-ret));
	return 0;
}

void netlink_attrs(struct nlmsghdr *part, size_t len, struct nlattr **v, int max)
{
	if (nlmsg_parse(part, (int)len, v, max, NULL) < 0)
		memset(v, 0, (max + 1) * sizeof(*v));
}

uint32_t netlink_u32(const struct nlattr *attr, uint32_t absent)
{
	return attr && nla_len(attr) >= 4 ? nla_get_u32(attr) : absent;
}

const char *netlink_text(struct pool *pool, const struct nlattr *attr)
{
	const char *text = attr ? nla_data(attr) : "";

	return attr ? pool_strndup(pool, text, strnlen(text, nla_len(attr))) : text;
}

int netlink_addr_parse(const char *text, struct netlink_addr *addr)
{
	char host[64];
	const char *slash = strchrnul(text, '/');

	if ((size_t)(slash - text) >= sizeof(host))
		return -EINVAL;
	memcpy(host, text, slash - text);
	host[slash - text] = '\0';
	addr->family = strchr(host, ':') ? AF_INET6 : AF_INET;
	addr->len = addr->family == AF_INET6 ? 16 : 4;
	if (inet_pton(addr->family, host, addr->bytes) != 1)
		return -EINVAL;
	addr->prefix = *slash ? atoi(slash + 1) : (int)addr->len * 8;
	return 0;
}

const char *netlink_addr_show(struct pool *pool, int family, const struct nlattr *attr)
{
	char text[INET6_ADDRSTRLEN];

	if (!attr || nla_len(attr) < (family == AF_INET6 ? 16 : 4) ||
	    !inet_ntop(family, nla_data(attr), text, sizeof(text)))
		return "?";
	return pool_strdup(pool, text);
}

unsigned netlink_index(const char *name)
{
	return if_nametoindex(name);
}

const char *netlink_name(struct pool *pool, unsigned index)
{
	char name[IF_NAMESIZE];

	return if_indextoname(index, name) ? pool_strdup(pool, name)
					   : pool_printf(pool, "if%u", index);
}

void netlink_push_text(struct pool *pool, struct strs *list, const char *text)
{
	const char **v = list->v;

	if (list->n % 16 == 0) {
		list->v = pool_array(pool, const char *, list->n + 16);
		if (list->n)
			memcpy(list->v, v, list->n * sizeof(*v));
	}
	list->v[list->n++] = text;
}

void netlink_push_int(struct pool *pool, struct ints *list, int64_t number)
{
	int64_t *v = list->v;

	if (list->n % 16 == 0) {
		list->v = pool_array(pool, int64_t, list->n + 16);
		if (list->n)
			memcpy(list->v, v, list->n * sizeof(*v));
	}
	list->v[list->n++] = number;
}
