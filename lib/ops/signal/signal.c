// SPDX-License-Identifier: GPL-2.0-only
/*
 * The receiving side of signals: dispositions, blocking, what is pending, who sent it.
 * No handler counts anything: a delivery shows as an interrupted ppoll(2).
 * All of them touch the PID namespace, as its PID 1 is treated differently.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "nsc/op.h"
#include "nsc/signals.h"
#include "nsc/sys.h"

enum { TO_DEFAULT, TO_IGNORE, TO_HANDLER };

static const struct symbol to_symbols[] = {
	{ "default", TO_DEFAULT, "SIG_DFL" },
	{ "ignore", TO_IGNORE, "SIG_IGN" },
	{ "handler", TO_HANDLER, "a handler that does nothing" },
	{ 0 }
};

#define SET_IN(F, S) \
	F(S, ENUM, signal, REQUIRED, signal_numbers, "signal") \
	F(S, ENUM, to, REQUIRED, to_symbols, "what the process does with it")
FIELDS(set_in, SET_IN);

static void do_nothing(int signal)
{
	(void)signal;
}

static int signal_set_run(struct op_ctx *ctx, const struct set_in *in, struct none *out)
{
	struct sigaction action = { .sa_flags = SA_RESTART };

	if (in->to == TO_IGNORE)
		action.sa_handler = SIG_IGN;
	else
		action.sa_handler = in->to == TO_HANDLER ? do_nothing : SIG_DFL;
	return sigaction((int)in->signal, &action, NULL) < 0 ? -errno : 0;
}

static int signal_set_check(struct op_ctx *ctx, const struct set_in *in, const struct none *out)
{
	struct sigaction now;

	if (sigaction((int)in->signal, NULL, &now) < 0)
		return 0;
	int to = now.sa_handler == SIG_DFL ? TO_DEFAULT :
		 now.sa_handler == SIG_IGN ? TO_IGNORE : TO_HANDLER;

	return to == in->to ? 0 : op_undone(ctx, "it is %s", symbol_of(to_symbols, to)->name);
}
OP_CHECK(signal_set, set_in, none)
OP(signal_set, "signal.set", set_in, none,
	.doc = "Choose what the actor does with a signal.",
	.source = "sigaction(2)",
	.touches = NSM_PID,
	.check = signal_set_checked);

#define SIGNAL_IN(F, S) \
	F(S, ENUM, signal, REQUIRED, signal_numbers, "signal")
FIELDS(signal_in, SIGNAL_IN);

static int change_mask(int how, int64_t signal, sigset_t *before)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, (int)signal);
	return -pthread_sigmask(how, &set, before);
}

static int signal_block_run(struct op_ctx *ctx, const struct signal_in *in, struct none *out)
{
	return change_mask(SIG_BLOCK, in->signal, NULL);
}

static int signal_block_check(struct op_ctx *ctx, const struct signal_in *in,
			   const struct none *out)
{
	sigset_t now;

	return pthread_sigmask(SIG_BLOCK, NULL, &now) || sigismember(&now, (int)in->signal) ? 0 :
		op_undone(ctx, "it is not blocked");
}
OP_CHECK(signal_block, signal_in, none)
OP(signal_block, "signal.block", signal_in, none,
	.doc = "Block a signal.",
	.source = "sigprocmask(2)",
	.touches = NSM_PID,
	.check = signal_block_checked);

#define UNBLOCK_IN(F, S) \
	F(S, ENUM, signal, REQUIRED, signal_numbers, "signal") \
	F(S, BOOL, wait, "wait until a handler runs")
FIELDS(unblock_in, UNBLOCK_IN);

#define UNBLOCK_OUT(F, S) \
	F(S, BOOL, handled, "a handler ran because of that")
FIELDS(unblock_out, UNBLOCK_OUT);

/* ppoll(2) swaps the mask and looks for signals in one step, so none can slip in between. */
static int signal_unblock_run(struct op_ctx *ctx, const struct unblock_in *in,
			      struct unblock_out *out)
{
	int ms = in->wait ? op_left_ms(ctx) : 0;
	struct timespec patience = { ms / 1000, ms % 1000 * 1000000L };
	sigset_t mask;

	if (pthread_sigmask(SIG_BLOCK, NULL, &mask))
		return op_broken(ctx, "read the signal mask");
	if (!sigismember(&mask, (int)in->signal))
		return op_broken(ctx, "the signal is not blocked");
	sigdelset(&mask, (int)in->signal);
	out->handled = ppoll(NULL, 0, &patience, &mask) < 0 && errno == EINTR;
	return change_mask(SIG_UNBLOCK, in->signal, NULL);
}
OP(signal_unblock, "signal.unblock", unblock_in, unblock_out,
	.doc = "Unblock a signal and tell whether a handler ran, if the actor survives it.",
	.source = "sigprocmask(2), ppoll(2)",
	.touches = NSM_PID, .flags = OP_ENDS);

#define PENDING_OUT(F, S) \
	F(S, BOOL, pending, "it waits to be delivered")
FIELDS(pending_out, PENDING_OUT);

static int signal_pending_run(struct op_ctx *ctx, const struct signal_in *in,
			      struct pending_out *out)
{
	sigset_t set;

	if (sigpending(&set) < 0)
		return -errno;
	out->pending = sigismember(&set, (int)in->signal) == 1;
	return 0;
}
OP(signal_pending, "signal.pending", signal_in, pending_out,
	.doc = "Tell whether a blocked signal is pending.",
	.source = "sigpending(2)",
	.touches = NSM_PID);

#define OPEN_OUT(F, S) \
	F(S, FD, fd, REQUIRED, "signalfd; its reader gets what is sent to the reader")
FIELDS(open_out, OPEN_OUT);

static int signal_open_run(struct op_ctx *ctx, const struct signal_in *in, struct open_out *out)
{
	sigset_t set;

	if (change_mask(SIG_BLOCK, in->signal, NULL))
		return op_broken(ctx, "block the signal");
	sigemptyset(&set);
	sigaddset(&set, (int)in->signal);
	out->fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return out->fd < 0 ? -errno : 0;
}
OP(signal_open, "signal.open", signal_in, open_out,
	.doc = "Block a signal and open a descriptor for it.",
	.source = "signalfd(2)", .asks = "start.rlimit-sigpending",
	.touches = NSM_PID);

#define READ_IN(F, S) \
	F(S, FD, fd, REQUIRED, "signalfd from signal.open, read by the same actor")
FIELDS(read_in, READ_IN);

#define READ_OUT(F, S) \
	F(S, ENUM, signal, REQUIRED, signal_numbers, "signal that came") \
	F(S, INT, sender_pid, REQUIRED, 0, 0, "ssi_pid, 0 for a sender that is not visible") \
	F(S, INT, sender_uid, REQUIRED, 0, 0, "ssi_uid") \
	F(S, INT, code, REQUIRED, 0, 0, "ssi_code") \
	F(S, INT, value, REQUIRED, 0, 0, "ssi_int") \
	F(S, INT, status, REQUIRED, 0, 0, "ssi_status")
FIELDS(read_out, READ_OUT);

static int signal_read_run(struct op_ctx *ctx, const struct read_in *in, struct read_out *out)
{
	struct signalfd_siginfo info;

	if (sys_wait_readable(in->fd, op_deadline(ctx)) != 1)
		return op_timed_out(ctx, "no signal came");
	if (read(in->fd, &info, sizeof(info)) != sizeof(info))
		return op_broken(ctx, "read the signalfd: %m");
	out->signal = info.ssi_signo;
	out->sender_pid = info.ssi_pid;
	out->sender_uid = info.ssi_uid;
	out->code = info.ssi_code;
	out->value = info.ssi_int;
	out->status = info.ssi_status;
	return 0;
}
OP(signal_read, "signal.read", read_in, read_out,
	.doc = "Read a signal and its sender; ETIMEDOUT when none comes before the step's "
	       "deadline.",
	.source = "signalfd(2)",
	.touches = NSM_PID);

/* It is not armed, and goes with the actor. */
static int signal_timer_run(struct op_ctx *ctx, const struct none *in, struct none *out)
{
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGURG };
	timer_t timer;

	return timer_create(CLOCK_MONOTONIC, &event, &timer) < 0 ? -errno : 0;
}
OP(signal_timer, "signal.timer", none, none,
	.doc = "Make a timer that is to signal the actor.",
	.source = "timer_create(2)", .asks = "start.rlimit-sigpending",
	.touches = NSM_PID,
	.seen = "file");
