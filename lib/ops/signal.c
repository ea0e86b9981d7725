// SPDX-License-Identifier: GPL-2.0-only
/*
 * The receiving side of signals: dispositions, blocking, what is pending, who sent it.
 * No handler counts anything: a delivery shows as an interrupted ppoll(2).
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

struct set_in {
	int64_t signal, to;
};

static const struct field set_in_fields[] = {
	F_ENUM(struct set_in, signal, REQUIRED, signal_numbers, "signal"),
	F_ENUM(struct set_in, to, REQUIRED, to_symbols, "what the process does with it"),
	F_END
};

static void do_nothing(int signal)
{
	(void)signal;
}

static int set_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct set_in *in = params;
	struct sigaction action = { .sa_flags = SA_RESTART };

	(void)ctx, (void)results;
	if (in->to == TO_IGNORE)
		action.sa_handler = SIG_IGN;
	else
		action.sa_handler = in->to == TO_HANDLER ? do_nothing : SIG_DFL;
	return sigaction((int)in->signal, &action, NULL) < 0 ? -errno : 0;
}

struct signal_in {
	int64_t signal;
};

static const struct field signal_in_fields[] = {
	F_ENUM(struct signal_in, signal, REQUIRED, signal_numbers, "signal"),
	F_END
};

static int change_mask(int how, int64_t signal, sigset_t *before)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, (int)signal);
	return -pthread_sigmask(how, &set, before);
}

static int block_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct signal_in *in = params;

	(void)ctx, (void)results;
	return change_mask(SIG_BLOCK, in->signal, NULL);
}

struct unblock_in {
	int64_t signal;
	bool wait;
};

static const struct field unblock_in_fields[] = {
	F_ENUM(struct unblock_in, signal, REQUIRED, signal_numbers, "signal"),
	F_BOOL(struct unblock_in, wait, "wait until a handler runs"),
	F_END
};

struct unblock_out {
	bool handled;
};

static const struct field unblock_out_fields[] = {
	F_BOOL(struct unblock_out, handled, "a handler ran because of that"),
	F_END
};

/* ppoll(2) swaps the mask and looks for signals in one step, so none can slip in between. */
static int unblock_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct unblock_in *in = params;
	struct unblock_out *out = results;
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

struct pending_out {
	bool pending;
};

static const struct field pending_out_fields[] = {
	F_BOOL(struct pending_out, pending, "it waits to be delivered"),
	F_END
};

static int pending_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct signal_in *in = params;
	struct pending_out *out = results;
	sigset_t set;

	(void)ctx;
	if (sigpending(&set) < 0)
		return -errno;
	out->pending = sigismember(&set, (int)in->signal) == 1;
	return 0;
}

struct open_out {
	int fd;
};

static const struct field open_out_fields[] = {
	F_FD(struct open_out, fd, REQUIRED, "signalfd; its reader gets what is sent to the reader"),
	F_END
};

static int open_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct signal_in *in = params;
	struct open_out *out = results;
	sigset_t set;

	if (change_mask(SIG_BLOCK, in->signal, NULL))
		return op_broken(ctx, "block the signal");
	sigemptyset(&set);
	sigaddset(&set, (int)in->signal);
	out->fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return out->fd < 0 ? -errno : 0;
}

struct read_in {
	int fd;
};

static const struct field read_in_fields[] = {
	F_FD(struct read_in, fd, REQUIRED, "signalfd from signal.open, read by the same actor"),
	F_END
};

struct read_out {
	int64_t signal, sender_pid, sender_uid, code, value, status;
};

static const struct field read_out_fields[] = {
	F_ENUM(struct read_out, signal, REQUIRED, signal_numbers, "signal that came"),
	F_INT(struct read_out, sender_pid, REQUIRED, 0, 0,
	      "ssi_pid, 0 for a sender that is not visible"),
	F_INT(struct read_out, sender_uid, REQUIRED, 0, 0, "ssi_uid"),
	F_INT(struct read_out, code, REQUIRED, 0, 0, "ssi_code"),
	F_INT(struct read_out, value, REQUIRED, 0, 0, "ssi_int"),
	F_INT(struct read_out, status, REQUIRED, 0, 0, "ssi_status"),
	F_END
};

static int read_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct read_in *in = params;
	struct read_out *out = results;
	struct signalfd_siginfo info;

	if (sys_wait_readable(in->fd, ctx->deadline_ns) != 1)
		return op_broken(ctx, "timed out waiting for a signal");
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

#define SIGNAL_IN .in = signal_in_fields, .in_size = sizeof(struct signal_in)

const struct op signal_ops[] = {
	{
		.name = "signal.set",
		.doc = "Choose what the actor does with a signal.",
		.source = "sigaction(2)",
		OP_IN(set),
		.touches = NSM_PID, /* PID 1 is treated differently */
		.run = set_run,
	},
	{
		.name = "signal.block",
		.doc = "Block a signal.",
		.source = "sigprocmask(2)",
		SIGNAL_IN,
		.touches = NSM_PID, /* PID 1 is treated differently */
		.run = block_run,
	},
	{
		.name = "signal.unblock",
		.doc = "Unblock a signal and tell whether a handler ran, if the actor survives it.",
		.source = "sigprocmask(2), ppoll(2)",
		OP_IN(unblock), OP_OUT(unblock),
		.flags = OP_ENDS,
		.touches = NSM_PID, /* PID 1 is treated differently */
		.run = unblock_run,
	},
	{
		.name = "signal.pending",
		.doc = "Tell whether a blocked signal is pending.",
		.source = "sigpending(2)",
		SIGNAL_IN, OP_OUT(pending),
		.touches = NSM_PID, /* PID 1 is treated differently */
		.run = pending_run,
	},
	{
		.name = "signal.open",
		.doc = "Block a signal and open a descriptor for it.",
		.source = "signalfd(2)",
		SIGNAL_IN, OP_OUT(open),
		.touches = NSM_PID, /* PID 1 is treated differently */
		.asks = "start.rlimit-sigpending",
		.run = open_run,
	},
	{
		.name = "signal.read",
		.doc = "Read a signal and its sender.",
		.source = "signalfd(2)",
		OP_IN(read), OP_OUT(read),
		.touches = NSM_PID,
		.run = read_run,
	},
	{ 0 }
};
