// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a process that is being made cannot tell its parent, the parent is told, with the error; and
 * who answers itself tells the runner what the parent would.
 */
#include <errno.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../lib/agent/birth.h"
#include "nsc/op.h"
#include "nsc/wire.h"
#include "tap.h"

enum { NO_DESCRIPTOR = 9999 };

/* What comes of a child that does WHAT, with V, and how it ends; beside a parent or without one. */
static const struct value *told(struct pool *pool, bool parent, struct value *v, int *status,
				void (*what)(struct birth *b, struct value *v))
{
	int pair[2];
	uint32_t seq;
	struct value *msg = NULL;
	struct wire_fds fds;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		_exit(1);
	fflush(stdout);
	pid_t pid = fork();

	if (!pid) {
		struct op_ctx ctx = { .pool = pool, .seq = 7 };
		struct agent agent = { .channel = pair[1] };
		struct birth b = { .ctx = &ctx, .agent = &agent, .self = -1,
				   .child_end = parent ? pair[1] : -1 };

		what(&b, v);
		_exit(0);
	}
	close(pair[1]);
	if (wire_recv(pair[0], pool, &seq, &msg, &fds) != 1 || seq != (parent ? 0 : 7))
		msg = value_map(pool);
	wire_fds_close(&fds);
	waitpid(pid, status, 0);
	close(pair[0]);
	return msg;
}

static void be_born(struct birth *b, struct value *v)
{
	birth_tell(b, "born", v);
}

static void be_done(struct birth *b, struct value *v)
{
	birth_open_self(b);
	birth_tell(b, "done", v);
}

static void be_refused(struct birth *b, struct value *v)
{
	errno = EPERM;
	birth_refused(b, VIA_CLONE3, 0, "write %s", value_text(v));
}

static void fail(struct birth *b, struct value *v)
{
	errno = ENOENT;
	birth_fail(b, "open %s", value_text(v));
}

int main(void)
{
	AUTO_POOL pool = { 0 };
	int status;
	const struct value *msg = told(&pool, true, value_fd(&pool, 0), &status, be_born);

	ok(value_get(msg, "born") && status == 0, "a descriptor is told");
	msg = told(&pool, true, value_fd(&pool, NO_DESCRIPTOR), &status, be_born);
	ok(value_is(value_get(msg, "failed"), "tell the parent \"born\": Bad file descriptor"),
	   "one that cannot be: %s", value_show(&pool, msg));
	ok(WIFEXITED(status) && WEXITSTATUS(status) == 1, "and it ends");

	msg = told(&pool, false, value_bool(&pool, true), &status, be_done);
	const struct value *out = value_get(msg, "out"), *error = value_get(msg, "errno");

	ok(out && value_get(out, "pidfd") && error && error->i == 0 && status == 0,
	   "an actor that answers itself: its pidfd: %s", value_show(&pool, msg));
	msg = told(&pool, false, value_str(&pool, "uid_map"), &status, be_refused);
	error = value_get(msg, "errno");
	ok(error && error->i == EPERM && !value_get(msg, "broken") &&
	   value_is(value_get(msg, "why"), "write uid_map: Operation not permitted"),
	   "one that is refused: the error, and of what: %s", value_show(&pool, msg));
	msg = told(&pool, false, value_str(&pool, "/proc"), &status, fail);
	ok(value_is(value_get(msg, "broken"), "open /proc: No such file or directory") &&
	   !value_get(msg, "errno"), "one that failed is broken: %s", value_show(&pool, msg));
	return done();
}
