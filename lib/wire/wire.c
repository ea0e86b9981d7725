// SPDX-License-Identifier: GPL-2.0-only
/*
 * Values as bytes, and messages.  The decoder trusts nothing: every length is checked
 * against what is left, depth is bounded.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "nsc/wire.h"

/* Nearly all messages are SMALL, and a new process pays for each page of stack that it touches. */
enum { DEPTH_MAX = 16, SMALL = 1024 };

struct writer {
	unsigned char *at, *end;
	struct wire_fds *fds;
};

static bool put(struct writer *w, const void *data, size_t len)
{
	if ((size_t)(w->end - w->at) < len)
		return false;
	memcpy(w->at, data, len);
	w->at += len;
	return true;
}

static bool put_u32(struct writer *w, size_t n)
{
	uint32_t u = (uint32_t)n;

	return put(w, &u, sizeof(u));
}

static bool put_fd(struct writer *w, int fd)
{
	if (w->fds->n == WIRE_FDS)
		return false;
	w->fds->v[w->fds->n++] = fd;
	return put_u32(w, (size_t)w->fds->n - 1);
}

static bool encode(struct writer *w, const struct value *v)
{
	unsigned char type = (unsigned char)v->type;

	if (!put(w, &type, 1))
		return false;
	switch (v->type) {
	case VALUE_NIL:
		return true;
	case VALUE_BOOL:
		return put(w, &v->b, 1);
	case VALUE_INT:
		return put(w, &v->i, sizeof(v->i));
	case VALUE_FD:
		return put_fd(w, v->fd);
	case VALUE_STR:
		return put_u32(w, v->str.len) && put(w, v->str.s, v->str.len);
	case VALUE_LIST:
	case VALUE_MAP:
		break;
	}
	if (!put_u32(w, v->list.n))
		return false;
	for (size_t i = 0; i < v->list.n; i++)
		if (!encode(w, v->list.items[i]))
			return false;
	return true;
}

int wire_encode(const struct value *v, unsigned char *buf, int size, struct wire_fds *fds)
{
	struct writer w = { .at = buf, .end = buf + size, .fds = fds };

	return encode(&w, v) ? (int)(w.at - buf) : -1;
}

struct reader {
	const unsigned char *at, *end;
	const struct wire_fds *fds;
	struct pool *pool;
};

static bool take(struct reader *r, void *data, size_t len)
{
	if ((size_t)(r->end - r->at) < len)
		return false;
	memcpy(data, r->at, len);
	r->at += len;
	return true;
}

static struct value *decode(struct reader *r, int depth);

static struct value *decode_items(struct reader *r, bool map, int depth)
{
	struct value *v = map ? value_map(r->pool) : value_list(r->pool);
	uint32_t n;

	/* Each item takes at least a byte: a count beyond that is a lie. */
	if (!take(r, &n, sizeof(n)) || n > (size_t)(r->end - r->at) || (map && n % 2))
		return NULL;
	for (uint32_t i = 0; i < n; i++) {
		struct value *item = decode(r, depth + 1);

		if (!item || (map && i % 2 == 0 && item->type != VALUE_STR))
			return NULL;
		value_push(r->pool, v, item);
	}
	return v;
}

static struct value *decode_str(struct reader *r)
{
	uint32_t len;

	if (!take(r, &len, sizeof(len)) || len > (size_t)(r->end - r->at))
		return NULL;
	struct value *v = value_strn(r->pool, (const char *)r->at, len);

	r->at += len;
	return v;
}

static struct value *decode_fd(struct reader *r)
{
	uint32_t index;

	if (!take(r, &index, sizeof(index)) || index >= (uint32_t)r->fds->n)
		return NULL;
	return value_fd(r->pool, r->fds->v[index]);
}

static struct value *decode(struct reader *r, int depth)
{
	unsigned char type, b;
	int64_t i;

	if (depth > DEPTH_MAX || !take(r, &type, 1))
		return NULL;
	switch ((enum value_type)type) {
	case VALUE_NIL:
		return value_nil(r->pool);
	case VALUE_BOOL:
		return take(r, &b, 1) && b < 2 ? value_bool(r->pool, b) : NULL;
	case VALUE_INT:
		return take(r, &i, sizeof(i)) ? value_int(r->pool, i) : NULL;
	case VALUE_STR:
		return decode_str(r);
	case VALUE_FD:
		return decode_fd(r);
	case VALUE_LIST:
		return decode_items(r, false, depth);
	case VALUE_MAP:
		return decode_items(r, true, depth);
	}
	return NULL;
}

struct value *wire_decode(struct pool *pool, const unsigned char *buf, int len,
			  const struct wire_fds *fds)
{
	struct reader r = { .at = buf, .end = buf + len, .fds = fds, .pool = pool };
	struct value *v = decode(&r, 0);

	return v && r.at == r.end ? v : NULL;
}

/* Encode into BUF and send; -EMSGSIZE when it does not fit. */
static int send_from(unsigned char *buf, int size, int sock, uint32_t seq, const struct value *v)
{
	struct wire_fds fds = { .n = 0 };
	int len = wire_encode(v, buf + sizeof(seq), size - (int)sizeof(seq), &fds);
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(fds.v))];

	if (len < 0)
		return -EMSGSIZE;
	memcpy(buf, &seq, sizeof(seq));
	struct iovec iov = { .iov_base = buf, .iov_len = (size_t)len + sizeof(seq) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };

	if (fds.n) {
		msg.msg_control = control;
		msg.msg_controllen = CMSG_SPACE(sizeof(int) * (size_t)fds.n);
		struct cmsghdr *c = CMSG_FIRSTHDR(&msg);

		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(sizeof(int) * (size_t)fds.n);
		memcpy(CMSG_DATA(c), fds.v, sizeof(int) * (size_t)fds.n);
	}
	ssize_t sent;

	do
		sent = sendmsg(sock, &msg, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	return sent < 0 ? -errno : 0;
}

static int __attribute__((noinline)) send_large(int sock, uint32_t seq, const struct value *v)
{
	unsigned char buf[WIRE_MAX];

	return send_from(buf, sizeof(buf), sock, seq, v);
}

int wire_send(int sock, uint32_t seq, const struct value *v)
{
	unsigned char buf[SMALL];
	int rc = send_from(buf, sizeof(buf), sock, seq, v);

	return rc == -EMSGSIZE ? send_large(sock, seq, v) : rc;
}

static void take_fds(struct msghdr *msg, struct wire_fds *fds)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		size_t n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);

		memcpy(fds->v + fds->n, CMSG_DATA(c), n * sizeof(int));
		fds->n += (int)n;
	}
}

/*
 * Where the rest of a large message goes.  Its pages are touched by large messages alone; a process
 * may have agents in several threads.
 */
static _Thread_local unsigned char rest[WIRE_MAX - SMALL];

int wire_recv(int sock, struct pool *pool, uint32_t *seq, struct value **v, struct wire_fds *fds)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(fds->v))];
	unsigned char small[SMALL], *buf = small;
	struct iovec iov[] = { { small, sizeof(small) }, { rest, sizeof(rest) } };
	struct msghdr msg = { .msg_iov = iov, .msg_iovlen = 2,
			      .msg_control = control, .msg_controllen = sizeof(control) };
	ssize_t len;

	fds->n = 0;
	do
		len = recvmsg(sock, &msg, MSG_CMSG_CLOEXEC);
	while (len < 0 && errno == EINTR);
	if (len <= 0)
		return len == 0 || errno == ECONNRESET ? 0 : -errno;
	take_fds(&msg, fds);
	if (len > SMALL) {
		buf = pool_alloc(pool, (size_t)len);
		memcpy(buf, small, SMALL);
		memcpy(buf + SMALL, rest, (size_t)len - SMALL);
	}
	if (len >= (ssize_t)sizeof(*seq) && !(msg.msg_flags & (MSG_TRUNC | MSG_CTRUNC))) {
		memcpy(seq, buf, sizeof(*seq));
		*v = wire_decode(pool, buf + sizeof(*seq), (int)(len - (ssize_t)sizeof(*seq)), fds);
		if (*v)
			return 1;
	}
	wire_fds_close(fds);
	return -EBADMSG;
}

void wire_fds_close(struct wire_fds *fds)
{
	for (int i = 0; i < fds->n; i++)
		close(fds->v[i]);
	fds->n = 0;
}
