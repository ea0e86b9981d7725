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

#define MESSAGE_MAX 65536
#define FDS_MAX 16

static const struct symbol types[] = {
	{ "stream", SOCK_STREAM, NULL },
	{ "dgram", SOCK_DGRAM, NULL },
	{ "seqpacket", SOCK_SEQPACKET, NULL },
	{ 0 }
};

/* Parameters of all ops that name a socket: by `name`, by `path`, or by neither (autobind). */
struct unix_in {
	int fd;
	const char *name, *path;
	int64_t type, patience;
};

#define FIELD_SOCKET \
	F_FD(struct unix_in, fd, OPTIONAL, "socket; without it one is opened as `type` says")
#define FIELD_TYPE \
	F_ENUM_DEF(struct unix_in, type, SOCK_STREAM, types, "type of a socket to open")
#define FIELD_PATIENCE \
	F_PATIENCE(struct unix_in, patience, PATIENCE_UNSET, "when to give up with " \
		   "`connected: false`; default: the step's deadline, then broken")

static const struct field bind_in_fields[] = {
	FIELD_SOCKET,
	F_STR(struct unix_in, name, OPTIONAL, "abstract name; without it the kernel chooses one"),
	FIELD_TYPE,
	F_END
};

static const struct field bind_path_in_fields[] = {
	FIELD_SOCKET,
	F_STR(struct unix_in, path, REQUIRED, "path to create"),
	FIELD_TYPE,
	F_END
};

static const struct field connect_in_fields[] = {
	FIELD_SOCKET,
	F_STR(struct unix_in, name, REQUIRED, "abstract name without its leading NUL"),
	FIELD_TYPE,
	FIELD_PATIENCE,
	F_END
};

static const struct field connect_path_in_fields[] = {
	FIELD_SOCKET,
	F_STR(struct unix_in, path, REQUIRED, "path of the socket"),
	FIELD_TYPE,
	FIELD_PATIENCE,
	F_END
};

struct bind_out {
	int fd;
	const char *name;
	int64_t inode;
};

static const struct field bind_out_fields[] = {
	F_FD(struct bind_out, fd, REQUIRED, "the socket"),
	F_STR(struct bind_out, name, OPTIONAL, "its abstract name without the leading NUL"),
	F_INT(struct bind_out, inode, REQUIRED, 0, 0, "its inode number, as /proc/net/unix has it"),
	F_END
};

/* The socket of IN and the address it names: a descriptor, or OP_BROKEN. */
static int take_socket(struct op_ctx *ctx, const struct unix_in *in, struct sockaddr_any *sa)
{
	int fd;

	if (!sockaddr_unix(in->name, in->path, sa))
		return op_broken(ctx, "name too long: %s", in->name ? in->name : in->path);
	if (in->fd >= 0)
		return sock_dup(ctx, in->fd);
	fd = socket(AF_UNIX, (int)in->type | SOCK_CLOEXEC, 0);
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

static int bind_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct unix_in *in = params;
	struct sockaddr_any sa;
	AUTO_FD fd = take_socket(ctx, in, &sa);

	if (fd == OP_BROKEN)
		return OP_BROKEN;
	if (bind(fd, &sa.any, sa.len) < 0)
		return -errno;
	return bound(ctx, &fd, results);
}

static int listen_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct unix_in *in = params;
	struct sockaddr_any sa;
	AUTO_FD fd = take_socket(ctx, in, &sa);

	if (fd == OP_BROKEN)
		return OP_BROKEN;
	if (bind(fd, &sa.any, sa.len) < 0 || listen(fd, 16) < 0)
		return -errno;
	return bound(ctx, &fd, results);
}

struct connect_out {
	int fd;
	bool connected;
};

static const struct field connect_out_fields[] = {
	F_FD(struct connect_out, fd, REQUIRED, "the socket"),
	F_BOOL(struct connect_out, connected, "false: no room in the listener's queue in time"),
	F_END
};

static int connect_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct unix_in *in = params;
	struct connect_out *out = results;
	struct sockaddr_any sa;
	AUTO_FD fd = take_socket(ctx, in, &sa);
	int rc;

	if (fd == OP_BROKEN)
		return OP_BROKEN;
	rc = sock_connect_within(ctx, fd, &sa, in->patience, &out->connected);
	if (!rc)
		out->fd = fd_take(&fd);
	return rc;
}

struct send_in {
	int fd;
	const char *data, *name, *path;
	struct fds fds;
	int64_t pid, uid, gid;
};

#define FIELDS_SEND \
	F_FD(struct send_in, fd, REQUIRED, "socket"), \
	F_STR_DEF(struct send_in, data, "x", "text to send"), \
	F_FDS(struct send_in, fds, OPTIONAL, "descriptors to pass along (SCM_RIGHTS)"), \
	F_INT_DEF(struct send_in, pid, -1, -1, INT32_MAX, "process id to claim in credentials"), \
	F_INT(struct send_in, uid, OPTIONAL, 0, UINT32_MAX, "with `pid`: user id to claim"), \
	F_INT(struct send_in, gid, OPTIONAL, 0, UINT32_MAX, "with `pid`: group id to claim")

static const struct field send_in_fields[] = {
	FIELDS_SEND,
	F_STR(struct send_in, name, OPTIONAL, "abstract name to send to, unless connected"),
	F_END
};

static const struct field send_path_in_fields[] = {
	FIELDS_SEND,
	F_STR(struct send_in, path, REQUIRED, "path to send to"),
	F_END
};

struct send_out {
	int64_t size;
};

static const struct field send_out_fields[] = {
	F_INT(struct send_out, size, REQUIRED, 0, 0, "bytes sent"),
	F_END
};

union ancillary {
	char room[CMSG_SPACE(sizeof(int) * FDS_MAX) + CMSG_SPACE(sizeof(struct ucred))];
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

static int send_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct send_in *in = params;
	struct send_out *out = results;
	struct ucred cred = { (pid_t)in->pid, (uid_t)in->uid, (gid_t)in->gid };
	struct iovec iov = { (void *)in->data, strlen(in->data) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	union ancillary anc = { .room = "" };
	struct sockaddr_any sa;
	ssize_t n;

	if (in->fds.n > FDS_MAX || !sockaddr_unix(in->name, in->path, &sa))
		return op_broken(ctx, "too many descriptors, or the name is too long");
	if (in->name || in->path) {
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

struct recv_in {
	int fd;
	int64_t patience;
};

static const struct field recv_in_fields[] = {
	F_FD(struct recv_in, fd, REQUIRED, "socket; credentials need its option `passcred`"),
	F_PATIENCE(struct recv_in, patience, PATIENCE_UNSET,
		   "when to give up with EAGAIN; default: the step's deadline, then broken"),
	F_END
};

struct recv_out {
	const char *data, *name, *path;
	int64_t size, pid, uid, gid, passed;
	int fd;
};

static const struct field recv_out_fields[] = {
	F_STR(struct recv_out, data, REQUIRED, "the message up to its first NUL"),
	F_INT(struct recv_out, size, REQUIRED, 0, 0, "its bytes; 0 at the end of a stream"),
	F_STR(struct recv_out, name, OPTIONAL, "abstract name of the sender"),
	F_STR(struct recv_out, path, OPTIONAL, "path of the sender"),
	F_FD(struct recv_out, fd, OPTIONAL, "first descriptor passed along"),
	F_INT(struct recv_out, passed, REQUIRED, 0, 0, "number of descriptors passed along"),
	F_INT(struct recv_out, pid, OPTIONAL, 0, 0, "sender's process id; -1 without credentials"),
	F_INT(struct recv_out, uid, OPTIONAL, 0, 0, "sender's user id; -1 without credentials"),
	F_INT(struct recv_out, gid, OPTIONAL, 0, 0, "sender's group id; -1 without credentials"),
	F_END
};

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
		}
	}
}

static int recv_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct recv_in *in = params;
	struct recv_out *out = results;
	char *room = pool_alloc(ctx->pool, MESSAGE_MAX + 1);
	struct iovec iov = { room, MESSAGE_MAX };
	struct sockaddr_any sa = { .len = 0 };
	union ancillary anc;
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = anc.room,
			      .msg_controllen = sizeof(anc.room), .msg_name = &sa.any,
			      .msg_namelen = sizeof(sa.room) };
	struct endpoint end;
	ssize_t n;

	if (sock_await(ctx, in->fd, in->patience) == OP_BROKEN)
		return OP_BROKEN;
	n = recvmsg(in->fd, &msg, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	if (n < 0)
		return -errno;
	out->fd = -1;
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

struct peer_in {
	int fd;
};

static const struct field peer_in_fields[] = {
	F_FD(struct peer_in, fd, REQUIRED, "connected unix socket"),
	F_END
};

struct peer_out {
	int64_t pid, uid, gid;
};

static const struct field peer_out_fields[] = {
	F_INT(struct peer_out, pid, REQUIRED, 0, 0, "peer's process id; 0 if it is not visible"),
	F_INT(struct peer_out, uid, REQUIRED, 0, 0, "peer's user id, as the caller sees it"),
	F_INT(struct peer_out, gid, REQUIRED, 0, 0, "peer's group id, as the caller sees it"),
	F_END
};

static int peer_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct peer_in *in = params;
	struct peer_out *out = results;
	struct ucred cred;
	socklen_t len = sizeof(cred);

	(void)ctx;
	if (getsockopt(in->fd, SOL_SOCKET, SO_PEERCRED, &cred, &len) < 0)
		return -errno;
	out->pid = cred.pid;
	out->uid = cred.uid;
	out->gid = cred.gid;
	return 0;
}

#define UNIX_OP(name_, doc_, source_, in_, out_, touches_, mutates_, run_) \
	{ .name = name_, .doc = doc_, .source = source_, .in = in_##_in_fields, \
	  .in_size = sizeof(struct unix_in), OP_OUT(out_), .touches = touches_, \
	  .mutates = mutates_, .run = run_ }
#define FILES (NSM_NET | NSM_MNT)

const struct op unixsock_ops[] = {
	UNIX_OP("unix.bind", "Bind a unix socket to an abstract name.", "unix(7)",
		bind, bind, NSM_NET, NSM_NET, bind_run),
	UNIX_OP("unix.bind_path", "Bind a unix socket to a path.", "unix(7)",
		bind_path, bind, FILES, NSM_MNT, bind_run),
	UNIX_OP("unix.listen", "Listen at an abstract name.", "unix(7)",
		bind, bind, NSM_NET, NSM_NET, listen_run),
	UNIX_OP("unix.listen_path", "Listen at a path.", "unix(7)",
		bind_path, bind, FILES, NSM_MNT, listen_run),
	UNIX_OP("unix.connect", "Connect to an abstract name.", "unix(7)",
		connect, connect, NSM_NET, NSM_NET, connect_run),
	UNIX_OP("unix.connect_path", "Connect to the socket at a path.", "unix(7)",
		connect_path, connect, FILES, NSM_MNT, connect_run),
	{
		.name = "unix.send",
		.doc = "Send a message, with descriptors or credentials, without waiting.",
		.source = "unix(7)",
		OP_IN(send), OP_OUT(send),
		.touches = NSM_NET,
		.run = send_run,
	},
	{
		.name = "unix.send_path",
		.doc = "Send a message to the socket at a path, without waiting.",
		.source = "unix(7)",
		.in = send_path_in_fields, .in_size = sizeof(struct send_in),
		OP_OUT(send),
		.touches = FILES, .mutates = NSM_MNT,
		.run = send_run,
	},
	{
		.name = "unix.recv",
		.doc = "Receive a message with its sender, descriptors and credentials.",
		.source = "unix(7)",
		OP_IN(recv), OP_OUT(recv),
		.touches = NSM_NET,
		.run = recv_run,
	},
	{
		.name = "unix.peer",
		.doc = "Tell the credentials of the peer as they were when it connected.",
		.source = "unix(7) SO_PEERCRED",
		OP_IN(peer), OP_OUT(peer),
		.touches = NSM_NET,
		.run = peer_run,
	},
	{ 0 }
};
