/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Socket addresses as scenarios write them: an IP address with a port, and the name of a
 * unix socket, which is either a path or an abstract name (written without its leading NUL).
 */
#ifndef NSC_SOCKADDR_H
#define NSC_SOCKADDR_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "nsc/op.h"
#include "nsc/pool.h"

/* How long a blocking op waits when the scenario does not say: until the step's deadline. */
#define PATIENCE_UNSET INT64_C(-1)

struct sockaddr_any {
	union {
		struct sockaddr any;
		struct sockaddr_storage room;
	};
	socklen_t len;
};

/* What a socket address says, in the scenario's terms. */
struct endpoint {
	const char *address; /* IP address, or NULL */
	int64_t port;
	const char *name; /* abstract unix name without its NUL, or NULL */
	const char *path; /* unix path, or NULL */
};

/* ADDRESS is an IPv4 or IPv6 address without a prefix length; false when it is none. */
bool sockaddr_inet(const char *address, int64_t port, struct sockaddr_any *sa);
/* NAME (abstract) or PATH, the other NULL; both NULL asks for autobind. False when too long. */
bool sockaddr_unix(const char *name, const char *path, struct sockaddr_any *sa);
/* Texts in POOL; members that do not apply stay NULL and 0. */
void sockaddr_show(struct pool *pool, const struct sockaddr_any *sa, struct endpoint *end);
/* Own (or the peer's) address of FD; 0, or -errno. */
int sockaddr_of(int fd, bool peer, struct sockaddr_any *sa);

/*
 * connect(2) that gives up after PATIENCE_NS: sets *CONNECTED to false then, or answers
 * ETIMEDOUT if the scenario did not say how long to wait.  0, -errno or OP_BROKEN.
 */
int sock_connect_within(struct op_ctx *ctx, int fd, const struct sockaddr_any *sa,
			int64_t patience_ns, bool *connected);
/* Wait until FD is readable: 1 readable, 0 patience over; -ETIMEDOUT at the step's deadline where
 * the scenario gave no patience; or OP_BROKEN. */
int sock_await(struct op_ctx *ctx, int fd, int64_t patience_ns);

/* A second descriptor for FD, CLOEXEC; or OP_BROKEN. */
int sock_dup(struct op_ctx *ctx, int fd);

#endif
