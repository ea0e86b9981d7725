// SPDX-License-Identifier: GPL-2.0-only
/*
 * box.launch: have a runtime build a box, and wait for the agent in it.
 *
 *   moat's PID 1 ─fork─► launcher (runc run ...) ─► ... ─► agent in the box
 *        │◄──────────────────── connects, says the nonce ────┘
 *        └─ place ─► agent; its connection becomes the actor's channel
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "../root/moat.h"
#include "nsc/agent.h"
#include "nsc/op.h"
#include "nsc/place.h"
#include "nsc/sys.h"
#include "nsc/text.h"
#include "nsc/wire.h"
#include "launch.h"
#include "process.h"
#include "program.h"
#include "root.h"

struct launch {
	struct op_ctx *ctx;
	const struct launch_in *in;
	struct launch_out *out;
	const char *channel; /* the socket's path */
	int listener, log;
	struct stat agent; /* the copy in the box's root directory, where this has made it */
	struct program launcher;
};

static int say(struct launch *l, int64_t state, int64_t code)
{
	l->out->state = state;
	l->out->code = code;
	l->out->said = program_said(l->ctx->pool, l->log);
	return 0;
}

static int write_files(struct launch *l)
{
	const struct value *files = l->in->files;

	for (size_t i = 0; files && i + 1 < files->list.n; i += 2) {
		const char *path = value_text(files->list.items[i]);
		const struct value *text = files->list.items[i + 1];
		AUTO_FD fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

		if (fd < 0 || write(fd, text->str.s, text->str.len) != (ssize_t)text->str.len)
			return op_broken(l->ctx, "write %s: %m", path);
	}
	return 0;
}

static int furnish(struct launch *l)
{
	struct pool *pool = l->ctx->pool;
	const struct box_root root = {
		.path = pool_printf(pool, MOAT_DIR "/%s%s", l->in->id,
				    l->in->directory ? "/bundle/rootfs" : ""),
		.bare = !l->in->directory, .share = "/work",
		.directories = l->in->directories, .image = l->in->image,
	};
	const char *failed = l->in->further ? NULL : box_root_make(pool, &root, &l->agent);

	return failed ? op_broken(l->ctx, "%s: %m", failed) : 0;
}

static int listen_for_agent(struct launch *l)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };

	l->channel = pool_printf(l->ctx->pool, MOAT_DIR "/%s%s" BOX_CHANNEL "/%s", l->in->id,
				 l->in->directory ? "/bundle/rootfs" : "", l->in->name);
	l->listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (l->listener < 0 || strlen(l->channel) >= sizeof(at.sun_path))
		return op_broken(l->ctx, "make the channel: %m");
	strcpy(at.sun_path, l->channel);
	if (bind(l->listener, (struct sockaddr *)&at, sizeof(at)) < 0 ||
	    chmod(l->channel, 0777) < 0 || listen(l->listener, 4) < 0)
		return op_broken(l->ctx, "listen at %s: %m", l->channel);
	return 0;
}

/* Programs before the launcher. */

static struct strs list_of(struct pool *pool, const struct value *v)
{
	struct strs s = { .v = pool_array(pool, const char *, v ? v->list.n + 1 : 1) };

	for (size_t i = 0; v && v->type == VALUE_LIST && i < v->list.n; i++)
		s.v[s.n++] = value_text(v->list.items[i]);
	return s;
}

static struct program_config config_of(const struct launch *l)
{
	return (struct program_config){ .environment = &l->in->environment, .log = l->log,
					.pass = &l->in->pass };
}

/* True when every command ended with status 0. */
static bool prepare(struct launch *l)
{
	const struct value *list = l->in->prepare;
	struct program_config config = config_of(l);

	for (size_t i = 0; list && i < list->list.n; i++) {
		struct strs argv = list_of(l->ctx->pool, list->list.items[i]);
		struct program p;
		int code = program_start(l->ctx->pool, &argv, &config, &p) < 0 ? -1 :
			program_wait(&p, op_deadline(l->ctx));

		program_kill(&p);
		if (code == 0)
			continue;
		say(l, code < 0 ? LAUNCH_SILENT : LAUNCH_REFUSED, code);
		return false;
	}
	return true;
}

static bool accepts(const char *path)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	AUTO_FD sock = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(to.sun_path, sizeof(to.sun_path), "%s", path);
	return sock >= 0 && connect(sock, (struct sockaddr *)&to, sizeof(to)) == 0;
}

/* No event tells that a socket listens: its daemon's death is waited for, in short turns. */
static bool await(struct launch *l, struct program *daemon, const char *ready)
{
	while (!accepts(ready)) {
		int64_t turn = sys_now_ns() + 5000000;

		if (sys_now_ns() >= op_deadline(l->ctx))
			return false;
		if (sys_wait_readable(daemon->status, turn) == 1)
			return false;
	}
	return true;
}

static bool start_daemons(struct launch *l)
{
	const struct value *list = l->in->daemons;
	struct program_config config = config_of(l);
	struct fds *kept = &l->out->daemons;

	kept->v = pool_array(l->ctx->pool, int, list ? list->list.n + 1 : 1);
	for (size_t i = 0; list && i < list->list.n; i++) {
		const struct value *d = list->list.items[i];
		struct strs argv = list_of(l->ctx->pool, value_get(d, "argv"));
		struct program p;

		if (program_start(l->ctx->pool, &argv, &config, &p) < 0 ||
		    !await(l, &p, value_text(value_get(d, "ready")))) {
			program_kill(&p);
			say(l, LAUNCH_REFUSED, -1);
			return false;
		}
		kept->v[kept->n++] = fd_take(&p.pidfd);
		fd_close(&p.status);
	}
	return true;
}

/* The agent's side. */

/* Accept a connection that sends the right nonce, or -1; *GARBAGE when another one was made. */
static int take_hello(struct launch *l, bool *garbage)
{
	AUTO_FD conn = accept4(l->listener, NULL, NULL, SOCK_CLOEXEC);
	struct wire_fds fds = { .n = 0 };
	struct value *hello;
	uint32_t seq;

	if (conn < 0 || sys_wait_readable(conn, op_deadline(l->ctx)) != 1)
		return -1;
	int rc = wire_recv(conn, l->ctx->pool, &seq, &hello, &fds);

	wire_fds_close(&fds);
	if (rc == 1 && value_is(value_get(hello, "hello"), l->in->nonce)) {
		const struct value *pid = value_get(hello, "pid");

		l->out->number = pid ? pid->i : 0;
		l->out->cwd = value_text(value_get(hello, "cwd"));
		l->out->cwd = l->out->cwd ? l->out->cwd : "";
		return fd_take(&conn);
	}
	*garbage = true;
	return -1;
}

/* The agent's connection, or -1 when the launch's outcome has been set. */
static int await_agent(struct launch *l)
{
	bool exited = false, garbage = false;

	for (;;) {
		struct pollfd p[] = {
			{ .fd = l->listener, .events = POLLIN },
			{ .fd = exited ? -1 : l->launcher.status, .events = POLLIN },
		};
		int n = poll(p, 2, exited && !l->in->detaches ? 0 : op_left_ms(l->ctx));
		int conn = n > 0 && p[0].revents ? take_hello(l, &garbage) : -1;

		if (conn >= 0)
			return conn;
		if (garbage) {
			say(l, LAUNCH_GARBAGE, 0);
			return -1;
		}
		if (n > 0 && p[1].revents) {
			l->out->code = program_wait(&l->launcher, op_deadline(l->ctx));
			exited = true;
		} else if (n <= 0) {
			say(l, exited ? LAUNCH_REFUSED : LAUNCH_SILENT, l->out->code);
			return -1;
		}
	}
}

static void tell_host(struct pool *pool, const struct agent *agent, struct value *msg)
{
	struct value *host = value_list(pool);

	for (int ns = 0; agent->host_known && ns < NS_COUNT; ns++) {
		value_push(pool, host, value_int(pool, (int64_t)agent->host[ns].dev));
		value_push(pool, host, value_int(pool, (int64_t)agent->host[ns].ino));
	}
	value_put(pool, msg, "host", host);
	value_put(pool, msg, "fenced", value_int(pool, agent->fenced));
}

/* Have the agent take its place: 1; 0 when it says nothing; -1, what it could not do in *WHY. */
static int settle(struct launch *l, int conn, const char **why)
{
	struct pool *pool = l->ctx->pool;
	struct value *msg = value_map(pool), *reply;
	struct wire_fds fds = { .n = 0 };
	uint32_t seq;

	value_put(pool, msg, "place", (struct value *)l->in->place);
	/* A box with a kernel of its own shares no namespace with the machine. */
	if (l->in->foreign)
		value_put(pool, msg, "fenced", value_int(pool, NSM_ALL));
	else
		tell_host(pool, l->ctx->agent, msg);
	value_put(pool, msg, "move", value_bool(pool, l->in->move));
	if (l->in->cred_sock >= 0)
		value_put(pool, msg, "cred_sock", value_fd(pool, l->in->cred_sock));
	if (wire_send(conn, 0, msg) < 0 || sys_wait_readable(conn, op_deadline(l->ctx)) != 1 ||
	    wire_recv(conn, pool, &seq, &reply, &fds) != 1)
		return 0;
	wire_fds_close(&fds);
	*why = value_text(value_get(reply, "failed"));
	return *why ? -1 : 1;
}

/* What a process has executed is not to be found out when it ends; it then says nothing more. */
static bool is_ending(pid_t pid)
{
	char path[32], first;

	snprintf(path, sizeof(path), "/proc/%d/exe", pid);
	return readlink(path, &first, 1) < 0 && (errno == ENOENT || errno == ESRCH);
}

/* Read the peer's credentials from the kernel; false when the peer is gone. */
static bool identify(struct launch *l, int conn)
{
	struct ucred creds;
	socklen_t len = sizeof(creds);

	if (getsockopt(conn, SOL_SOCKET, SO_PEERCRED, &creds, &len) < 0)
		return false;
	l->out->pid = creds.pid;
	l->out->pidfd = sys_pidfd_open(creds.pid, 0);
	if (l->out->pidfd < 0)
		return false;
	l->out->foreign = !moat_is_agent(creds.pid, &l->agent) && !is_ending(creds.pid);
	for (int ns = 0; ns < NS_COUNT; ns++) {
		struct stat theirs;
		struct ns_id ours;
		const char *path = pool_printf(l->ctx->pool, "/proc/%d/ns/%s", creds.pid,
					       ns_kinds[ns].name);

		if (ns_self(ns, &ours) == 0 && stat(path, &theirs) == 0 &&
		    !ns_same(&ours, &(struct ns_id){ theirs.st_dev, theirs.st_ino }))
			l->out->new |= NS_BIT(ns);
	}
	return true;
}

/* A tracer such as proot has its own loader executed, and answers for the kernel. */
static int say_foreign(struct launch *l)
{
	const char *tracer = moat_tracer(l->ctx->pool, l->out->pid);
	int rc = say(l, tracer ? LAUNCH_TRACED : LAUNCH_GARBAGE, 0);

	if (tracer)
		l->out->said = pool_printf(l->ctx->pool,
					   "(its system calls are seen first by %s) %s",
					   tracer, l->out->said);
	return rc;
}

/*
 * The runtime knows the nonce, so the nonce proves nothing; that the peer executes this program
 * does. In a box with a kernel of its own that cannot be seen.
 */
static int meet(struct launch *l, int conn, bool *met)
{
	const char *why = NULL;

	*met = false;
	if (!identify(l, conn))
		return say(l, LAUNCH_REFUSED, l->out->code);
	if (l->out->foreign && !l->in->foreign)
		return say_foreign(l);
	int rc = settle(l, conn, &why);

	if (rc < 0)
		return op_broken(l->ctx, "in the box: %s", why);
	*met = rc > 0;
	return *met ? 0 : say(l, LAUNCH_SILENT, 0);
}

static int keep_state(struct launch *l, struct strs *state)
{
	const char *failed = moat_state(l->ctx->pool, NSM_ALL, state);

	if (failed)
		return op_broken(l->ctx, "read the moat's state, %s: %m", failed);
	struct text text = { .pool = l->ctx->pool };
	int fd = memfd_create("state", MFD_CLOEXEC);

	for (size_t i = 0; i < state->n; i++)
		text_printf(&text, "%s\n", state->v[i]);
	if (fd >= 0 && write(fd, text.s, text.used) != (ssize_t)text.used)
		fd_close(&fd);
	l->out->before = fd;
	return fd < 0 ? op_broken(l->ctx, "keep the moat's state: %m") : 0;
}

/* While a box runs, it has processes, cgroups and files; everything else of its host must be as
 * before. */
#define WATCHED_DURING (NSM_UTS | NSM_NET | NSM_IPC)

static struct strs only_watched(struct pool *pool, const struct strs *all,
				const struct strs *tolerates)
{
	static const char *const prefixes[] = { "hostname ", "domainname ", "link ", "sysctl ",
						("process " MOAT_CANARY) };
	struct strs v = { .v = pool_array(pool, const char *, all->n + 1) };

	for (size_t i = 0; i < all->n; i++)
		for (size_t k = 0; k < sizeof(prefixes) / sizeof(*prefixes); k++)
			if (!strncmp(all->v[i], prefixes[k], strlen(prefixes[k])) &&
			    !moat_tolerated(all->v[i], tolerates))
				v.v[v.n++] = all->v[i];
	return v;
}

/* What the launcher is given, with the files that are to be opened for it at its end. */
static struct fds opened(struct launch *l)
{
	size_t room = l->in->pass.n + l->in->open.n;
	struct fds pass = { .v = pool_array(l->ctx->pool, int, room + 1) };

	for (size_t i = 0; i < l->in->pass.n; i++)
		pass.v[pass.n++] = l->in->pass.v[i];
	for (size_t i = 0; i < l->in->open.n; i++) {
		/* A file that cannot be opened is left out; the launcher then reports the
		 * missing descriptor. */
		int fd = open(l->in->open.v[i], O_RDONLY | O_CLOEXEC);

		if (fd >= 0)
			pass.v[pass.n++] = fd;
	}
	return pass;
}

static int run(struct launch *l)
{
	struct program_config config = config_of(l);
	struct strs before;
	/* Changes by daemons and prepare commands are not the launch's: the state is read after
	 * them. */
	if (!start_daemons(l) || !prepare(l))
		return 0;
	int rc = keep_state(l, &before);

	if (rc)
		return rc;
	struct fds pass = opened(l);

	config.with = l->in->with;
	config.pass = &pass;
	rc = program_start(l->ctx->pool, &l->in->command, &config, &l->launcher);
	for (size_t i = l->in->pass.n; i < pass.n; i++)
		close(pass.v[i]);
	if (rc < 0)
		return op_broken(l->ctx, "fork: %s", strerror(-rc));
	AUTO_FD conn = await_agent(l);
	bool met = false;

	if (conn >= 0)
		rc = meet(l, conn, &met);
	if (!met) {
		program_kill(&l->launcher);
		fd_close(&l->out->pidfd);
		return rc;
	}
	struct strs after;
	const char *failed = moat_state(l->ctx->pool, WATCHED_DURING | NSM_PID, &after);

	if (failed)
		return op_broken(l->ctx, "read the moat's state, %s: %m", failed);
	struct strs was = only_watched(l->ctx->pool, &before, &l->in->tolerates);
	struct strs is = only_watched(l->ctx->pool, &after, &l->in->tolerates);

	l->out->changes = moat_changes(l->ctx->pool, &was, &is);
	l->out->channel = fd_take(&conn);
	/* The listener stays open, so that box.end finds further agents that reported. */
	l->out->listener = fd_take(&l->listener);
	l->out->launcher = fd_take(&l->launcher.pidfd);
	l->out->status = fd_take(&l->launcher.status);
	return say(l, LAUNCH_STARTED, 0);
}

static int box_launch_run(struct op_ctx *ctx, const struct launch_in *in, struct launch_out *out)
{
	struct launch l = { .ctx = ctx, .in = in, .out = out, .listener = -1,
			    .log = program_log(), .launcher = { -1, -1 } };
	int rc = l.log < 0 ? op_broken(ctx, "open a log: %m") : furnish(&l);

	l.out->cwd = "";

	if (!rc)
		rc = write_files(&l);
	if (!rc)
		rc = listen_for_agent(&l);
	if (!rc)
		rc = run(&l);
	fd_close(&l.log);
	fd_close(&l.listener);
	fd_close(&l.launcher.pidfd);
	fd_close(&l.launcher.status);
	return rc;
}
OP(box_launch, "box.launch", launch_in, launch_out,
	.doc = "Have the runtime build a box with the actor's agent in it.",
	.source = "runtime.md, Lifecycle",
	.flags = OP_INTERNAL | OP_MOAT);
