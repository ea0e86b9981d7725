// SPDX-License-Identifier: GPL-2.0-only
/* Values survive the wire, and the decoder survives everything. */
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "nsc/wire.h"
#include "tap.h"

static struct value *sample(struct pool *pool)
{
	struct value *map = value_map(pool), *list = value_list(pool);

	value_push(pool, list, value_int(pool, INT64_MIN));
	value_push(pool, list, value_strn(pool, "a\0b", 3));
	value_push(pool, list, value_bool(pool, true));
	value_push(pool, list, value_nil(pool));
	value_put(pool, map, "list", list);
	value_put(pool, map, "empty", value_map(pool));
	return map;
}

static void round_trip(struct pool *pool)
{
	unsigned char buf[512];
	struct wire_fds fds = { .n = 0 };
	struct value *v = sample(pool);
	int len = wire_encode(v, buf, sizeof(buf), &fds);
	struct value *back = wire_decode(pool, buf, len, &fds);

	ok(back && value_equal(v, back), "what is encoded is decoded");
	ok(wire_encode(v, buf, len - 1, &fds) == -1, "a buffer that is too small is noticed");
	for (int cut = 0; cut < len; cut++)
		if (wire_decode(pool, buf, cut, &fds))
			ok(false, "cut off at %d", cut);
	ok(true, "nothing that is cut off is decoded");
	ok(!wire_decode(pool, buf, len + 1, &fds), "nor what has a tail");
}

/* Any byte changed: either refused, or some value; never beyond the buffer (under ASan). */
static void fuzz(struct pool *pool)
{
	unsigned char buf[512], bad[512];
	struct wire_fds fds = { .n = 0 };
	int len = wire_encode(sample(pool), buf, sizeof(buf), &fds), decoded = 0;

	srand(1);
	for (int i = 0; i < 20000; i++) {
		memcpy(bad, buf, (size_t)len);
		for (int k = 0; k < 1 + i % 4; k++)
			bad[rand() % len] = (unsigned char)rand();
		decoded += wire_decode(pool, bad, len, &fds) != NULL;
		pool_reset(pool);
	}
	ok(decoded > 0 && decoded < 20000, "garbage is told from messages");
}

static void depth(struct pool *pool)
{
	unsigned char buf[1024];
	struct wire_fds fds = { .n = 0 };
	struct value *v = value_nil(pool);

	for (int i = 0; i < 40; i++) {
		struct value *list = value_list(pool);

		value_push(pool, list, v);
		v = list;
	}
	int len = wire_encode(v, buf, sizeof(buf), &fds);

	ok(!wire_decode(pool, buf, len, &fds), "depth is bounded");
}

static void descriptors(struct pool *pool)
{
	int pair[2], pipes[2];
	struct wire_fds fds;
	struct value *v;
	uint32_t seq;
	char byte = 0;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0 || pipe(pipes) < 0)
		exit(1);
	ok(wire_send(pair[0], 7, value_fd(pool, pipes[1])) == 0, "a descriptor is sent");
	ok(wire_recv(pair[1], pool, &seq, &v, &fds) == 1 && seq == 7 && v->type == VALUE_FD && fds.n == 1,
	   "and received");
	ok(write(v->fd, "x", 1) == 1 && read(pipes[0], &byte, 1) == 1 && byte == 'x', "and it is the same file");
	wire_fds_close(&fds);
	ok(wire_send(pair[0], 1, value_strn(pool, pool_alloc(pool, WIRE_MAX), WIRE_MAX)) == -EMSGSIZE,
	   "too large is said");
	ok(send(pair[0], "garbage!", 8, 0) == 8 && wire_recv(pair[1], pool, &seq, &v, &fds) == -EBADMSG,
	   "garbage is refused");
	close(pair[0]);
	ok(wire_recv(pair[1], pool, &seq, &v, &fds) == 0, "end of file");
	ok(wire_send(pair[1], 1, value_nil(pool)) == -EPIPE, "a peer that is gone");
}

int main(void)
{
	AUTO_POOL pool = { 0 };

	round_trip(&pool);
	depth(&pool);
	descriptors(&pool);
	fuzz(&pool);
	return done();
}
