// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unix sockets by abstract name, which belongs to the network namespace, and by path, which
 * belongs to the file system; hence each op twice.  Ancillary data: descriptors, credentials.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "nsc/op.h"
#include "nsc/sockaddr.h"
#include "nsc/sys.h"
#include "uapi/socket.h"

#define MESSAGE_MAX 65536
#define FDS_MAX 16
#define FILES (NSM_NET | NSM_MNT)

static const struct symbol types[] = {
	{ "stream", SOCK_STREAM, NULL },
	{ "dgram", SOCK_DGRAM, NULL },
	{ "seqpacket", SOCK_SEQPACKET, NULL },
	{ 0 }
};

/* A socket is named by `name`, by `path`, or by neither (autobind). */
#define SOCKET(F, S) \
	F(S, FD, fd, OPTIONAL, "socket; without it one is opened as `type` says")
#define TYPE(F, S) \
	F(S, ENUM_DEF, type, SOCK_STREAM, types, "type of a socket to open")
#define CONNECT_PATIENCE(F, S) \
	F(S, PATIENCE, patience, PATIENCE_UNSET, "when to give up with " \
	  "`connected: false`; default: the step's deadline, then ETIMEDOUT")

#define BIND_IN(F, S) \
	SOCKET(F, S) \
	F(S, STR, name, OPTIONAL, "abstract name; without it the kernel chooses one") \
	TYPE(F, S)
FIELDS(bind_in, BIND_IN);

#define BIND_PATH_IN(F, S) \
	SOCKET(F, S) \
	F(S, STR, path, REQUIRED, "path to create") \
	TYPE(F, S)
FIELDS(bind_path_in, BIND_PATH_IN);

#define CONNECT_IN(F, S) \
	SOCKET(F, S) \
	F(S, STR, name, REQUIRED, "abstract name without its leading NUL") \
	TYPE(F, S) \
	CONNECT_PATIENCE(F, S)
FIELDS(connect_in, CONNECT_IN);

#define CONNECT_PATH_IN(F, S) \
	SOCKET(F, S) \
	F(S, STR, path, REQUIRED, "path of the socket") \
	TYPE(F, S) \
	CONNECT_PATIENCE(F, S)
FIELDS(connect_path_in, CONNECT_PATH_IN);

#define BIND_OUT(F, S) \
	F(S, FD, fd, REQUIRED, "the socket") \
	F(S, STR, name, OPTIONAL, "its abstract name without the leading NUL") \
	F(S, INT, inode, REQUIRED, 0, 0, "its inode number, as /proc/net/unix has it")
FIELDS(bind_out, BIND_OUT);

/* The socket that GIVEN is, or a new one, and the address: a descriptor, or OP_BROKEN. */
static int take_socket(struct op_ctx *ctx, int given, int64_t type, const char *name,
		       const char *path, struct sockaddr_any *sa)
{
	int fd;

	if (!sockaddr_unix(name, path, sa))
		return op_broken(ctx, "name too long: %s", name ? name : path);
	if (given >= 0)
		return sock_dup(ctx, given);
	fd = socket(AF_UNIX, (int)type | SOCK_CLOEXEC, 0);
	return fd < 0 ? op_broken(ctx, "socket: %m") : fd;
}

static int bound(struct op_ctx *ctx, int *fd, struct bind_out *out)
{
	struct sockaddr_any sa;
	struct endpoint end;
	struct stat st;

	if (sockaddr_of(*fd, false, &sa) || fstat(*fd, &st) < 0)
		return op_broken(ctx, "cannot read the socket's name or inode");
	sockaddr_show(ctx->pool, &sa, &end);
	out->name = end.name;
	out->inode = (int64_t)st.st_ino;
	out->fd = fd_take(fd);
	return 0;
}

static int bind_at(struct op_ctx *ctx, int given, int64_t type, const char *name,
		   const char *path, bool listening, struct bind_out *out)
{
	struct sockaddr_any sa;
	AUTO_FD fd = take_socket(ctx, given, type, name, path, &sa);

	if (fd == OP_BROKEN)
		return OP_BROKEN;
	if (bind(fd, &sa.any, sa.len) < 0 || (listening && listen(fd, 16) < 0))
		return -errno;
	return bound(ctx, &fd, out);
}

static int unix_bind_run(struct op_ctx *ctx, const struct bind_in *in, struct bind_out *out)
{
	return bind_at(ctx, in->fd, in->type, in->name, NULL, false, out);
}
OP(unix_bind, "unix.bind", bind_in, bind_out,
	.doc = "Bind a unix socket to an abstract name.",
	.source = "unix(7)",
	.touches = NSM_NET, .mutates = NSM_NET);

static int unix_bind_path_run(struct op_ctx *ctx, const struct bind_path_in *in,
			      struct bind_out *out)
{
	return bind_at(ctx, in->fd, in->type, NULL, in->path, false, out);
}
OP(unix_bind_path, "unix.bind_path", bind_path_in, bind_out,
	.doc = "Bind a unix socket to a path.",
	.source = "unix(7)",
	.touches = FILES, .mutates = NSM_MNT);

static int unix_listen_run(struct op_ctx *ctx, const struct bind_in *in, struct bind_out *out)
{
	return bind_at(ctx, in->fd, in->type, in->name, NULL, true, out);
}
OP(unix_listen, "unix.listen", bind_in, bind_out,
	.doc = "Listen at an abstract name.",
	.source = "unix(7)",
	.touches = NSM_NET, .mutates = NSM_NET);

static int unix_listen_path_run(struct op_ctx *ctx, const struct bind_path_in *in,
				struct bind_out *out)
{
	return bind_at(ctx, in->fd, in->type, NULL, in->path, true, out);
}
OP(unix_listen_path, "unix.listen_path", bind_path_in, bind_out,
	.doc = "Listen at a path.",
	.source = "unix(7)",
	.touches = FILES, .mutates = NSM_MNT);

#define CONNECT_OUT(F, S) \
	F(S, FD, fd, REQUIRED, "the socket") \
	F(S, BOOL, connected, "false: no room in the listener's queue in time")
FIELDS(connect_out, CONNECT_OUT);

static int connect_to(struct op_ctx *ctx, int given, int64_t type, const char *name,
		      const char *path, int64_t patience, struct connect_out *out)
{
	struct sockaddr_any sa;
	AUTO_FD fd = take_socket(ctx, given, type, name, path, &sa);
	int rc;

	if (fd == OP_BROKEN)
		return OP_BROKEN;
	rc = sock_connect_within(ctx, fd, &sa, patience, &out->connected);
	if (!rc)
		out->fd = fd_take(&fd);
	return rc;
}

static int unix_connect_run(struct op_ctx *ctx, const struct connect_in *in,
			    struct connect_out *out)
{
	return connect_to(ctx, in->fd, in->type, in->name, NULL, in->patience, out);
}
OP(unix_connect, "unix.connect", connect_in, connect_out,
	.doc = "Connect to an abstract name.",
	.source = "unix(7)",
	.touches = NSM_NET, .mutates = NSM_NET);

static int unix_connect_path_run(struct op_ctx *ctx, const struct connect_path_in *in,
				 struct connect_out *out)
{
	return connect_to(ctx, in->fd, in->type, NULL, in->path, in->patience, out);
}
OP(unix_connect_path, "unix.connect_path", connect_path_in, connect_out,
	.doc = "Connect to the socket at a path.",
	.source = "unix(7)",
	.touches = FILES, .mutates = NSM_MNT);

#define SEND(F, S) \
	F(S, FD, fd, REQUIRED, "socket") \
	F(S, STR_DEF, data, "x", "text to send") \
	F(S, FDS, fds, OPTIONAL, "descriptors to pass along (SCM_RIGHTS)") \
	F(S, INT_DEF, pid, -1, -1, INT32_MAX, "process id to claim in credentials") \
	F(S, INT, uid, OPTIONAL, 0, UINT32_MAX, "with `pid`: user id to claim") \
	F(S, INT, gid, OPTIONAL, 0, UINT32_MAX, "with `pid`: group id to claim")

#define SEND_IN(F, S) \
	SEND(F, S) \
	F(S, STR, name, OPTIONAL, "abstract name to send to, unless connected")
FIELDS(send_in, SEND_IN);

#define SEND_PATH_IN(F, S) \
	SEND(F, S) \
	F(S, STR, path, REQUIRED, "path to send to")
FIELDS(send_path_in, SEND_PATH_IN);

#define SEND_OUT(F, S) \
	F(S, INT, size, REQUIRED, 0, 0, "bytes sent")
FIELDS(send_out, SEND_OUT);

union ancillary {
	char room[CMSG_SPACE(sizeof(int) * FDS_MAX) + CMSG_SPACE(sizeof(struct ucred)) +
		  CMSG_SPACE(sizeof(int))];
	struct cmsghdr align;
};

/* Append one control message behind the MSG->msg_controllen bytes already there. */
static void ancillary_put(struct msghdr *msg, union ancillary *anc, int type, const void *data,
			  size_t size)
{
	struct cmsghdr *c = (struct cmsghdr *)(anc->room + msg->msg_controllen);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = type;
	c->cmsg_len = CMSG_LEN(size);
	memcpy(CMSG_DATA(c), data, size);
	msg->msg_control = anc->room;
	msg->msg_controllen += CMSG_SPACE(size);
}

/* To the name of IN, or to PATH; neither is there where the socket is connected. */
static int send_to(struct op_ctx *ctx, const struct send_in *in, const char *path,
		   struct send_out *out)
{
	struct ucred cred = { (pid_t)in->pid, (uid_t)in->uid, (gid_t)in->gid };
	struct iovec iov = { (void *)in->data, strlen(in->data) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	union ancillary anc = { .room = "" };
	struct sockaddr_any sa;
	ssize_t n;

	if (in->fds.n > FDS_MAX || !sockaddr_unix(in->name, path, &sa))
		return op_broken(ctx, "too many descriptors, or the name is too long");
	if (in->name || path) {
		msg.msg_name = &sa.any;
		msg.msg_namelen = sa.len;
	}
	if (in->fds.n)
		ancillary_put(&msg, &anc, SCM_RIGHTS, in->fds.v, sizeof(int) * in->fds.n);
	if (in->pid >= 0)
		ancillary_put(&msg, &anc, SCM_CREDENTIALS, &cred, sizeof(cred));
	n = sendmsg(in->fd, &msg, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (n < 0)
		return -errno;
	out->size = n;
	return 0;
}

static int unix_send_run(struct op_ctx *ctx, const struct send_in *in, struct send_out *out)
{
	return send_to(ctx, in, NULL, out);
}
OP(unix_send, "unix.send", send_in, send_out,
	.doc = "Send a message, with descriptors or credentials, without waiting.",
	.source = "unix(7)",
	.touches = NSM_NET);

static int unix_send_path_run(struct op_ctx *ctx, const struct send_path_in *in,
			      struct send_out *out)
{
	const struct send_in plain = {
		.fd = in->fd, .data = in->data, .fds = in->fds,
		.pid = in->pid, .uid = in->uid, .gid = in->gid,
	};

	return send_to(ctx, &plain, in->path, out);
}
OP(unix_send_path, "unix.send_path", send_path_in, send_out,
	.doc = "Send a message to the socket at a path, without waiting.",
	.source = "unix(7)",
	.touches = FILES, .mutates = NSM_MNT);

#define RECV_IN(F, S) \
	F(S, FD, fd, REQUIRED, \
	  "socket; credentials need its option `passcred`, a pidfd `passpidfd`") \
	F(S, BOOL, peek, "leave the message there, for others, too (MSG_PEEK)") \
	F(S, PATIENCE, patience, PATIENCE_UNSET, \
	  "when to give up with EAGAIN; default: the step's deadline, then ETIMEDOUT")
FIELDS(recv_in, RECV_IN);

#define RECV_OUT(F, S) \
	F(S, STR, data, REQUIRED, "the message up to its first NUL") \
	F(S, INT, size, REQUIRED, 0, 0, "its bytes; 0 at the end of a stream") \
	F(S, STR, name, OPTIONAL, "abstract name of the sender") \
	F(S, STR, path, OPTIONAL, "path of the sender") \
	F(S, FD, fd, OPTIONAL, "first descriptor passed along") \
	F(S, TOTAL, passed, "number of descriptors passed along") \
	F(S, INT, pid, OPTIONAL, 0, 0, "sender's process id; -1 without credentials") \
	F(S, INT, uid, OPTIONAL, 0, 0, "sender's user id; -1 without credentials") \
	F(S, INT, gid, OPTIONAL, 0, 0, "sender's group id; -1 without credentials") \
	F(S, FD, pidfd, OPTIONAL, "sender, as SCM_PIDFD gives it (Linux 6.5)")
FIELDS(recv_out, RECV_OUT);

/* Keep the first descriptor, close the others. */
static void take_rights(const void *data, size_t size, struct recv_out *out)
{
	int fds[FDS_MAX];

	memcpy(fds, data, size);
	out->fd = fds[0];
	out->passed = (int64_t)(size / sizeof(int));
	for (int64_t i = 1; i < out->passed; i++)
		close(fds[i]);
}

static void ancillary_take(struct msghdr *msg, struct recv_out *out)
{
	struct ucred cred;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
		size_t size = c->cmsg_len - CMSG_LEN(0);

		if (c->cmsg_level != SOL_SOCKET)
			continue;
		if (c->cmsg_type == SCM_RIGHTS && size <= sizeof(int) * FDS_MAX) {
			take_rights(CMSG_DATA(c), size, out);
		} else if (c->cmsg_type == SCM_CREDENTIALS && size >= sizeof(cred)) {
			memcpy(&cred, CMSG_DATA(c), sizeof(cred));
			out->pid = cred.pid;
			out->uid = cred.uid;
			out->gid = cred.gid;
		} else if (c->cmsg_type == UAPI_SCM_PIDFD && size == sizeof(int)) {
			memcpy(&out->pidfd, CMSG_DATA(c), sizeof(int));
		}
	}
}

static int unix_recv_run(struct op_ctx *ctx, const struct recv_in *in, struct recv_out *out)
{
	char *room = pool_alloc(ctx->pool, MESSAGE_MAX + 1);
	struct iovec iov = { room, MESSAGE_MAX };
	struct sockaddr_any sa = { .len = 0 };
	union ancillary anc;
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = anc.room,
			      .msg_controllen = sizeof(anc.room), .msg_name = &sa.any,
			      .msg_namelen = sizeof(sa.room) };
	struct endpoint end;
	ssize_t n;

	int rc = sock_await(ctx, in->fd, in->patience);

	if (rc < 0)
		return rc;
	n = recvmsg(in->fd, &msg,
		    MSG_DONTWAIT | MSG_CMSG_CLOEXEC | (in->peek ? MSG_PEEK : 0));
	if (n < 0)
		return -errno;
	out->fd = out->pidfd = -1;
	out->pid = out->uid = out->gid = -1;
	ancillary_take(&msg, out);
	sa.len = msg.msg_namelen;
	sockaddr_show(ctx->pool, &sa, &end);
	out->data = room;
	out->size = n;
	out->name = end.name;
	out->path = end.path;
	return 0;
}
OP(unix_recv, "unix.recv", recv_in, recv_out,
	.doc = "Receive a message with its sender, descriptors and credentials.",
	.source = "unix(7)",
	.touches = NSM_NET);

#define PEER_IN(F, S) \
	F(S, FD, fd, REQUIRED, "connected unix socket")
FIELDS(peer_in, PEER_IN);

#define PEER_OUT(F, S) \
	F(S, INT, pid, REQUIRED, 0, 0, "peer's process id; 0 if it is not visible") \
	F(S, INT, uid, REQUIRED, 0, 0, "peer's user id, as the caller sees it") \
	F(S, INT, gid, REQUIRED, 0, 0, "peer's group id, as the caller sees it")
FIELDS(peer_out, PEER_OUT);

static int unix_peer_run(struct op_ctx *ctx, const struct peer_in *in, struct peer_out *out)
{
	struct ucred cred;
	socklen_t len = sizeof(cred);

	if (getsockopt(in->fd, SOL_SOCKET, SO_PEERCRED, &cred, &len) < 0)
		return -errno;
	out->pid = cred.pid;
	out->uid = cred.uid;
	out->gid = cred.gid;
	return 0;
}
OP(unix_peer, "unix.peer", peer_in, peer_out,
	.doc = "Tell the credentials of the peer as they were when it connected.",
	.source = "unix(7) SO_PEERCRED",
	.touches = NSM_NET);

#define PEER_GROUPS_OUT(F, S) \
	F(S, INTS, groups, REQUIRED, 0, 0, "groups as the caller sees them")
FIELDS(peer_groups_out, PEER_GROUPS_OUT);

enum { PEER_GROUPS_MAX = 256 };

static int unix_peer_groups_run(struct op_ctx *ctx, const struct peer_in *in,
				struct peer_groups_out *out)
{
	gid_t list[PEER_GROUPS_MAX];
	socklen_t len = sizeof(list);

	if (getsockopt(in->fd, SOL_SOCKET, SO_PEERGROUPS, list, &len) < 0)
		return -errno;
	out->groups.n = len / sizeof(*list);
	out->groups.v = pool_array(ctx->pool, int64_t, out->groups.n);
	for (size_t i = 0; i < out->groups.n; i++)
		out->groups.v[i] = list[i];
	return 0;
}
OP(unix_peer_groups, "unix.peer_groups", peer_in, peer_groups_out,
	.doc = "Tell the supplementary groups of the peer as they were when it connected.",
	.source = "unix(7) SO_PEERGROUPS",
	.touches = NSM_NET);

