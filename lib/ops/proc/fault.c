// SPDX-License-Identifier: GPL-2.0-only
/*
 * Faults of the actor itself, and processes until the kernel refuses one.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../proc.h"
#include "../seen.h"
#include "nsc/sys.h"
#include "nsc/syscall.h"

enum { FAULT_SEGV, FAULT_ABORT };

static const struct symbol fault_symbols[] = {
	{ "segv", FAULT_SEGV, "writes to an address that is not mapped" },
	{ "abort", FAULT_ABORT, "as abort(3): SIGABRT, and where that is dropped a fault" },
	{ 0 }
};

#define FAULT_IN(F, S) \
	F(S, ENUM, by, REQUIRED, fault_symbols, "what the actor does to itself")
FIELDS(fault_in, FAULT_IN);

/* C libraries' abort(3) differ in the thread that it is sent to, and in what follows. */
static void drop_or_die(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGABRT);
	signal(SIGABRT, SIG_DFL);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	pid_t thread = (pid_t)sys_call(SYS_gettid);

	sys_call(SYS_tgkill, getpid(), thread, SIGABRT);
}

/* The fault is meant: a sanitizer would report it in place of the signal. */
__attribute__((no_sanitize("address", "undefined")))
static int proc_fault_run(struct op_ctx *ctx, const struct fault_in *in, struct none *out)
{
	volatile int *nowhere = MAP_FAILED;

	prctl(PR_SET_DUMPABLE, 0); /* no core file */
	if (in->by == FAULT_ABORT)
		drop_or_die();
	*nowhere = 0;
	return op_broken(ctx, "the actor survived its own fault");
}
OP(proc_fault, "proc.fault", fault_in, none,
	.doc = "Die by a fault of the actor's own.",
	.source = "signal(7)",
	.touches = NSM_PID, .flags = OP_ENDS,
	.seen = SEEN_PROC);

#define FILL_IN(F, S) \
	F(S, INT, count, REQUIRED, 1, 4096, "how many children to try for")
FIELDS(fill_in, FILL_IN);

#define FILL_OUT(F, S) \
	F(S, TOTAL, made, "how many children lived at the same time") \
	F(S, ERRNO, error, "why the next one could not be made, 0 if all could")
FIELDS(fill_out, FILL_OUT);

/* The children live until the pipe that they read from is closed. */
static int proc_fill_run(struct op_ctx *ctx, const struct fill_in *in, struct fill_out *out)
{
	struct clone_request req = { .exit_signal = SIGCHLD };
	pid_t *pids = pool_array(ctx->pool, pid_t, (size_t)in->count);
	int ends[2];
	char byte;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return op_broken(ctx, "pipe2: %m");
	AUTO_FD from = ends[0];
	AUTO_FD to = ends[1];

	while (out->made < in->count) {
		pid_t pid = sys_clone3(&req);

		if (pid == 0) {
			fd_close(&to);
			_exit(read(from, &byte, 1) != 0);
		}
		if (pid < 0) {
			out->error = -pid;
			break;
		}
		pids[out->made++] = pid;
	}
	fd_close(&to);
	for (int64_t i = 0; i < out->made; i++)
		while (waitpid(pids[i], NULL, __WALL) < 0 && errno == EINTR)
			;
	return 0;
}
OP(proc_fill, "proc.fill", fill_in, fill_out,
	.doc = "Have many children at the same time, until one is refused.",
	.source = "fork(2) EAGAIN",
	.touches = NSM_PID);
