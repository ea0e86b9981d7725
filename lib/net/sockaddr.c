// SPDX-License-Identifier: GPL-2.0-only
/*
 * Socket addresses to and from the scenario's terms, and waiting on sockets without
 * changing the state that other holders of the same socket see.
 */
#define _GNU_SOURCE
#include "nsc/sockaddr.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#define UNIX_HEAD offsetof(struct sockaddr_un, sun_path)

bool sockaddr_inet(const char *address, int64_t port, struct sockaddr_any *sa)
{
	struct sockaddr_in *in4 = (struct sockaddr_in *)&sa->room;
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)&sa->room;

	memset(sa, 0, sizeof(*sa));
	if (inet_pton(AF_INET, address, &in4->sin_addr) == 1) {
		in4->sin_family = AF_INET;
		in4->sin_port = htons((uint16_t)port);
		sa->len = sizeof(*in4);
		return true;
	}
	memset(sa, 0, sizeof(*sa));
	if (inet_pton(AF_INET6, address, &in6->sin6_addr) != 1)
		return false;
	in6->sin6_family = AF_INET6;
	in6->sin6_port = htons((uint16_t)port);
	sa->len = sizeof(*in6);
	return true;
}

bool sockaddr_unix(const char *name, const char *path, struct sockaddr_any *sa)
{
	struct sockaddr_un *un = (struct sockaddr_un *)&sa->room;
	const char *text = name ? name : path;
	size_t skip = name ? 1 : 0;
	size_t len = text ? strlen(text) : 0;

	memset(sa, 0, sizeof(*sa));
	un->sun_family = AF_UNIX;
	if (skip + len + !name > sizeof(un->sun_path))
		return false;
	if (text)
		memcpy(un->sun_path + skip, text, len);
	/* The length delimits an abstract name; a path's includes its NUL; autobind has no name
	 * at all. */
	sa->len = (socklen_t)(UNIX_HEAD + skip + len + (path && !name));
	return true;
}

static void show_unix(struct pool *pool, const struct sockaddr_any *sa, struct endpoint *end)
{
	const struct sockaddr_un *un = (const struct sockaddr_un *)&sa->room;
	size_t len = sa->len > UNIX_HEAD ? sa->len - UNIX_HEAD : 0;

	if (!len)
		return;
	if (un->sun_path[0])
		end->path = pool_strndup(pool, un->sun_path, strnlen(un->sun_path, len));
	else
		end->name = pool_strndup(pool, un->sun_path + 1, len - 1);
}

void sockaddr_show(struct pool *pool, const struct sockaddr_any *sa, struct endpoint *end)
{
	const struct sockaddr_in *in4 = (const struct sockaddr_in *)&sa->room;
	const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)&sa->room;
	char text[INET6_ADDRSTRLEN];

	memset(end, 0, sizeof(*end));
	if (sa->len < sizeof(sa->any.sa_family))
		return;
	if (sa->any.sa_family == AF_UNIX) {
		show_unix(pool, sa, end);
	} else if (sa->any.sa_family == AF_INET) {
		end->address = pool_strdup(pool, inet_ntop(AF_INET, &in4->sin_addr, text,
							   sizeof(text)));
		end->port = ntohs(in4->sin_port);
	} else if (sa->any.sa_family == AF_INET6) {
		end->address = pool_strdup(pool, inet_ntop(AF_INET6, &in6->sin6_addr, text,
							   sizeof(text)));
		end->port = ntohs(in6->sin6_port);
	}
}

int sockaddr_of(int fd, bool peer, struct sockaddr_any *sa)
{
	int rc;

	memset(sa, 0, sizeof(*sa));
	sa->len = sizeof(sa->room);
	rc = peer ? getpeername(fd, &sa->any, &sa->len) : getsockname(fd, &sa->any, &sa->len);
	return rc < 0 ? -errno : 0;
}

static int wait_ms(struct op_ctx *ctx, int64_t patience_ns)
{
	int left = op_left_ms(ctx);
	int64_t patience_ms = (patience_ns + 999999) / 1000000;

	return patience_ns < 0 || patience_ms > left ? left : (int)patience_ms;
}

/*
 * The limit is set as the socket's send timeout, which connect(2) obeys, and removed afterwards:
 * O_NONBLOCK would affect every process that holds the socket.
 */
int sock_connect_within(struct op_ctx *ctx, int fd, const struct sockaddr_any *sa,
			int64_t patience_ns, bool *connected)
{
	int ms = wait_ms(ctx, patience_ns), rc;
	struct timeval limit = { ms / 1000, ms % 1000 * 1000 + 1 }, none = { 0, 0 };
	bool late;

	if (setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit)) < 0)
		return op_broken(ctx, "SO_SNDTIMEO: %m");
	rc = connect(fd, &sa->any, sa->len) < 0 ? -errno : 0;
	if (setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &none, sizeof(none)) < 0)
		return op_broken(ctx, "SO_SNDTIMEO: %m");
	late = rc == -EINPROGRESS || (rc == -EAGAIN && sa->any.sa_family == AF_UNIX);
	*connected = rc == 0;
	if (rc == -EINTR)
		return op_broken(ctx, "connect was interrupted");
	if (late && patience_ns < 0)
		return op_timed_out(ctx, "no answer to connect");
	return late ? 0 : rc;
}

int sock_await(struct op_ctx *ctx, int fd, int64_t patience_ns)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	int rc = poll(&p, 1, wait_ms(ctx, patience_ns));

	if (rc < 0)
		return op_broken(ctx, "poll socket: %m");
	if (rc == 0 && patience_ns < 0)
		return op_timed_out(ctx, "nothing came for the socket");
	return rc;
}

int sock_dup(struct op_ctx *ctx, int fd)
{
	int copy = fcntl(fd, F_DUPFD_CLOEXEC, 3);

	return copy < 0 ? op_broken(ctx, "duplicate descriptor: %m") : copy;
}
