// SPDX-License-Identifier: GPL-2.0-only
/*
 * The loop of an agent: receive, check, guard, run, answer.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "nsc/agent.h"
#include "nsc/begin.h"
#include "nsc/image.h"
#include "nsc/patience.h"
#include "nsc/signals.h"
#include "nsc/sys.h"
#include "nsc/wire.h"

#define CHILDREN_WITHIN_NS 1000000000ll

int agent_ns(struct agent *agent, enum ns ns, struct ns_id *id)
{
	int rc = agent->looked & NS_BIT(ns) ? 0 : ns_self(ns, &agent->here[ns]);

	if (rc == 0) {
		agent->looked |= NS_BIT(ns);
		*id = agent->here[ns];
	}
	return rc;
}

/* NULL, or why OP must not run here: it would change something of the host's. */
static const char *guard(struct pool *pool, struct agent *agent, const struct op *op)
{
	if ((op->flags & OP_HOST) && !agent->disposable)
		return "refused: changes the whole machine, which is not disposable";
	for (int ns = 0; ns < NS_COUNT; ns++) {
		struct ns_id id;

		if (!(op->mutates & NS_BIT(ns)))
			continue;
		bool fenced = agent_ns(agent, ns, &id) == 0 && agent->host_known ?
				      !ns_same(&id, &agent->host[ns]) :
				      (agent->fenced & NS_BIT(ns)) != 0;
		if (!fenced)
			return pool_printf(
				pool, "refused: the actor shares the %s namespace with the host",
				ns_kinds[ns].title);
	}
	return NULL;
}

/* NULL, or what is wrong with the parameters; the controller has checked them before. */
static const char *check(struct pool *pool, const struct op *op, const struct value *with)
{
	for (const struct field *f = op->in; f && f->type != FIELD_END; f++) {
		const struct value *v = value_get(with, f->name);

		if (!v || v->type == VALUE_NIL) {
			if (f->need == REQUIRED)
				return pool_printf(pool, "%s is missing", f->name);
			continue;
		}
		const char *want = field_kinds[f->type].check(pool, f, v);

		if (want)
			return pool_printf(pool, "%s: expected %s", f->name, want);
	}
	return NULL;
}

static struct value *broken(struct pool *pool, const char *why)
{
	struct value *reply = value_map(pool);

	value_put(pool, reply, "broken", value_str(pool, why));
	return reply;
}

struct call {
	uint32_t seq;
	const struct op *op;
	const struct value *with;
	int64_t within_ns;
	bool trial;
	bool check; /* the op's own, whether it was done */
};

/* Limits on waiting stretch on a slow machine, also those for events that must not come. */
static void be_patient(const struct call *call, void *in)
{
	for (const struct field *f = call->op->in; f && f->type != FIELD_END; f++) {
		int64_t *ns = (int64_t *)((char *)in + f->offset);

		if (f->patience && *ns > 0)
			*ns = patience(*ns);
	}
}

/* Whether a limit on waiting is among the op's parameters. */
static bool has_patience(const struct op *op)
{
	for (const struct field *f = op->in; f && f->type != FIELD_END; f++)
		if (f->patience)
			return true;
	return false;
}

/*
 * Whether what the op waited for may only have been late: it has used up what the call gave it,
 * or one of its own limits on waiting.
 */
static bool has_waited_out(const struct call *call, const void *in, int64_t took_ns)
{
	/* poll(2) uses a clock that NTP slews, so that nearly the whole time counts as all of
	 * it. */
	int64_t nearly = took_ns + took_ns / 64;
	bool out = nearly >= call->within_ns;

	for (const struct field *f = call->op->in; f && f->type != FIELD_END; f++) {
		int64_t ns = f->patience ? *(const int64_t *)((const char *)in + f->offset) : 0;

		out |= ns > 0 && nearly >= ns;
	}
	return out;
}

/* NULL when another process answers. */
static struct value *reply_of(struct op_ctx *ctx, const struct op *op, int rc, const void *out)
{
	struct pool *pool = ctx->pool;

	if (rc == OP_ANSWERED)
		return NULL;
	if (rc == OP_BROKEN)
		return broken(pool, ctx->why);
	struct value *reply = value_map(pool);

	if (ctx->lie)
		value_put(pool, reply, "lied", (struct value *)ctx->lie);
	if (rc == OP_LIED)
		return reply;
	value_put(pool, reply, "errno", value_int(pool, -rc));
	if (rc == 0)
		value_put(pool, reply, "out", fields_unbind(pool, op->out, out));
	else if (*ctx->why)
		value_put(pool, reply, "why", value_str(pool, ctx->why));
	return reply;
}

/* The op, and if that is wanted what shows that it was done. */
static int run(struct op_ctx *ctx, const struct call *call, const void *in, void *out)
{
	bool check = call->check && ctx->op->check;

	if (check && ctx->op->before)
		ctx->op->before(ctx, in);
	int rc = ctx->op->run(ctx, in, out);

	return rc == 0 && check ? ctx->op->check(ctx, in, out) : rc;
}

/*
 * The clock is only read for an op that waits: the vDSO, by which libc reads it, has two pages that
 * each process would have to fault in.
 */
static struct value *perform(struct agent *agent, struct pool *pool, const struct call *call)
{
	struct op_ctx ctx = { .pool = pool, .agent = agent, .seq = call->seq,
			      .within_ns = call->within_ns, .op = call->op };
	void *in = pool_alloc(pool, call->op->in_size + 1);
	void *out = pool_alloc(pool, call->op->out_size + 1);

	if (has_patience(call->op))
		op_deadline(&ctx);
	fields_bind(pool, call->op->in, call->with, in);
	be_patient(call, in);
	if (call->op->flags & OP_SINGLE)
		agent->looked = 0;
	for (const struct field *f = call->op->out; f && f->type != FIELD_END; f++)
		field_kinds[f->type].preset(f, (char *)out + f->offset);
	int rc = run(&ctx, call, in, out);
	struct value *reply = reply_of(&ctx, call->op, rc, out);
	int64_t end = ctx.deadline_ns;

	if (reply && end && has_waited_out(call, in, sys_now_ns() - (end - call->within_ns)))
		value_put(pool, reply, "waited_out", value_bool(pool, true));
	return reply;
}

static void answer(struct agent *agent, struct pool *pool, uint32_t seq, const struct value *reply)
{
	int rc = wire_send(agent->channel, seq, reply);

	if (rc == -EMSGSIZE)
		rc = wire_send(agent->channel, seq,
			  broken(pool, "the reply is too large for one message"));
	/* An answer that cannot be sent ends the agent, so that the controller sees end of file. */
	if (rc < 0)
		_exit(1);
}

/* Descriptors of the reply now belong to the controller. */
static void close_results(const struct value *v)
{
	if (v->type == VALUE_FD)
		close(v->fd);
	if (v->type == VALUE_LIST || v->type == VALUE_MAP)
		for (size_t i = 0; i < v->list.n; i++)
			close_results(v->list.items[i]);
}

/* Descriptors of the call are closed before the answer, so that the controller may rely on that. */
static void perform_and_answer(struct agent *agent, struct pool *pool, uint32_t seq,
			       const struct call *call, struct wire_fds *fds)
{
	const struct value *reply = perform(agent, pool, call);

	wire_fds_close(fds);
	if (!reply)
		return;
	answer(agent, pool, seq, reply);
	close_results(reply);
}

/* The child does and answers; the parent only has to notice a child that could not. */
static void try_in_child(struct agent *agent, struct pool *pool, uint32_t seq,
			 const struct call *call, struct wire_fds *fds)
{
	struct clone_request req = { .exit_signal = SIGCHLD };
	pid_t pid = sys_clone3(&req);
	int status = 0;

	if (pid == 0) {
		perform_and_answer(agent, pool, seq, call, fds);
		_exit(0);
	}
	wire_fds_close(fds);
	if (pid < 0) {
		answer(agent, pool, seq, broken(pool, "cannot fork for the trial"));
		return;
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (WIFSIGNALED(status)) {
		const char *why = pool_printf(pool, "the trial was killed by signal %d",
					      WTERMSIG(status));
		struct value *reply = broken(pool, why);

		value_put(pool, reply, "died", value_bool(pool, true));
		answer(agent, pool, seq, reply);
	}
}

static void handle(struct agent *agent, struct pool *pool, uint32_t seq, const struct value *msg,
		   struct wire_fds *fds)
{
	const struct value *name = value_get(msg, "op"), *within = value_get(msg, "within_ns");
	const struct value *trial = value_get(msg, "trial"), *look = value_get(msg, "check");
	const struct value *factor = value_get(msg, "time_factor");
	struct call call = {
		.seq = seq,
		.op = value_text(name) ? op_find(agent->ops, value_text(name)) : NULL,
		.with = value_get(msg, "with"),
		.within_ns = within && within->type == VALUE_INT ? within->i : 0,
		.trial = value_true(trial),
		.check = value_true(look),
	};
	const char *why = call.op ? check(pool, call.op, call.with) : "no such op";

	patience_set(factor && factor->type == VALUE_INT ? (int)factor->i : 1);
	if (!why)
		why = guard(pool, agent, call.op);
	if (why)
		answer(agent, pool, seq, broken(pool, why));
	else if (call.trial)
		try_in_child(agent, pool, seq, &call, fds);
	else
		perform_and_answer(agent, pool, seq, &call, fds);
}

/* The children see end of file as well; one that does not exit is left to the next subreaper. */
static void give_up(int signal)
{
	_exit(signal == SIGALRM ? 0 : 1);
}

static void await_children(void)
{
	sigset_t alarm_only;

	sigemptyset(&alarm_only);
	sigaddset(&alarm_only, SIGALRM);
	/* The signal is caught, because it does not kill PID 1 of a namespace, and unblocked, as
	 * the actor may have blocked it. */
	signal(SIGALRM, give_up);
	sigprocmask(SIG_UNBLOCK, &alarm_only, NULL);
	alarm((unsigned)(patience(CHILDREN_WITHIN_NS) / 1000000000));
	while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
		;
}

void agent_serve(struct agent *agent, struct pool *pool)
{
	struct wire_fds fds;
	struct value *msg;
	uint32_t seq;

	for (;;) {
		pool_reset(pool);
		int rc = wire_recv(agent->channel, pool, &seq, &msg, &fds);

		/* SIGKILL ends PID 1 of an arena, too, and with it all that is in there. */
		if (rc <= 0 && agent->leads)
			kill(0, SIGKILL);
		if (rc <= 0 && agent->patient)
			await_children();
		if (rc <= 0)
			_exit(rc == 0 ? 0 : 1);
		handle(agent, pool, seq, msg, &fds);
		wire_fds_close(&fds);
	}
}

/* What must not be changed are the namespaces that it is in. */
static struct agent agent_here(int channel, const struct op *const *ops)
{
	struct agent agent = { .channel = channel, .ops = ops, .host_known = true, .keep = -1 };

	for (int ns = 0; ns < NS_COUNT; ns++)
		if (agent_ns(&agent, ns, &agent.host[ns]) == -ENOENT && ns == NS_MNT)
			agent.host_known = false; /* no /proc: what placement left behind counts */
	AUTO_FD self = sys_pidfd_open(getpid(), 0);

	agent.opens_pidfd = self >= 0;
	return agent;
}

int agent_again(int channel, uint32_t seq, int keep, bool patient, const struct op *const *ops)
{
	struct agent agent = agent_here(channel, ops);
	struct pool pool = { 0 };
	struct value *reply = value_map(&pool);

	agent.keep = keep;
	agent.patient = patient;
	fcntl(channel, F_SETFD, FD_CLOEXEC);
	fcntl(keep, F_SETFD, FD_CLOEXEC);
	value_put(&pool, reply, "errno", value_int(&pool, 0));
	value_put(&pool, reply, "out", value_map(&pool));
	answer(&agent, &pool, seq, reply);
	agent_serve(&agent, &pool);
}

/* Signals that its starter's group was sent while this process was still in it are not for it. */
static void drop_signals_of_starter(void)
{
	sigset_t set;

	sigemptyset(&set);
	for (int i = 0; i < END_SIGNALS; i++) {
		/* What is ignored is not pending. */
		signal(end_signals[i], signal(end_signals[i], SIG_IGN));
		sigaddset(&set, end_signals[i]);
	}
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

int agent_main(int channel, enum agent_kind kind, const struct op *const *ops)
{
	struct agent agent = agent_here(channel, ops);
	struct pool pool = { 0 };
	const int keep[] = { STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO, channel };

	drop_signals_of_starter();
	image_ready_to_fork();
	agent.leads = getsid(0) == getpid();
	agent.disposable = kind == AGENT_DISPOSABLE;
	for (int ns = 0; ns < NS_COUNT; ns++)
		if (kind == AGENT_HERE ||
		    (kind == AGENT_INSIDE && ns_initial(ns, &agent.host[ns]) == 0))
			agent.host[ns] = (struct ns_id){ 0 };
	begin_set(kind < AGENT_INSIDE ? BEGIN_WORKER : BEGIN_BOX);
	/* A write to a peer that is gone is an error of that call. */
	signal(SIGPIPE, SIG_IGN);
	sys_close_all_but(keep, sizeof(keep) / sizeof(*keep));
	fcntl(channel, F_SETFD, FD_CLOEXEC);
	/* Actors of other users may not enter the runner's directory, below /root for instance. */
	if ((kind < AGENT_INSIDE || chdir("/work") < 0) && chdir("/") < 0)
		_exit(1);
	/* A program that was executed by its descriptor has the descriptor's number as its name. */
	prctl(PR_SET_NAME, "nsconform");
	/* The parent of an unprivileged arena exits, so that the arena becomes a child of this
	 * subreaper. */
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	signal(SIGCHLD, SIG_IGN);
	agent_serve(&agent, &pool);
}
