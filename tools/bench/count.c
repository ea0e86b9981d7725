// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counts what a run of cells makes and calls, by ptrace(2): processes, address spaces, system calls
 * and page faults.  These are the same on an idle machine and on a busy one, for root and for
 * others, without tracefs or perf.  Context switches are not, as each stop is one.
 *
 * usage: count FILE COMMAND...    a line for each role goes to FILE: its name, and NAME=COUNT each
 *
 * Roles are the controller; workers, which execute `nsconform agent`; what they fork (cell); and
 * what ops fork for purposes of their own (op).  What an agent does between a message and its answer
 * is the op's, but for placement (actor.*), and the guard's looks at namespaces are in it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "gate.h"

enum role { CONTROLLER, WORKER, CELL, OP, ROLES };
static const char *const role_names[ROLES] = { "controller", "worker", "cell", "op" };

/* What an agent is doing, as its calls show it. */
enum doing { PLACING, IDLE, CALLED };

struct counts {
	long processes;
	long spaces;  /* ... that have an address space of their own from their birth on */
	long lent;    /* ... and those that have their parent's */
	long threads;
	long execs;
	long calls;   /* system calls, without those of ops */
	long own;     /* those of ops */
	long spawns;  /* messages to agents that ask for an actor in a process of its own */
	long steps;   /* ... and all others */
	long trials;  /* processes in which a step was tried */
	long faults;  /* minor page faults of processes that were not executed anew */
	long exits;   /* ... how many these are */
	long text;    /* KiB of the program's file that they have mapped, and that nobody can write */
	long with_text;	/* ... how many have any */
};

static struct counts counts[ROLES];

struct tracee {
	struct tracee *next;
	pid_t pid;
	enum role role;
	enum doing doing;
	bool known;    /* its birth has been seen */
	bool stopped;  /* it waits for that */
	bool thread, lent, executed;
	bool inside;   /* a system call is under way */
	long number;   /* ... and is this one */
	uint64_t args[6];
	int channel;   /* where the message came from that it answers */
	bool placing;  /* ... which is about placement */
	bool trial;    /* ... or wants a child to do it */
};

static struct tracee *tracees;

static struct tracee *find(pid_t pid)
{
	struct tracee *t = tracees;

	while (t && t->pid != pid)
		t = t->next;
	if (t)
		return t;
	t = calloc(1, sizeof(*t));
	if (!t)
		exit(3);
	*t = (struct tracee){ .next = tracees, .pid = pid };
	tracees = t;
	return t;
}

static void forget(pid_t pid)
{
	for (struct tracee **at = &tracees; *at; at = &(*at)->next)
		if ((*at)->pid == pid) {
			struct tracee *gone = *at;

			*at = gone->next;
			free(gone);
			return;
		}
}

static bool peek(const struct tracee *t, uint64_t at, void *to, size_t size)
{
	struct iovec here = { to, size }, there = { (void *)(uintptr_t)at, size };

	return process_vm_readv(t->pid, &here, 1, &there, 1, 0) == (ssize_t)size;
}

static void resume(const struct tracee *t, int signal)
{
	ptrace(PTRACE_SYSCALL, t->pid, 0, (long)signal);
}

/* CLONE_* of the call that the tracee is in. */
static uint64_t clone_flags(const struct tracee *t)
{
	uint64_t flags = 0;

	if (t->number == SYS_clone3)
		return peek(t, t->args[0], &flags, sizeof(flags)) ? flags : 0;
#ifdef __s390x__
	return t->number == SYS_clone ? t->args[1] : 0;
#else
#ifdef SYS_vfork
	if (t->number == SYS_vfork)
		return CLONE_VM | CLONE_VFORK;
#endif
	return t->number == SYS_clone ? t->args[0] : 0;
#endif
}

static void born(struct tracee *parent, pid_t pid)
{
	struct tracee *t = find(pid);
	uint64_t flags = clone_flags(parent);
	bool called = parent->doing == CALLED && !parent->placing, trial = called && parent->trial;

	t->role = parent->role == WORKER ? CELL : called && !trial ? OP : parent->role;
	/* The child that is to do it has the parent's message in hand. */
	t->doing = trial ? CALLED : PLACING;
	t->channel = parent->channel;
	t->thread = flags & CLONE_THREAD;
	t->lent = !t->thread && (flags & CLONE_VM);
	t->executed = parent->executed;
	struct counts *c = &counts[t->role];

	c->threads += t->thread;
	c->processes += !t->thread;
	c->lent += t->lent;
	c->spaces += !t->thread && !t->lent;
	c->trials += trial;
	t->known = true;
	if (t->stopped)
		resume(t, 0);
}

/* Message of an agent's channel that has arrived; lib/wire/wire.c has its format. */
static void received(struct tracee *t, size_t length)
{
	struct msghdr msg;
	struct iovec iov;
	char text[512];
	size_t n = length < sizeof(text) ? length : sizeof(text);

	if (!peek(t, t->args[1], &msg, sizeof(msg)) ||
	    !peek(t, (uintptr_t)msg.msg_iov, &iov, sizeof(iov)) ||
	    !peek(t, (uintptr_t)iov.iov_base, text, n))
		return;
	/* A key "op" and the type of a string; others are answers about id maps. */
	if (!memmem(text, n, "op\3", 3))
		return;
	t->doing = CALLED;
	t->channel = (int)t->args[0];
	t->placing = memmem(text, n, "actor.", 6);
	t->trial = memmem(text, n, "trial", 5);
	if (!memmem(text, n, "actor.spawn", 11))
		counts[t->role].steps += !t->placing;
	else
		counts[t->role].spawns += !memmem(text, n, "thread", 6);
}

static void entered(struct tracee *t)
{
	bool answer = t->doing == CALLED && t->number == SYS_sendmsg &&
		      (int)t->args[0] == t->channel;

	/* Who waits for the next message has answered, or another process has in its place. */
	if (answer || (t->doing == CALLED && t->number == SYS_recvmsg &&
		       (int)t->args[0] == t->channel))
		t->doing = IDLE;
	if (t->role == OP || (t->doing == CALLED && !t->placing))
		counts[t->role].own++;
	else
		counts[t->role].calls++;
}

static void on_call(struct tracee *t)
{
	struct __ptrace_syscall_info info;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, t->pid, sizeof(info), &info) <= 0)
		return;
	if (info.op == PTRACE_SYSCALL_INFO_ENTRY) {
		t->number = (long)info.entry.nr;
		memcpy(t->args, info.entry.args, sizeof(t->args));
		entered(t);
	} else if (info.op == PTRACE_SYSCALL_INFO_EXIT && t->number == SYS_recvmsg &&
		   info.exit.rval > 0 && t->doing != CALLED &&
		   (t->role == CELL || t->role == WORKER)) {
		received(t, (size_t)info.exit.rval);
	}
}

static void executed(struct tracee *t)
{
	char path[64], line[256] = "";

	snprintf(path, sizeof(path), "/proc/%d/cmdline", t->pid);
	FILE *f = fopen(path, "r");

	if (f) {
		size_t n = fread(line, 1, sizeof(line) - 1, f);

		/* "nsconform", 0, "agent" */
		if (t->role == CONTROLLER && n > 6 && !strcmp(line + strlen(line) + 1, "agent"))
			t->role = WORKER;
		fclose(f);
	}
	t->doing = IDLE;
	t->lent = false;
	t->executed = t->role != WORKER;
	counts[t->role].execs++;
}

/* The tenth field of /proc/PID/stat, after the name. */
static long faults(pid_t pid)
{
	char path[64], text[1024];
	long n = 0;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	FILE *f = fopen(path, "r");

	if (!f)
		return 0;
	text[fread(text, 1, sizeof(text) - 1, f)] = 0;
	fclose(f);
	char *at = strrchr(text, ')');

	if (at)
		sscanf(at + 1, " %*c %*d %*d %*d %*d %*d %*u %ld", &n);
	return n;
}

/*
 * KiB that are mapped of the program's file and could never be written: of what could be (VmFlags has
 * ac), such as tables that were relocated, fork(2) copies page table entries.
 */
static long text_of(pid_t pid)
{
	char path[64], line[512], program[256], perms[8], name[256];
	long kib = 0, sum = 0;
	bool text = false;

	snprintf(path, sizeof(path), "/proc/%d/exe", pid);
	ssize_t n = readlink(path, program, sizeof(program) - 1);

	program[n < 0 ? 0 : n] = 0;
	snprintf(path, sizeof(path), "/proc/%d/smaps", pid);
	FILE *f = fopen(path, "r");

	while (f && fgets(line, sizeof(line), f)) {
		*name = 0;
		if (sscanf(line, "%*x-%*x %7s %*x %*s %*u %255[^\n]", perms, name) >= 1 &&
		    perms[3] == 'p' && strlen(perms) == 4)
			text = *program && perms[1] == '-' && !strcmp(name, program);
		else if (!strncmp(line, "VmFlags:", 8) && text && !strstr(line, " ac"))
			sum += kib;
		else
			sscanf(line, "Rss: %ld", &kib);
	}
	if (f)
		fclose(f);
	return sum;
}

static void ending(const struct tracee *t)
{
	struct counts *c = &counts[t->role];

	if (t->thread || t->executed || t->lent)
		return;
	long text = text_of(t->pid);

	c->exits++;
	c->faults += faults(t->pid);
	c->text += text;
	c->with_text += text > 0;
}

static bool stops_group(int signal)
{
	return signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU;
}

static void on_event(struct tracee *t, int event, int signal)
{
	unsigned long message = 0;

	ptrace(PTRACE_GETEVENTMSG, t->pid, 0, &message);
	if (event == PTRACE_EVENT_FORK || event == PTRACE_EVENT_VFORK || event == PTRACE_EVENT_CLONE)
		born(t, (pid_t)message);
	else if (event == PTRACE_EVENT_EXEC)
		executed(t);
	else if (event == PTRACE_EVENT_EXIT)
		ending(t);
	if (event == PTRACE_EVENT_STOP && stops_group(signal))
		ptrace(PTRACE_LISTEN, t->pid, 0, 0);
	else
		resume(t, 0);
}

static void on_stop(pid_t pid, int status)
{
	struct tracee *t = find(pid);
	int event = status >> 16, signal = WSTOPSIG(status);

	if (!t->known) {
		/* It may stop before its parent tells of it. */
		t->stopped = true;
	} else if (event) {
		on_event(t, event, signal);
	} else if (signal == (SIGTRAP | 0x80)) {
		on_call(t);
		resume(t, 0);
	} else {
		resume(t, signal);
	}
}

static pid_t start(char **command)
{
	const long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
			     PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC | PTRACE_O_TRACEEXIT |
			     PTRACE_O_EXITKILL;
	int gate;
	pid_t pid = gate_start(command, &gate);

	if (pid < 0 || ptrace(PTRACE_SEIZE, pid, 0, options) < 0 ||
	    ptrace(PTRACE_INTERRUPT, pid, 0, 0) < 0 || write(gate, "", 1) != 1)
		return -1;
	close(gate);
	struct tracee *t = find(pid);

	t->known = true;
	counts[CONTROLLER].processes++;
	return pid;
}

static bool print(const char *path)
{
	FILE *out = fopen(path, "we");

	if (!out)
		return false;
	for (int i = 0; i < ROLES; i++) {
		const struct counts *c = &counts[i];

		fprintf(out, "%s processes=%ld spaces=%ld lent=%ld threads=%ld execs=%ld calls=%ld "
			"own=%ld spawns=%ld steps=%ld trials=%ld faults=%ld exits=%ld text=%ld "
			"with_text=%ld\n", role_names[i], c->processes, c->spaces, c->lent, c->threads,
			c->execs, c->calls, c->own, c->spawns, c->steps, c->trials, c->faults,
			c->exits, c->text, c->with_text);
	}
	return fclose(out) == 0;
}

int main(int argc, char **argv)
{
	int status, end = 3;

	if (argc < 3)
		return fprintf(stderr, "usage: count FILE COMMAND...\n"), 2;
	pid_t root = start(argv + 2);

	if (root < 0)
		return perror("count"), 3;
	for (pid_t pid; (pid = waitpid(-1, &status, __WALL)) > 0 || errno == EINTR;) {
		if (pid < 0)
			continue;
		if (WIFSTOPPED(status)) {
			on_stop(pid, status);
			continue;
		}
		if (pid == root)
			end = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
		forget(pid);
	}
	if (!print(argv[1]))
		return perror(argv[1]), 3;
	return end;
}
