// SPDX-License-Identifier: GPL-2.0-only
/*
 * Processes as such: who am I, who is that, send a signal, wait, be gone.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../proc.h"
#include "../seen.h"
#include "nsc/agent.h"
#include "nsc/signals.h"
#include "nsc/sys.h"
#include "nsc/syscall.h"
#include "uapi/pidfd.h"

#define SELF_OUT(F, S) \
	F(S, INT, pid, REQUIRED, 0, 0, "number of the process in its own PID namespace") \
	F(S, INT, tid, REQUIRED, 0, 0, "number of the thread") \
	F(S, INT, ppid, REQUIRED, 0, 0, "number of the parent, 0 if it is not visible") \
	F(S, INT, pgid, REQUIRED, 0, 0, "process group, 0 if it is not visible") \
	F(S, INT, sid, REQUIRED, 0, 0, "session, 0 if it is not visible")
FIELDS(self_out, SELF_OUT);

static int proc_self_run(struct op_ctx *ctx, const struct none *in, struct self_out *out)
{
	out->pid = sys_call(SYS_getpid);
	out->tid = sys_call(SYS_gettid);
	out->ppid = getppid();
	out->pgid = getpgid(0);
	out->sid = getsid(0);
	return 0;
}
OP(proc_self, "proc.self", none, self_out,
	.doc = "Numbers of the caller, as it sees them itself.",
	.source = "getpid(2), gettid(2), getpgid(2), getsid(2)",
	.touches = NSM_PID);

#define OF_IN(F, S) \
	F(S, ACTOR, actor, REQUIRED, "process in question")
FIELDS(of_in, OF_IN);

#define OF_OUT(F, S) \
	F(S, INT, pid, REQUIRED, 0, 0, "its number as the caller sees it, 0 if invisible")
FIELDS(of_out, OF_OUT);

static int proc_of_run(struct op_ctx *ctx, const struct of_in *in, struct of_out *out)
{
	out->pid = actor_pid(&in->actor);
	if (out->pid < 0)
		return op_broken(ctx, "the actor's number cannot be read: %s",
				 strerror((int)-out->pid));
	return 0;
}
OP(proc_of, "proc.of", of_in, of_out,
	.doc = "Number of another actor in the caller's PID namespace.",
	.source = "unix(7) SCM_CREDENTIALS",
	.touches = NSM_PID);

#define KILL_IN(F, S) \
	F(S, ACTOR, actor, OPTIONAL, "target, by the number that the caller sees") \
	F(S, PID, pid, "target by number, as kill(2): 0, -1 and groups included") \
	F(S, ENUM, signal, REQUIRED, signal_numbers, "signal")
FIELDS(kill_in, KILL_IN);

static int proc_kill_run(struct op_ctx *ctx, const struct kill_in *in, struct none *out)
{
	pid_t pid = 0;
	int rc = target_pid(ctx, &in->actor, in->pid, &pid);

	if (rc)
		return rc;
	return kill(pid, (int)in->signal) < 0 ? -errno : 0;
}
OP(proc_kill, "proc.kill", kill_in, none,
	.doc = "Send a signal to a process or group by number.",
	.source = "kill(2)",
	.touches = NSM_PID, .mutates = NSM_PID,
	.seen = SEEN_PROC);

#define RAISE_IN(F, S) \
	F(S, ENUM, signal, REQUIRED, signal_numbers, "signal, which may well end the actor")
FIELDS(raise_in, RAISE_IN);

static int proc_raise_run(struct op_ctx *ctx, const struct raise_in *in, struct none *out)
{
	return kill((pid_t)sys_call(SYS_getpid), (int)in->signal) < 0 ? -errno : 0;
}
OP(proc_raise, "proc.raise", raise_in, none,
	.doc = "Send a signal to the actor itself, which answers if it survives.",
	.source = "kill(2)",
	.touches = NSM_PID, .flags = OP_ENDS,
	.seen = SEEN_PROC);

#define PIDFD_KILL_IN(F, S) \
	F(S, ACTOR, actor, OPTIONAL, "target, by the pidfd that the harness holds") \
	F(S, FD, fd, OPTIONAL, "pidfd of the target") \
	F(S, ENUM, signal, REQUIRED, signal_numbers, "signal") \
	F(S, BOOL, group, "send it to the process group that the target leads (Linux 6.9)")
FIELDS(pidfd_kill_in, PIDFD_KILL_IN);

static int proc_pidfd_kill_run(struct op_ctx *ctx, const struct pidfd_kill_in *in, struct none *out)
{
	int pidfd = in->fd >= 0 ? in->fd : in->actor.pidfd;

	if (pidfd < 0)
		return op_broken(ctx, "neither actor nor fd is given");
	return sys_pidfd_send_signal(pidfd, (int)in->signal,
				     in->group ? UAPI_PIDFD_SIGNAL_PROCESS_GROUP : 0);
}
OP(proc_pidfd_kill, "proc.pidfd_kill", pidfd_kill_in, none,
	.doc = "Send a signal to a process by pidfd.",
	.source = "pidfd_send_signal(2)",
	.touches = NSM_PID, .mutates = NSM_PID,
	.seen = SEEN_PROC);

#define EXIT_IN(F, S) \
	F(S, INT_DEF, code, 0, 0, 255, "exit status") \
	F(S, BOOL, thread, "only the thread ends, by the plain system call")
FIELDS(exit_in, EXIT_IN);

static int proc_exit_run(struct op_ctx *ctx, const struct exit_in *in, struct none *out)
{
	if (in->thread) {
		close(ctx->agent->channel); /* which the other threads would keep open */
		sys_call(SYS_exit, (int)in->code);
	}
	_exit((int)in->code);
	return op_broken(ctx, "exit returned");
}
OP(proc_exit, "proc.exit", exit_in, none,
	.doc = "End the actor.",
	.source = "_exit(2)",
	.flags = OP_ENDS);

enum { HOW_NONE = 0 };

static const struct symbol how_symbols[] = {
	{ "none", HOW_NONE, "nothing to report yet" },
	{ "exited", CLD_EXITED, "exited by itself" },
	{ "killed", CLD_KILLED, "killed by a signal" },
	{ "dumped", CLD_DUMPED, "killed by a signal, with a core dump" },
	{ "stopped", CLD_STOPPED, "stopped by a signal" },
	{ "continued", CLD_CONTINUED, "continued by SIGCONT" },
	{ "trapped", CLD_TRAPPED, "stopped for its tracer" },
	{ 0 }
};

#define WAIT_IN(F, S) \
	F(S, ACTOR, actor, OPTIONAL, "child to wait for; default any") \
	F(S, PID, pid, "child by number") \
	F(S, FD, fd, OPTIONAL, "child by pidfd") \
	F(S, BOOL, nohang, "do not wait: `how` is none when there is nothing") \
	F(S, BOOL, stops, "report stops and continuations as well") \
	F(S, BOOL, keep, "leave the zombie, WNOWAIT")
FIELDS(wait_in, WAIT_IN);

#define WAIT_OUT(F, S) \
	F(S, INT, pid, REQUIRED, 0, 0, "number of the child, 0 for none") \
	F(S, ENUM, how, REQUIRED, how_symbols, "what became of it") \
	F(S, INT, code, REQUIRED, 0, 0, "exit status") \
	F(S, ENUM, signal, REQUIRED, signal_numbers, "signal that killed or stopped it") \
	F(S, INT, uid, REQUIRED, 0, 0, "its real user id as the caller sees it")
FIELDS(wait_out, WAIT_OUT);

struct wait_target {
	idtype_t type;
	id_t id;
};

static int wait_target(struct op_ctx *ctx, const struct wait_in *in, struct wait_target *target)
{
	pid_t pid = 0;

	*target = (struct wait_target){ .type = P_ALL };
	if (in->fd >= 0) {
		*target = (struct wait_target){ P_PIDFD, (id_t)in->fd };
	} else if (in->pid != PID_NOT_GIVEN || in->actor.pidfd >= 0) {
		int rc = target_pid(ctx, &in->actor, in->pid, &pid);

		if (rc)
			return rc == OP_BROKEN ? rc :
						 op_broken(ctx, "the actor is not visible here");
		*target = (struct wait_target){ P_PID, (id_t)pid };
	}
	return 0;
}

/*
 * waitid(2) has no deadline, so ask without blocking and wait for SIGCHLD in between.  The
 * signal may go to another thread of the process, hence the upper bound of a single wait.
 */
static int wait_until(struct op_ctx *ctx, const struct wait_target *target, int options,
		      siginfo_t *info)
{
	struct signalfd_siginfo drained;
	sigset_t chld, before;
	int rc = 0;

	sigemptyset(&chld);
	sigaddset(&chld, SIGCHLD);
	pthread_sigmask(SIG_BLOCK, &chld, &before);
	AUTO_FD sigfd = signalfd(-1, &chld, SFD_CLOEXEC | SFD_NONBLOCK);

	for (;;) {
		struct pollfd p = { .fd = sigfd, .events = POLLIN };
		int left = op_left_ms(ctx);

		info->si_pid = 0;
		if (waitid(target->type, target->id, info, options | WNOHANG) < 0)
			rc = -errno;
		if (rc || info->si_pid)
			break;
		if (!left) {
			rc = op_timed_out(ctx, "there is no news of a child");
			break;
		}
		poll(&p, 1, left < 20 ? left : 20);
		while (read(sigfd, &drained, sizeof(drained)) > 0)
			;
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return rc;
}

static int proc_wait_run(struct op_ctx *ctx, const struct wait_in *in, struct wait_out *out)
{
	struct wait_target target;
	siginfo_t info = { 0 };
	int options = WEXITED | __WALL | (in->stops ? WSTOPPED | WCONTINUED : 0) |
		      (in->keep ? WNOWAIT : 0);
	int rc = wait_target(ctx, in, &target);

	if (rc)
		return rc;
	if (!in->nohang)
		rc = wait_until(ctx, &target, options, &info);
	else if (waitid(target.type, target.id, &info, options | WNOHANG) < 0)
		rc = -errno;
	if (rc)
		return rc;
	out->pid = info.si_pid;
	out->how = info.si_pid ? info.si_code : HOW_NONE;
	out->uid = info.si_uid;
	if (out->how == CLD_EXITED)
		out->code = info.si_status;
	else if (out->how != HOW_NONE)
		out->signal = info.si_status;
	return 0;
}
OP(proc_wait, "proc.wait", wait_in, wait_out,
	.doc = "Wait for a child and tell how it ended; ETIMEDOUT when there is no news of it before "
	       "the step's deadline.",
	.source = "waitid(2)",
	.touches = NSM_PID);

static int proc_answer_run(struct op_ctx *ctx, const struct none *in, struct none *out)
{
	return 0;
}
/*
 * Who answers has handled all signals that were sent to it before it was asked: it comes back from
 * a system call with the question.
 */
OP(proc_answer, "proc.answer", none, none,
	.doc = "Answer, as only an actor can that no earlier signal has killed.",
	.source = "signal(7)",
	.touches = NSM_PID, .flags = OP_ASKS,
	.unseen = "it asks whether the actor is alive, and its answer says so");

#define ALIVE_OUT(F, S) \
	F(S, INT, alive, REQUIRED, 0, 0, "how many of them have not died")
FIELDS(alive_out, ALIVE_OUT);

/*
 * Count the actors that are alive, until no more than ENOUGH are or the deadline has passed.  A
 * pidfd becomes readable when its process is dead, waited for or not (pidfd_open(2)).
 */
static int count_alive(struct op_ctx *ctx, const struct actor_refs *actors, int64_t enough,
		       int64_t deadline_ns, int64_t *alive)
{
	struct pollfd *pidfds = pool_array(ctx->pool, struct pollfd, actors->n);

	if (!actors->n)
		return op_broken(ctx, "no actors are given");
	*alive = (int64_t)actors->n;
	for (size_t i = 0; i < actors->n; i++) {
		pidfds[i] = (struct pollfd){ .fd = actors->v[i].pidfd, .events = POLLIN };
		if (pidfds[i].fd < 0)
			return op_broken(ctx, "an actor has no pidfd");
	}
	for (;;) {
		int64_t left = deadline_ns - sys_now_ns();
		int n = poll(pidfds, actors->n, left <= 0 ? 0 : (int)((left + 999999) / 1000000));

		if (n < 0 && errno != EINTR)
			return op_broken(ctx, "poll the pidfds: %m");
		for (size_t i = 0; n > 0 && i < actors->n; i++)
			if (pidfds[i].revents) {
				pidfds[i].fd = -1; /* which poll(2) leaves out */
				--*alive;
			}
		if (n >= 0 && (*alive <= enough || left <= 0))
			return 0;
	}
}

#define ALIVE_IN(F, S) \
	F(S, ACTORS, actors, REQUIRED, "processes to look at")
FIELDS(alive_in, ALIVE_IN);

static int proc_alive_run(struct op_ctx *ctx, const struct alive_in *in, struct alive_out *out)
{
	return count_alive(ctx, &in->actors, 0, 0, &out->alive);
}
OP(proc_alive, "proc.alive", alive_in, alive_out,
	.doc = "Count the actors that are not dead.",
	.source = "pidfd_open(2)",
	.touches = NSM_PID);

#define DEATH_IN(F, S) \
	F(S, ACTORS, actors, REQUIRED, "processes whose death is waited for, zombies included") \
	F(S, BOOL, first, "only until one of them is dead, whichever it is") \
	F(S, PATIENCE, within, 1000000000, "time to wait for that at most")
FIELDS(death_in, DEATH_IN);

static int proc_await_death_run(struct op_ctx *ctx, const struct death_in *in,
				struct alive_out *out)
{
	int64_t until = sys_now_ns() + in->within;

	if (until > op_deadline(ctx))
		return op_broken(ctx, "`within` is longer than the step may take");
	return count_alive(ctx, &in->actors, in->first ? (int64_t)in->actors.n - 1 : 0, until,
			   &out->alive);
}
OP(proc_await_death, "proc.await_death", death_in, alive_out,
	.doc = "Wait for the death of actors, and count those that are alive all the same.",
	.source = "pidfd_open(2)",
	.touches = NSM_PID);
