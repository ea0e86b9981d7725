// SPDX-License-Identifier: GPL-2.0-only
/*
 * actor.spawn: fork a process, or start a thread, and place it.
 *
 * Between the parent, which answers the call, and the actor there may be go-betweens:
 *
 *   clone3   parent ─clone3─► actor
 *            parent ─fork─► go-between: sets offsets, becomes another user, joins ─clone3─► actor
 *   unshare  parent ─fork─► actor: unshare          (pid, time: ─fork─► actor)
 *   setns    parent ─fork─► actor: setns            (pid: ─fork─► actor)
 *                             └─clone─► holder: opens its namespaces for the joiner, and goes
 *                                       (pid, time: alive as long as the joiner needs it)
 *
 * Those that only bear another one, or only open something, have the address space of their parent
 * (sys_clone_lent()).
 *
 * The actor of a single clone3, or of a go-between, answers the call itself, on the channel that it
 * has inherited, and the parent goes on; who fails before there is an actor answers likewise.
 * Otherwise all of them hold one end of a SOCK_SEQPACKET pair, on which the actor's pidfd is handed
 * over, and success reported, or the step that failed.  A map of one line, of its maker's id, the
 * first process of a user namespace writes itself; for others it asks the parent on that pair, as
 * that alone has the right to write them.
 *
 * Whatever fails here is the world not being built: broken, but for the calls that make or join
 * namespaces and the writes of maps and offsets, which a step may expect to be refused.  What the
 * kernel says and does not do is a lie, which fails.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "birth.h"
#include "nsc/sys.h"
#include "nsc/syscall.h"
#include "nsc/wire.h"
#include "uapi/pidfd.h"

/* Nothing to do before the namespaces: the first clone3 makes the actor. */
static bool is_direct(const struct birth *b)
{
	return (b->place.via == VIA_CLONE3 || !b->place.new) && !birth_has_offsets(b) &&
	       b->in->become < 0 && !b->in->join_types && !b->in->cgroups.n;
}

/* The kernel's refusal of the placement, with what it is about. */
static int refused(struct op_ctx *ctx, const char *what, int error)
{
	op_broken(ctx, "%s: %s", what, strerror(error));
	return -error;
}

/* Answer one message; 1 when the actor has arrived, 0 to go on, -errno when refused, or broken. */
static int serve_one(struct birth *b, const struct value *msg, struct wire_fds *fds,
		     struct spawn_out *out)
{
	struct op_ctx *ctx = b->ctx;
	const struct value *map = value_get(msg, "map"), *born = value_get(msg, "born");
	const struct value *failed = value_get(msg, "failed"), *error = value_get(msg, "errno");
	const struct value *lied = value_get(msg, "lied");

	ctx->lie = lied;
	if (failed) {
		op_broken(ctx, "%s", value_text(failed));
		return error ? -(int)error->i : OP_BROKEN;
	}
	if (lied) {
		wire_fds_close(fds);
		return OP_LIED;
	}
	if (map) {
		const char *file;
		int rc = birth_write_maps(b, map->fd, &file);

		wire_fds_close(fds);
		if (rc < 0)
			return refused(ctx, pool_printf(ctx->pool, "write %s", file), -rc);
		return wire_send(b->parent_end, 0, value_nil(ctx->pool)) < 0 ?
			       op_broken(ctx, "the new process died waiting for its maps") : 0;
	}
	if (born) {
		b->pid = (pid_t)born->list.items[0]->i;
		fd_close(&out->pidfd);
		out->pidfd = born->list.items[1]->fd;
		b->born = true;
		return b->done;
	}
	/* The actor may report before the go-between, which alone knows the actor's pidfd. */
	const struct value *borne = value_get(msg, "done");

	b->done = true;
	return b->born || !value_true(borne);
}

/* For each message; the runner sees to it that the placement as a whole does not take longer. */
static void limit_waiting(int sock, int64_t ns)
{
	const struct timeval limit = { .tv_sec = ns / 1000000000, .tv_usec = ns / 1000 % 1000000 };

	setsockopt(sock, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
}

static int serve(struct birth *b, struct spawn_out *out)
{
	struct wire_fds fds;
	struct value *msg;
	uint32_t seq;

	limit_waiting(b->parent_end, b->ctx->within_ns);
	for (;;) {
		int rc = wire_recv(b->parent_end, b->ctx->pool, &seq, &msg, &fds);

		if (rc != 1)
			return op_broken(b->ctx, rc == -EAGAIN ? "placement took too long" :
					 "the new process died while it was placed");
		rc = serve_one(b, msg, &fds, out);
		if (rc)
			return rc == 1 ? 0 : rc;
	}
}

/* In the first child: forget what belongs to the parent. */
static void child_start(struct birth *b)
{
	if (b->child_end >= 0 && !(b->place.share & CLONE_FILES)) {
		close(b->parent_end);
		close(b->agent->channel);
	}
	signal(SIGCHLD, SIG_DFL);
}

static int clone_refused(struct birth *b, unsigned kinds, int error)
{
	struct lie lie;

	if (!b->place.share && lie_refused(b->ctx->pool, VIA_CLONE3, kinds, error, &lie))
		b->ctx->lie = lie_value(b->ctx->pool, &lie);
	return refused(b->ctx, "clone3", error);
}

static void run_go_between(void *arg) __attribute__((noreturn));
static void run_go_between(void *arg)
{
	struct birth *b = arg;

	child_start(b);
	birth_go_between(b);
}

/* Whether the first child is a go-between, which bears the actor, and not the actor. */
static bool bears(const struct birth *b)
{
	static const unsigned kinds[] = {
		[VIA_CLONE3] = ~0u, [VIA_UNSHARE] = NSM_PID | NSM_TIME, [VIA_SETNS] = NSM_PID,
	};

	return !is_direct(b) &&
	       ((b->in->join_types & NSM_PID) || (b->place.new & kinds[b->place.via]));
}

/*
 * Whether the go-between can do without an address space of its own while its parent waits for it:
 * it bears the actor and asks the parent for nothing before that.  setns(2) to a time namespace
 * refuses who shares memory (EUSERS), and to a user namespace it makes all of them undumpable.
 */
static bool may_borrow(const struct birth *b)
{
	unsigned new = (unsigned)b->place.new, join = (unsigned)b->in->join_types;
	bool asks = (new & NSM_USER) && (b->place.via == VIA_SETNS || birth_has_offsets(b));
	bool own = (join & (NSM_USER | NSM_TIME)) ||
		   (b->place.via == VIA_SETNS && (new & (NSM_USER | NSM_TIME)));

	return bears(b) && !asks && !own && !b->place.share;
}

/*
 * Whether the actor needs its parent for nothing but to be made. A first child that is the actor
 * and may be refused its namespaces tells the parent, which then leaves no zombie.
 */
static bool answers_itself(const struct birth *b)
{
	bool asks = (b->place.new & NSM_USER) && !birth_maps_itself(b);

	return (is_direct(b) || bears(b)) && !asks && !b->place.share && b->agent->opens_pidfd;
}

static void start_first(struct birth *b) __attribute__((noreturn));
static void start_first(struct birth *b)
{
	if (!is_direct(b))
		run_go_between(b);
	child_start(b);
	birth_open_self(b);
	if (b->place.new & NSM_USER)
		birth_map(b);
	birth_arrive(b);
}

/* The actor answers, or who could not make it, or else this does. */
static int spawn_alone(struct birth *b)
{
	unsigned kinds = is_direct(b) ? (unsigned)b->place.new : 0;
	struct clone_request req = { .flags = ns_flags(kinds), .exit_signal = SIGCHLD };
	pid_t pid = may_borrow(b) ? sys_clone_lent(0, NULL, run_go_between, b) : -1;

	if (pid < 0)
		pid = sys_clone3(&req);
	if (pid == 0)
		start_first(b);
	if (pid < 0)
		return clone_refused(b, kinds, -pid);
	/* A go-between exits once it has borne the actor. */
	if (bears(b))
		waitpid(pid, NULL, 0);
	return OP_ANSWERED;
}

static int spawn_process(struct birth *b, struct spawn_out *out)
{
	bool direct = is_direct(b);
	struct clone_request req = {
		.flags = CLONE_PIDFD | b->place.share |
			 (direct ? ns_flags((unsigned)b->place.new) : 0),
		.pidfd = &out->pidfd, .exit_signal = SIGCHLD,
	};
	pid_t pid = -1;

	if (!direct && may_borrow(b))
		pid = sys_clone_lent(CLONE_PIDFD, &out->pidfd, run_go_between, b);
	if (pid < 0)
		pid = sys_clone3(&req);
	if (pid == 0)
		start_first(b);
	if (pid < 0)
		return clone_refused(b, direct ? (unsigned)b->place.new : 0, -pid);
	fd_close(&b->child_end);
	b->pid = pid;
	int rc = serve(b, out);

	if (rc != 0)
		fd_close(&b->parent_end); /* on which it may wait for its maps */
	/* A child whose placement was refused is reaped here, so that its parent, an actor, has
	 * no zombie. */
	if (rc < 0 && rc != OP_BROKEN && b->pid == pid &&
	    sys_wait_readable(out->pidfd, op_deadline(b->ctx)) == 1)
		waitpid(pid, NULL, 0);
	if (rc == 0 && out->pidfd < 0)
		rc = op_lied(b->ctx, &(struct lie){ .call = "clone3(CLONE_PIDFD)",
						    .claim = LIE_SUCCESS,
						    .seen = "there is no pidfd",
						    .clause = "api.clone3.pidfd-returned" });
	/* A go-between exits once it has forked the actor, and is reaped here. */
	if (rc == 0 && b->pid != pid)
		waitpid(pid, NULL, 0);
	if (rc != 0)
		fd_close(&out->pidfd);
	return rc;
}

struct thread_start {
	struct agent agent;
	unsigned new; /* what it unshares, which the kernel does for one thread alone */
	int error;
	int unmoved; /* the kind of which the kernel said only that it is new, or -1 */
	pid_t tid;
	sem_t taken;
};

static int unshare_thread(unsigned new, int *error)
{
	struct ns_id before[NS_COUNT], now;
	unsigned known = 0;

	for (int ns = 0; ns < NS_COUNT; ns++)
		if ((new & NS_BIT(ns)) && ns_self(ns, &before[ns]) == 0)
			known |= NS_BIT(ns);
	*error = new && unshare((int)ns_flags(new)) < 0 ? errno : 0;
	/* The thread itself stays in its PID and time namespaces. */
	known &= ~(unsigned)(NSM_PID | NSM_TIME);
	for (int ns = 0; !*error && ns < NS_COUNT; ns++)
		if ((known & NS_BIT(ns)) && ns_self(ns, &now) == 0 && ns_same(&now, &before[ns]))
			return ns;
	return -1;
}

static void *thread_main(void *arg)
{
	struct thread_start *start = arg;
	struct agent agent = start->agent;
	struct pool pool = { 0 };
	int error;
	int unmoved = unshare_thread(start->new, &error);

	agent.leads = false;
	agent.looked = 0;
	agent.fenced |= start->new;
	start->error = error;
	start->tid = (pid_t)sys_call(SYS_gettid);
	start->unmoved = unmoved;
	sem_post(&start->taken);
	if (error || unmoved >= 0)
		return NULL;
	agent_serve(&agent, &pool);
}

static int spawn_thread(struct op_ctx *ctx, const struct spawn_in *in, struct spawn_out *out)
{
	struct thread_start start = { .agent = *ctx->agent, .unmoved = -1 };
	pthread_attr_t attr;
	pthread_t thread;
	struct place place;
	struct lie lie;

	fields_bind(ctx->pool, place_fields, in->place, &place);
	start.new = (unsigned)place.new;
	sem_init(&start.taken, 0, 0);
	start.agent.channel = fcntl(in->channel, F_DUPFD_CLOEXEC, 3);
	if (in->cred_sock >= 0 && send(in->cred_sock, "", 1, MSG_NOSIGNAL) != 1)
		return op_broken(ctx, "leave credentials: %m");
	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	int error = pthread_create(&thread, &attr, thread_main, &start);

	pthread_attr_destroy(&attr);
	while (!error && sem_wait(&start.taken) < 0)
		;
	if (!error)
		error = start.error;
	out->pidfd = error ? -1 : sys_pidfd_open(start.tid, PIDFD_THREAD);
	/* Linux before 6.9 has pidfds of thread group leaders only; parameters that name a
	 * thread need feature.pidfd-thread. */
	if (out->pidfd == -EINVAL)
		out->pidfd = sys_pidfd_open(getpid(), 0);
	if (start.unmoved >= 0)
		lie = lie_unmoved(ctx->pool, VIA_UNSHARE, start.new, start.unmoved);
	if (start.unmoved >= 0 ||
	    (error && lie_refused(ctx->pool, VIA_UNSHARE, start.new, start.error, &lie)))
		return op_lied(ctx, &lie);
	return error ? op_broken(ctx, "start the thread: %s", strerror(error)) : 0;
}

static int actor_spawn_run(struct op_ctx *ctx, const struct spawn_in *in, struct spawn_out *out)
{
	struct birth b = { .ctx = ctx, .agent = ctx->agent, .in = in, .self = -1, .hold = -1,
			   .parent_end = -1, .child_end = -1 };
	int pair[2];

	if (b.in->thread)
		return spawn_thread(ctx, b.in, out);
	fields_bind(ctx->pool, place_fields, b.in->place, &b.place);
	for (int ns = 0; ns < NS_COUNT; ns++)
		if ((b.place.new & NS_BIT(ns)) && agent_ns(b.agent, ns, &b.before[ns]) == 0)
			b.known |= NS_BIT(ns);
	if (b.place.new & NSM_USER) {
		b.uid = b.in->become >= 0 ? (unsigned)b.in->become : geteuid();
		b.gid = b.in->become >= 0 ? (unsigned)b.in->become : getegid();
	}
	if (answers_itself(&b))
		return spawn_alone(&b);
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return op_broken(ctx, "socketpair: %m");
	b.parent_end = pair[0];
	b.child_end = pair[1];
	int rc = spawn_process(&b, out);

	fd_close(&b.parent_end);
	fd_close(&b.child_end);
	return rc;
}
OP(actor_spawn, "actor.spawn", spawn_in, spawn_out,
	.doc = "Make an actor and place it.",
	.source = "clone3(2), unshare(2), setns(2)",
	.flags = OP_INTERNAL);
