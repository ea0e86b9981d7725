// SPDX-License-Identifier: GPL-2.0-only
/*
 * User namespaces one inside the other, until the kernel refuses.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "nsc/op.h"
#include "nsc/sys.h"

enum { BY_CLONE3, BY_UNSHARE };

static const struct symbol by_symbols[] = {
	{ "clone3", BY_CLONE3, "each level's process makes the next one" },
	{ "unshare", BY_UNSHARE, "one process goes down by unshare" },
	{ 0 }
};

#define NEST_IN(F, S) \
	F(S, ENUM, by, OPTIONAL, by_symbols, "how levels are made") \
	F(S, INT_DEF, levels, 40, 1, 64, "levels to try, at most")
FIELDS(nest_in, NEST_IN);

#define NEST_OUT(F, S) \
	F(S, INT, levels, REQUIRED, 0, 0, "levels that could be made") \
	F(S, ERRNO, error, "why the next one could not, 0 if all could")
FIELDS(nest_out, NEST_OUT);

/* How far it got; told once, over a pipe. */
struct depth {
	int64_t levels;
	int error;	/* of the creation that was refused */
	int broken;	/* errno of what failed besides */
};

static int map_to_zero(uid_t uid, gid_t gid)
{
	AUTO_POOL pool = { 0 };
	int rc = sys_write_file("/proc/self/setgroups", "deny");

	if (rc == 0)
		rc = sys_write_file("/proc/self/uid_map", pool_printf(&pool, "0 %u 1", uid));
	if (rc == 0)
		rc = sys_write_file("/proc/self/gid_map", pool_printf(&pool, "0 %u 1", gid));
	return rc;
}

static void tell(int report, const struct depth *d) __attribute__((noreturn));
static void tell(int report, const struct depth *d)
{
	_exit(write(report, d, sizeof(*d)) == sizeof(*d) ? 0 : 1);
}

/* Go one level down; returns in the process that is there. */
static void descend(int64_t by, int report, struct depth *d)
{
	struct clone_request req = { .flags = CLONE_NEWUSER, .exit_signal = SIGCHLD };
	uid_t uid = geteuid();
	gid_t gid = getegid();
	pid_t pid = by == BY_UNSHARE ? (unshare(CLONE_NEWUSER) < 0 ? -errno : 0) : sys_clone3(&req);

	if (pid < 0) {
		d->error = -pid;
		tell(report, d);
	}
	if (pid > 0) {
		waitpid(pid, NULL, 0);
		_exit(0);
	}
	int rc = map_to_zero(uid, gid);

	if (rc < 0) {
		d->broken = -rc;
		tell(report, d);
	}
	d->levels++;
}

static void nest(const struct nest_in *in, int report) __attribute__((noreturn));
static void nest(const struct nest_in *in, int report)
{
	struct depth d = { 0 };

	while (d.levels < in->levels)
		descend(in->by, report, &d);
	tell(report, &d);
}

static int user_nest_run(struct op_ctx *ctx, const struct nest_in *in, struct nest_out *out)
{
	struct clone_request req = { .exit_signal = SIGCHLD };
	struct depth d = { 0 };
	int report[2];

	if (pipe2(report, O_CLOEXEC) < 0)
		return op_broken(ctx, "pipe: %m");
	pid_t pid = sys_clone3(&req);

	if (pid == 0)
		nest(in, report[1]);
	close(report[1]);
	AUTO_FD answer = report[0];

	if (pid < 0)
		return op_broken(ctx, "clone3: %s", strerror(-pid));
	ssize_t got = read(answer, &d, sizeof(d));

	waitpid(pid, NULL, 0);
	if (got != sizeof(d))
		return op_broken(ctx, "the nested process died without a word");
	if (d.broken)
		return op_broken(ctx, "map ids at level %lld: %s", (long long)d.levels + 1,
				 strerror(d.broken));
	out->levels = d.levels;
	out->error = d.error;
	return 0;
}
OP(user_nest, "user.nest", nest_in, nest_out,
	.doc = "Make user namespaces one inside the other, and see how many there can be.",
	.source = "user_namespaces(7)", .config = "USER_NS", .asks = "user");
