// SPDX-License-Identifier: GPL-2.0-only
/*
 * Processes as such: who am I, who is that, send a signal, wait, be gone.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "nsc/agent.h"
#include "nsc/procdir.h"
#include "nsc/signals.h"
#include "nsc/sys.h"
#include "proc.h"

static int dir_or_broken(struct op_ctx *ctx, int dir)
{
	if (dir >= 0)
		return dir;
	if (dir == -ESRCH)
		return op_broken(ctx, "the process is gone, or nobody has that number");
	if (dir == -ENOENT)
		return op_broken(ctx, "the procfs on /proc does not show that process");
	return op_broken(ctx, "find the process in /proc: %s", strerror(-dir));
}

int number_dir(struct op_ctx *ctx, pid_t pid)
{
	return dir_or_broken(ctx, procdir_of_pid(PROCDIR_MOUNTED, pid));
}

int target_dir(struct op_ctx *ctx, const struct actor_ref *actor, int64_t number, const char *own)
{
	if (number != PID_NOT_GIVEN)
		return number_dir(ctx, (pid_t)number);
	if (actor->pidfd >= 0)
		return dir_or_broken(ctx, procdir_of_pidfd(PROCDIR_MOUNTED, actor->pidfd));
	if (!own)
		return op_broken(ctx, "neither actor nor pid is given");
	int dir = open(own, O_PATH | O_DIRECTORY | O_CLOEXEC);

	return dir < 0 ? op_broken(ctx, "open %s: %m", own) : dir;
}

struct self_out {
	int64_t pid, tid, ppid, pgid, sid;
};

static const struct field self_out_fields[] = {
	F_INT(struct self_out, pid, REQUIRED, 0, 0,
	      "number of the process in its own PID namespace"),
	F_INT(struct self_out, tid, REQUIRED, 0, 0, "number of the thread"),
	F_INT(struct self_out, ppid, REQUIRED, 0, 0,
	      "number of the parent, 0 if it is not visible"),
	F_INT(struct self_out, pgid, REQUIRED, 0, 0, "process group, 0 if it is not visible"),
	F_INT(struct self_out, sid, REQUIRED, 0, 0, "session, 0 if it is not visible"),
	F_END
};

static int self_run(struct op_ctx *ctx, const void *params, void *results)
{
	struct self_out *out = results;

	(void)ctx, (void)params;
	out->pid = syscall(SYS_getpid);
	out->tid = syscall(SYS_gettid);
	out->ppid = getppid();
	out->pgid = getpgid(0);
	out->sid = getsid(0);
	return 0;
}

struct of_in {
	struct actor_ref actor;
};

static const struct field of_in_fields[] = {
	F_ACTOR(struct of_in, actor, REQUIRED, "process in question"),
	F_END
};

struct of_out {
	int64_t pid;
};

static const struct field of_out_fields[] = {
	F_INT(struct of_out, pid, REQUIRED, 0, 0,
	      "its number as the caller sees it, 0 if invisible"),
	F_END
};

static int of_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct of_in *in = params;
	struct of_out *out = results;

	out->pid = actor_pid(&in->actor);
	if (out->pid < 0)
		return op_broken(ctx, "the actor's number cannot be read: %s",
				 strerror((int)-out->pid));
	return 0;
}

struct kill_in {
	struct actor_ref actor;
	int64_t pid, signal;
};

static const struct field kill_in_fields[] = {
	F_ACTOR(struct kill_in, actor, OPTIONAL, "target, by the number that the caller sees"),
	F_PID(struct kill_in, pid, "target by number, as kill(2): 0, -1 and groups included"),
	F_ENUM(struct kill_in, signal, REQUIRED, signal_numbers, "signal"),
	F_END
};

static int kill_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct kill_in *in = params;
	pid_t pid = 0;
	int rc = target_pid(ctx, &in->actor, in->pid, &pid);

	(void)results;
	if (rc)
		return rc;
	return kill(pid, (int)in->signal) < 0 ? -errno : 0;
}

struct raise_in {
	int64_t signal;
};

static const struct field raise_in_fields[] = {
	F_ENUM(struct raise_in, signal, REQUIRED, signal_numbers,
	       "signal, which may well end the actor"),
	F_END
};

static int raise_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct raise_in *in = params;

	(void)ctx, (void)results;
	return kill((pid_t)syscall(SYS_getpid), (int)in->signal) < 0 ? -errno : 0;
}

struct pidfd_kill_in {
	struct actor_ref actor;
	int fd;
	int64_t signal;
};

static const struct field pidfd_kill_in_fields[] = {
	F_ACTOR(struct pidfd_kill_in, actor, OPTIONAL,
		"target, by the pidfd that the harness holds"),
	F_FD(struct pidfd_kill_in, fd, OPTIONAL, "pidfd of the target"),
	F_ENUM(struct pidfd_kill_in, signal, REQUIRED, signal_numbers, "signal"),
	F_END
};

static int pidfd_kill_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct pidfd_kill_in *in = params;
	int pidfd = in->fd >= 0 ? in->fd : in->actor.pidfd;

	(void)results;
	if (pidfd < 0)
		return op_broken(ctx, "neither actor nor fd is given");
	return sys_pidfd_send_signal(pidfd, (int)in->signal, 0);
}

struct exit_in {
	int64_t code;
	bool thread;
};

static const struct field exit_in_fields[] = {
	F_INT_DEF(struct exit_in, code, 0, 0, 255, "exit status"),
	F_BOOL(struct exit_in, thread, "only the thread ends, by the plain system call"),
	F_END
};

static int exit_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct exit_in *in = params;

	(void)results;
	if (in->thread) {
		close(ctx->agent->channel); /* which the other threads would keep open */
		syscall(SYS_exit, (int)in->code);
	}
	_exit((int)in->code);
	return op_broken(ctx, "exit returned");
}

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

struct wait_in {
	struct actor_ref actor;
	int64_t pid;
	int fd;
	bool nohang, stops, keep;
};

static const struct field wait_in_fields[] = {
	F_ACTOR(struct wait_in, actor, OPTIONAL, "child to wait for; default any"),
	F_PID(struct wait_in, pid, "child by number"),
	F_FD(struct wait_in, fd, OPTIONAL, "child by pidfd"),
	F_BOOL(struct wait_in, nohang, "do not wait: `how` is none when there is nothing"),
	F_BOOL(struct wait_in, stops, "report stops and continuations as well"),
	F_BOOL(struct wait_in, keep, "leave the zombie, WNOWAIT"),
	F_END
};

struct wait_out {
	int64_t pid, how, code, signal, uid;
};

static const struct field wait_out_fields[] = {
	F_INT(struct wait_out, pid, REQUIRED, 0, 0, "number of the child, 0 for none"),
	F_ENUM(struct wait_out, how, REQUIRED, how_symbols, "what became of it"),
	F_INT(struct wait_out, code, REQUIRED, 0, 0, "exit status"),
	F_ENUM(struct wait_out, signal, REQUIRED, signal_numbers,
	       "signal that killed or stopped it"),
	F_INT(struct wait_out, uid, REQUIRED, 0, 0, "its real user id as the caller sees it"),
	F_END
};

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
	} else if (in->pid != PID_NOT_GIVEN || in->actor.beacon >= 0) {
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
			rc = op_broken(ctx, "timed out waiting for a child");
			break;
		}
		poll(&p, 1, left < 20 ? left : 20);
		while (read(sigfd, &drained, sizeof(drained)) > 0)
			;
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return rc;
}

static int wait_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct wait_in *in = params;
	struct wait_out *out = results;
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

struct gone_in {
	struct actor_refs actors;
	int64_t within;
};

static const struct field gone_in_fields[] = {
	F_ACTORS(struct gone_in, actors, REQUIRED,
		 "processes that should be dead, zombies included"),
	F_PATIENCE(struct gone_in, within, 1000000000, "time to wait for that at most"),
	F_END
};

struct alive_in {
	struct actor_refs actors;
};

static const struct field alive_in_fields[] = {
	F_ACTORS(struct alive_in, actors, REQUIRED, "processes to look at"),
	F_END
};

struct alive_out {
	int64_t alive;
};

static const struct field alive_out_fields[] = {
	F_INT(struct alive_out, alive, REQUIRED, 0, 0, "how many of them have not died"),
	F_END
};

/* A pidfd becomes readable when its process is dead, waited for or not (pidfd_open(2)). */
static int count_alive(struct op_ctx *ctx, const struct actor_refs *actors, int64_t deadline_ns,
		       int64_t *alive)
{
	*alive = 0;
	for (size_t i = 0; i < actors->n; i++) {
		int fd = actors->v[i].pidfd;
		int dead = fd < 0 ? -EBADF : sys_wait_readable(fd, deadline_ns);

		if (dead < 0)
			return op_broken(ctx, "poll the pidfd: errno %d", -dead);
		*alive += !dead;
	}
	return 0;
}

static int gone_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct gone_in *in = params;
	struct alive_out *out = results;
	int64_t until = sys_now_ns() + in->within;

	if (until > ctx->deadline_ns)
		return op_broken(ctx, "`within` is longer than the step may take");
	return count_alive(ctx, &in->actors, until, &out->alive);
}

static int alive_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct alive_in *in = params;
	struct alive_out *out = results;

	return count_alive(ctx, &in->actors, 0, &out->alive);
}

const struct op proc_ops[] = {
	{
		.name = "proc.self",
		.doc = "Numbers of the caller, as it sees them itself.",
		.source = "getpid(2), gettid(2), getpgid(2), getsid(2)",
		OP_OUT(self),
		.touches = NSM_PID,
		.run = self_run,
	},
	{
		.name = "proc.of",
		.doc = "Number of another actor in the caller's PID namespace.",
		.source = "unix(7) SCM_CREDENTIALS",
		OP_IN(of), OP_OUT(of),
		.touches = NSM_PID,
		.run = of_run,
	},
	{
		.name = "proc.kill",
		.doc = "Send a signal to a process or group by number.",
		.source = "kill(2)",
		OP_IN(kill),
		.touches = NSM_PID, .mutates = NSM_PID,
		.run = kill_run,
	},
	{
		.name = "proc.raise",
		.doc = "Send a signal to the actor itself, which answers if it survives.",
		.source = "kill(2)",
		OP_IN(raise),
		.touches = NSM_PID,
		.flags = OP_ENDS,
		.run = raise_run,
	},
	{
		.name = "proc.pidfd_kill",
		.doc = "Send a signal to a process by pidfd.",
		.source = "pidfd_send_signal(2)",
		OP_IN(pidfd_kill),
		.touches = NSM_PID, .mutates = NSM_PID,
		.run = pidfd_kill_run,
	},
	{
		.name = "proc.exit",
		.doc = "End the actor.",
		.source = "_exit(2)",
		OP_IN(exit),
		.flags = OP_ENDS,
		.run = exit_run,
	},
	{
		.name = "proc.wait",
		.doc = "Wait for a child and tell how it ended.",
		.source = "waitid(2)",
		OP_IN(wait), OP_OUT(wait),
		.touches = NSM_PID,
		.run = wait_run,
	},
	{
		.name = "proc.gone",
		.doc = "Wait until actors are dead, zombies included, and count the others.",
		.source = "pidfd_open(2)",
		OP_IN(gone), .out = alive_out_fields, .out_size = sizeof(struct alive_out),
		.touches = NSM_PID,
		.run = gone_run,
	},
	{
		.name = "proc.alive",
		.doc = "Count the actors that are not dead.",
		.source = "pidfd_open(2)",
		OP_IN(alive), OP_OUT(alive),
		.touches = NSM_PID,
		.run = alive_run,
	},
	{ 0 }
};
