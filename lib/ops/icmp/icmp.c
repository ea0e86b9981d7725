// SPDX-License-Identifier: GPL-2.0-only
/*
 * Echo requests over raw sockets, which need CAP_NET_RAW in the owner of the network
 * namespace but no ping_group_range.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <poll.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>

#include "../../net/netlink.h"
#include "nsc/sys.h"

#define PING_IN(F, S) \
	F(S, ADDR, address, REQUIRED, "whom to ask") \
	F(S, INT_DEF, count, 1, 1, 1000, "echo requests, one after the other") \
	F(S, PATIENCE, timeout, 1000000000, "how long to wait for each answer") \
	F(S, ADDR, source, OPTIONAL, "own address to ask from") \
	F(S, STR, dev, OPTIONAL, "device to ask through")
FIELDS(ping_in, PING_IN);

#define PING_OUT(F, S) \
	F(S, INT, sent, REQUIRED, 0, 0, "requests sent") \
	F(S, TOTAL, received, "requests answered") \
	F(S, INT, ttl, REQUIRED, 0, 0, "TTL or hop limit of the last answer, 0 without one") \
	F(S, STR, from, REQUIRED, "sender of the last answer, empty without one") \
	F(S, ERRNO, error, "last error that the network reported")
FIELDS(ping_out, PING_OUT);

/* Both protocols have this head; the rest is ours and tells our answers from others'. */
struct echo {
	uint8_t type, code;
	uint16_t checksum, id, sequence;
	uint64_t cookie;
};

struct ping {
	struct op_ctx *ctx;
	struct ping_out *out;
	struct netlink_addr to;
	struct echo request;
	int fd;
};

static uint16_t checksum(const void *data, size_t len)
{
	const uint16_t *v = data;
	uint32_t sum = 0;

	for (; len > 1; len -= 2)
		sum += *v++;
	sum = (sum >> 16) + (sum & 0xffff);
	sum += sum >> 16;
	return ~sum;
}

static int bind_source(struct ping *ping, const char *source)
{
	struct sockaddr_in v4 = { .sin_family = AF_INET };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
	bool six = ping->to.family == AF_INET6;
	int on = 1;

	setsockopt(ping->fd, six ? IPPROTO_IPV6 : IPPROTO_IP, six ? IPV6_RECVERR : IP_RECVERR, &on,
		   sizeof(on));
	if (six)
		setsockopt(ping->fd, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, &on, sizeof(on));
	if (!source)
		return 0;
	if (inet_pton(ping->to.family, source, six ? (void *)&v6.sin6_addr : &v4.sin_addr) != 1)
		return op_broken(ping->ctx, "not an address of the same family: %s", source);
	if (bind(ping->fd, six ? (void *)&v6 : &v4, six ? sizeof(v6) : sizeof(v4)) < 0)
		return -errno;
	return 0;
}

/* 0, -errno of socket, bind or the choice of a device, or OP_BROKEN. */
static int open_ping(struct ping *ping, const struct ping_in *in)
{
	bool six;

	if (netlink_addr_parse(in->address, &ping->to) < 0)
		return op_broken(ping->ctx, "not an address: %s", in->address);
	six = ping->to.family == AF_INET6;
	if (getrandom(&ping->request.cookie, sizeof(ping->request.cookie), 0) < 0)
		return op_broken(ping->ctx, "getrandom: %m");
	ping->request.type = six ? ICMP6_ECHO_REQUEST : ICMP_ECHO;
	ping->request.id = ping->request.cookie;
	ping->fd = socket(ping->to.family, SOCK_RAW | SOCK_CLOEXEC,
			  six ? IPPROTO_ICMPV6 : IPPROTO_ICMP);
	if (ping->fd < 0)
		return -errno;
	if (in->dev && setsockopt(ping->fd, SOL_SOCKET, SO_BINDTODEVICE, in->dev,
				  strlen(in->dev)) < 0)
		return -errno;
	return bind_source(ping, in->source);
}

static int send_request(struct ping *ping)
{
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
	struct sockaddr_in v4 = { .sin_family = AF_INET };
	bool six = ping->to.family == AF_INET6;

	memcpy(six ? (void *)&v6.sin6_addr : &v4.sin_addr, ping->to.bytes, ping->to.len);
	ping->request.sequence = htons(ping->out->sent + 1);
	ping->request.checksum = 0; /* that of ICMPv6 is filled in by the kernel */
	if (!six)
		ping->request.checksum = checksum(&ping->request, sizeof(ping->request));
	/*
	 * ENOBUFS: dropped on the way out. Whether a device without carrier says so depends on how
	 * far the kernel has come with taking its queue away; the request is lost either way.
	 */
	if (sendto(ping->fd, &ping->request, sizeof(ping->request), 0,
		   six ? (void *)&v6 : &v4, six ? sizeof(v6) : sizeof(v4)) < 0 && errno != ENOBUFS)
		return -errno;
	ping->out->sent++;
	return 0;
}

static bool answers(const struct ping *ping, const void *data, size_t len)
{
	bool six = ping->to.family == AF_INET6;
	struct echo echo;

	if (len < sizeof(echo))
		return false;
	memcpy(&echo, data, sizeof(echo));
	return echo.type == (six ? ICMP6_ECHO_REPLY : ICMP_ECHOREPLY) &&
	       echo.id == ping->request.id && echo.sequence == ping->request.sequence &&
	       echo.cookie == ping->request.cookie;
}

static void note_answer(struct ping *ping, struct msghdr *msg, const struct iphdr *ip)
{
	struct sockaddr_in6 *v6 = msg->msg_name;
	struct sockaddr_in *v4 = msg->msg_name;
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(msg);
	char text[INET6_ADDRSTRLEN];
	int limit = 0;

	if (ping->to.family == AF_INET)
		limit = ip->ttl;
	for (; cmsg; cmsg = CMSG_NXTHDR(msg, cmsg))
		if (cmsg->cmsg_level == IPPROTO_IPV6 && cmsg->cmsg_type == IPV6_HOPLIMIT)
			memcpy(&limit, CMSG_DATA(cmsg), sizeof(limit));
	inet_ntop(ping->to.family, ping->to.family == AF_INET6 ? (void *)&v6->sin6_addr
							       : &v4->sin_addr, text, sizeof(text));
	ping->out->from = pool_strdup(ping->ctx->pool, text);
	ping->out->ttl = limit;
	ping->out->received++;
}

/* Read one packet: whether it was the answer. */
static bool receive(struct ping *ping)
{
	struct sockaddr_storage from;
	char data[512] __attribute__((aligned(8))), control[256] __attribute__((aligned(8)));
	struct iovec iov = { .iov_base = data, .iov_len = sizeof(data) };
	struct msghdr msg = { .msg_name = &from, .msg_namelen = sizeof(from), .msg_iov = &iov,
			      .msg_iovlen = 1, .msg_control = control,
			      .msg_controllen = sizeof(control) };
	ssize_t len = recvmsg(ping->fd, &msg, MSG_DONTWAIT);
	size_t head = 0;

	if (len > 0 && ping->to.family == AF_INET)
		head = 4 * ((struct iphdr *)data)->ihl;
	if (len < 0 || (size_t)len < head || !answers(ping, data + head, len - head))
		return false;
	note_answer(ping, &msg, (struct iphdr *)data);
	return true;
}

/* The network says that it cannot be: no answer will come. */
static bool receive_error(struct ping *ping)
{
	char data[512];
	struct iovec iov = { .iov_base = data, .iov_len = sizeof(data) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	int error = 0;
	socklen_t len = sizeof(error);

	getsockopt(ping->fd, SOL_SOCKET, SO_ERROR, &error, &len);
	while (recvmsg(ping->fd, &msg, MSG_ERRQUEUE | MSG_DONTWAIT) >= 0)
		;
	if (error)
		ping->out->error = error;
	return error;
}

/* Until the answer, an error or the time; op_broken() if the op's own time ends first. */
static int await_answer(struct ping *ping, int64_t timeout)
{
	int64_t until = sys_now_ns() + timeout, left;
	struct pollfd poller = { .fd = ping->fd, .events = POLLIN };

	while ((left = until - sys_now_ns()) > 0) {
		int budget = op_left_ms(ping->ctx);
		int wait = (left + 999999) / 1000000;

		if (budget <= 0)
			return op_broken(ping->ctx, "timed out, in spite of a longer timeout");
		if (poll(&poller, 1, wait < budget ? wait : budget) < 0)
			return op_broken(ping->ctx, "poll: %m");
		if (poller.revents & POLLERR && receive_error(ping))
			return 0;
		if (poller.revents & POLLIN && receive(ping))
			return 0;
	}
	return 0;
}

static int icmp_ping_run(struct op_ctx *ctx, const struct ping_in *in, struct ping_out *out)
{
	struct ping ping = { .ctx = ctx, .out = out, .fd = -1 };
	int64_t i;
	int ret;

	ping.out->from = "";
	ret = open_ping(&ping, in);
	for (i = 0; !ret && i < in->count; i++) {
		ret = send_request(&ping);
		if (!ret)
			ret = await_answer(&ping, in->timeout);
	}
	fd_close(&ping.fd);
	return ret;
}
OP(icmp_ping, "icmp.ping", ping_in, ping_out,
	.doc = "Send ICMP or ICMPv6 echo requests and wait for each answer.",
	.source = "raw(7), icmp(7)", .config = "INET", .asks = "cap.NET_RAW",
	.touches = NSM_NET);
