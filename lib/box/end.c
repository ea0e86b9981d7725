// SPDX-License-Identifier: GPL-2.0-only
/*
 * box.end: see what is left of a box after its processes have been told to exit.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include "../root/moat.h"
#include "nsc/op.h"
#include "nsc/patience.h"
#include "nsc/sys.h"
#include "launch.h"
#include "process.h"
#include "program.h"

/* How long processes of the runtime may outlive the box before they count as left behind. */
#define LINGER_NS 1500000000ll

/* Close connections that were not accepted: agents that wait for an answer there would keep the
 * box alive. */
static int64_t turn_away(int listener)
{
	int64_t n = 0;

	while (listener >= 0 && sys_wait_readable(listener, 0) == 1) {
		AUTO_FD conn = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

		if (conn < 0)
			break;
		n++;
	}
	return n;
}

/* Wait for the launcher's end: a third of the op's time by itself, a third after SIGKILL of the
 * box's process. */
static void see_launcher_end(struct op_ctx *ctx, const struct end_in *in, struct end_out *out)
{
	struct program launcher = {
		.pidfd = in->launcher < 0 ? -1 : fcntl(in->launcher, F_DUPFD_CLOEXEC, 3),
		.status = fcntl(in->status, F_DUPFD_CLOEXEC, 3),
	};
	int64_t third = (op_deadline(ctx) - sys_now_ns()) / 3;

	out->code = program_wait(&launcher, sys_now_ns() + third);
	/* An actor that executed another program has closed its channel, and does not see its
	 * end of file. */
	if (out->code < 0 && in->actor.pidfd >= 0) {
		sys_pidfd_send_signal(in->actor.pidfd, SIGKILL, 0);
		out->code = program_wait(&launcher, sys_now_ns() + third);
	}
	out->ended = out->code >= 0;
	program_kill(&launcher);
}

/* Kill the daemons that were started for this box; each box has daemons of its own. */
static void end_daemons(const struct fds *pidfds)
{
	int64_t until = sys_now_ns() + patience(LINGER_NS);

	for (size_t i = 0; i < pidfds->n; i++)
		sys_pidfd_send_signal(pidfds->v[i], SIGKILL, 0);
	for (size_t i = 0; i < pidfds->n; i++)
		sys_wait_readable(pidfds->v[i], until);
}

static int clean_up(struct op_ctx *ctx, const struct end_in *in, int log)
{
	struct program_config config = { .environment = &in->environment, .log = log };

	for (size_t i = 0; in->cleanup && i < in->cleanup->list.n; i++) {
		const struct value *words = in->cleanup->list.items[i];
		struct strs argv = { .v = pool_array(ctx->pool, const char *, words->list.n + 1) };
		struct program p;

		for (size_t k = 0; k < words->list.n; k++)
			argv.v[argv.n++] = value_text(words->list.items[k]);
		int rc = program_start(ctx->pool, &argv, &config, &p);

		if (rc < 0)
			return op_broken(ctx, "fork: %s", strerror(-rc));
		/* The exit status of a cleanup command is ignored: what is left behind is looked
		 * at instead. */
		program_wait(&p, op_deadline(ctx));
		program_kill(&p);
	}
	return 0;
}

static bool was_there(struct pool *pool, const struct strs *was, const char *name)
{
	const char *line = pool_printf(pool, "process %s", name);

	for (size_t i = 0; i < was->n; i++)
		if (!strcmp(was->v[i], line))
			return true;
	return false;
}

/* A process that was not there before, watched until it ends; -1 when there is none. */
static int a_leftover(struct pool *pool, const struct strs *was)
{
	DIR *dir = opendir("/proc");
	int pidfd = -1;

	for (struct dirent *e; pidfd < 0 && dir && (e = readdir(dir));) {
		const char *name = *e->d_name >= '1' && *e->d_name <= '9' ?
			moat_process(pool, e->d_name) : NULL;

		if (name && strcmp(name, MOAT_CANARY) && !moat_own_process(pool, name, e->d_name) &&
		    !was_there(pool, was, name))
			pidfd = sys_pidfd_open(atoi(e->d_name), 0);
	}
	if (dir)
		closedir(dir);
	return pidfd < 0 ? -1 : pidfd;
}

static void linger(struct pool *pool, const struct strs *was)
{
	int64_t until = sys_now_ns() + patience(LINGER_NS);

	for (;;) {
		AUTO_FD pidfd = a_leftover(pool, was);

		if (pidfd < 0 || sys_wait_readable(pidfd, until) != 1)
			return;
	}
}

static int state_then(struct pool *pool, int fd, struct strs *state)
{
	char *text;
	size_t n = 0;
	int rc = lseek(fd, 0, SEEK_SET) < 0 ? -errno : sys_read_fd(pool, fd, 16 << 20, &text, NULL);

	if (rc < 0)
		return rc;
	for (const char *c = text; *c; c++)
		n += *c == '\n';
	*state = (struct strs){ .v = pool_array(pool, const char *, n + 1) };
	for (char *line; state->n < n && (line = strsep(&text, "\n"));)
		state->v[state->n++] = line;
	return 0;
}

/* Categories whose namespaces the scenario itself changed say nothing about the runtime. */
static const struct {
	const char *category;
	unsigned kind;
} categories[] = {
	{ "hostname ", NSM_UTS }, { "domainname ", NSM_UTS }, { "link ", NSM_NET },
	{ "sysctl net/", NSM_NET }, { "sysctl ", NSM_IPC },   { "mount ", NSM_MNT },
	{ "file ", NSM_MNT },	  { "cgroup ", NSM_CGROUP },  { "process ", NSM_PID },
};

static struct strs that_count(struct pool *pool, const struct strs *all, const struct end_in *in)
{
	struct strs v = { .v = pool_array(pool, const char *, all->n + 1) };

	for (size_t i = 0; i < all->n; i++) {
		bool counts = true;

		for (size_t k = 0; k < sizeof(categories) / sizeof(*categories); k++)
			counts &= !(in->except & categories[k].kind) ||
				  strncmp(all->v[i], categories[k].category,
					  strlen(categories[k].category)) != 0;
		counts &= !moat_tolerated(all->v[i], &in->tolerates);
		if (counts)
			v.v[v.n++] = all->v[i];
	}
	return v;
}

static int box_end_run(struct op_ctx *ctx, const struct end_in *in, struct end_out *out)
{
	AUTO_FD log = program_log();

	if (log < 0)
		return op_broken(ctx, "open a log: %m");
	out->agents = 1 + turn_away(in->listener);
	if (in->status >= 0)
		see_launcher_end(ctx, in, out);
	bool removed = in->removes && out->ended && out->code == 0;
	int rc = removed ? 0 : clean_up(ctx, in, log);

	if (rc)
		return rc;
	out->said = program_said(ctx->pool, log);
	if (in->before < 0) {
		end_daemons(&in->daemons);
		return 0;
	}
	struct strs was, is;

	rc = state_then(ctx->pool, in->before, &was);
	if (rc < 0)
		return op_broken(ctx, "read the moat's state before: %s", strerror(-rc));
	linger(ctx->pool, &was);
	const char *failed = moat_state(ctx->pool, NSM_ALL, &is);

	if (failed)
		return op_broken(ctx, "read the moat's state, %s: %m", failed);
	was = that_count(ctx->pool, &was, in);
	is = that_count(ctx->pool, &is, in);
	out->changes = moat_changes(ctx->pool, &was, &is);
	return 0;
}
OP(box_end, "box.end", end_in, end_out,
	.doc = "Wait for the end of the actor's box, and see what is left of it.",
	.source = "runtime.md, Delete",
	.flags = OP_INTERNAL | OP_MOAT | OP_UNBOXES);
