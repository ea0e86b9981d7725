// SPDX-License-Identifier: GPL-2.0-only
/* What a process that is being made cannot tell its parent, the parent is told, with the error. */
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../lib/agent/birth.h"
#include "nsc/op.h"
#include "nsc/wire.h"
#include "tap.h"

enum { NO_DESCRIPTOR = 9999 };

/* What the child tells with V under "born", and how it ends. */
static const struct value *told(struct pool *pool, struct value *v, int *status)
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
		struct op_ctx ctx = { .pool = pool };
		const struct birth b = { .ctx = &ctx, .child_end = pair[1] };

		birth_tell(&b, "born", v);
		_exit(0);
	}
	close(pair[1]);
	if (wire_recv(pair[0], pool, &seq, &msg, &fds) != 1)
		msg = value_map(pool);
	wire_fds_close(&fds);
	waitpid(pid, status, 0);
	close(pair[0]);
	return msg;
}

int main(void)
{
	AUTO_POOL pool = { 0 };
	int status;
	const struct value *msg = told(&pool, value_fd(&pool, 0), &status);

	ok(value_get(msg, "born") && status == 0, "a descriptor is told");
	msg = told(&pool, value_fd(&pool, NO_DESCRIPTOR), &status);
	ok(value_is(value_get(msg, "failed"), "tell the parent \"born\": Bad file descriptor"),
	   "one that cannot be: %s", value_show(&pool, msg));
	ok(WIFEXITED(status) && WEXITSTATUS(status) == 1, "and it ends");
	return done();
}
