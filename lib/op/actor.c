// SPDX-License-Identifier: GPL-2.0-only
/*
 * Other actors in the caller's own terms: the kernel translates the credentials that each of them
 * has left in its credential socket (unix(7), SCM_CREDENTIALS).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "nsc/op.h"

/* The message stays in the socket: MSG_PEEK lets every actor read it in its own terms. */
static int read_cred_sock(const struct actor_ref *ref, struct ucred *creds)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(*creds))];
	char byte;
	struct iovec iov = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1,
			      .msg_control = control, .msg_controllen = sizeof(control) };

	if (ref->cred_sock < 0)
		return -EBADF;
	if (recvmsg(ref->cred_sock, &msg, MSG_PEEK | MSG_DONTWAIT) < 0)
		return -errno;
	struct cmsghdr *c = CMSG_FIRSTHDR(&msg);

	if (!c || c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_CREDENTIALS)
		return -ENOMSG;
	memcpy(creds, CMSG_DATA(c), sizeof(*creds));
	return 0;
}

pid_t actor_pid(const struct actor_ref *ref)
{
	struct ucred creds;
	int rc = read_cred_sock(ref, &creds);

	return rc < 0 ? rc : creds.pid;
}
