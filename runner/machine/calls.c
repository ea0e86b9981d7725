// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of calls, and making each of them once.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "load/release.h"
#include "machine/calls.h"
#include "nsc/syscall.h"
#include "uapi/unistd.h"

static const struct number {
	const char *name;
	long number;
} numbers[] = {
#include "syscalls.h"
};

/*
 * Arguments are -1: no descriptor, no address, no flags, no process.  Calls that would do something
 * even so (fork, pause) are not here; the kernel answers the others with EBADF, EFAULT, EINVAL or
 * ESRCH, exit and exit_group not at all.
 */
/* None goes through another, which would expand names that are macros: pread64, in musl. */
#define CALL_WITH(name, flags, a, b, c) { #name, flags, 0, { a, b, c } }
#define CALL_SINCE(name, flags, major, minor) \
	{ #name, flags, RELEASE(major, minor, 0), { -1, -1, -1 } }
#define CALL_IF(name, flags) { #name, flags, 0, { -1, -1, -1 } }
#define CALL(name) { #name, 0, 0, { -1, -1, -1 } }
const struct call calls[] = {
	CALL(accept4), CALL_IF(access, ESSENTIAL), CALL_IF(acct, PRIVILEGED), CALL(add_key),
	CALL_IF(bind, ESSENTIAL), CALL_IF(bpf, REFUSABLE),
	CALL_IF(capget, ESSENTIAL), CALL_IF(capset, ESSENTIAL), CALL_IF(chdir, ESSENTIAL),
	CALL(chmod), CALL(chown), CALL(chroot), CALL(clock_adjtime), CALL(clock_getres),
	CALL(clock_gettime), CALL(clock_nanosleep), CALL(clock_settime),
	/* The flags are the first or second argument, by architecture. */
	CALL_WITH(clone, ESSENTIAL, CLONE_THREAD, CLONE_THREAD, 0), CALL_SINCE(clone3, OURS, 5, 3),
	CALL_IF(close, ESSENTIAL), CALL_SINCE(close_range, OURS, 5, 9), CALL(connect), CALL(dup2),
	CALL(dup3), CALL_IF(epoll_create1, ESSENTIAL), CALL_IF(epoll_ctl, ESSENTIAL),
	CALL(epoll_pwait), CALL_IF(epoll_wait, ESSENTIAL), CALL(eventfd2),
	CALL_IF(execve, ESSENTIAL), CALL(execveat), CALL_WITH(exit, ESSENTIAL, 0, 0, 0),
	CALL_WITH(exit_group, ESSENTIAL, 0, 0, 0), CALL(faccessat), CALL_SINCE(faccessat2, 0, 5, 8),
	CALL_IF(fanotify_init, PRIVILEGED), CALL(fanotify_mark), CALL(fchdir), CALL(fchmod),
	CALL(fchmodat), CALL(fchown), CALL_IF(fchownat, OURS), CALL_IF(fcntl, ESSENTIAL),
	CALL(fgetxattr), CALL_IF(flock, OURS), CALL_SINCE(fsconfig, 0, 5, 2), CALL(fsetxattr),
	CALL_SINCE(fsmount, PRIVILEGED, 5, 2), CALL_SINCE(fsopen, PRIVILEGED, 5, 2),
	CALL_SINCE(fspick, PRIVILEGED, 5, 2), CALL_IF(fstat, ESSENTIAL), CALL_IF(fstatfs, OURS),
	CALL_WITH(futex, 0, 0, 1, 0), CALL_SINCE(futex_waitv, 0, 5, 16),
	CALL_WITH(getcwd, ESSENTIAL, 0, 0, 0), CALL_IF(getdents64, ESSENTIAL),
	CALL_IF(getegid, ESSENTIAL), CALL_IF(geteuid, ESSENTIAL), CALL_IF(getgid, ESSENTIAL),
	CALL_IF(getgroups, ESSENTIAL), CALL(getpeername), CALL(getpgid), CALL(getpgrp),
	CALL_IF(getpid, ESSENTIAL), CALL_IF(getppid, ESSENTIAL), CALL_IF(getpriority, OURS),
	CALL_IF(getresgid, OURS), CALL_IF(getresuid, OURS), CALL(getrlimit),
	CALL_IF(getrusage, OURS), CALL(getsid),
	CALL(getsockname), CALL(getsockopt), CALL_IF(gettid, ESSENTIAL), CALL(gettimeofday),
	CALL_IF(getuid, ESSENTIAL), CALL(getxattr), CALL(inotify_add_watch), CALL(inotify_init1),
	CALL(io_uring_enter), CALL_IF(io_uring_setup, REFUSABLE), CALL_IF(ioctl, OURS),
	CALL_IF(ioprio_get, OURS), CALL(ioprio_set), CALL(kcmp), CALL_IF(keyctl, OURS),
	CALL_IF(kill, OURS), CALL(lchown), CALL(link), CALL(linkat), CALL(listen),
	CALL_SINCE(listmount, 0, 6, 8), CALL_SINCE(listns, 0, 6, 19), CALL_IF(lseek, OURS),
	CALL(lsetxattr), CALL(lstat), CALL(memfd_create), CALL(mkdir), CALL_IF(mkdirat, OURS),
	CALL(mknod), CALL(mknodat), CALL_IF(mmap, ESSENTIAL), CALL(mount),
	CALL_SINCE(mount_setattr, 0, 5, 12), CALL_SINCE(move_mount, PRIVILEGED, 5, 2),
	CALL_IF(mprotect, ESSENTIAL), CALL(mq_getsetattr), CALL(mq_notify), CALL(mq_open),
	CALL(mq_timedreceive), CALL(mq_timedsend), CALL(mq_unlink), CALL_IF(mremap, OURS),
	CALL(msgctl),
	CALL_WITH(msgget, 0, 1, 0, 0), CALL(msgrcv), CALL(msgsnd), CALL_IF(munmap, ESSENTIAL),
	CALL(name_to_handle_at), CALL(nanosleep), CALL_IF(newfstatat, ESSENTIAL), CALL(open),
	CALL_IF(open_by_handle_at, REFUSABLE), CALL_SINCE(open_tree, 0, 5, 2),
	CALL_SINCE(open_tree_attr, 0, 6, 15), CALL_IF(openat, ESSENTIAL),
	CALL_SINCE(openat2, 0, 5, 6), CALL_IF(personality, OURS), CALL_SINCE(pidfd_getfd, 0, 5, 6),
	CALL_SINCE(pidfd_open, OURS, 5, 3), CALL_SINCE(pidfd_send_signal, OURS, 5, 1), CALL(pipe),
	CALL_IF(pipe2, OURS), CALL_IF(pivot_root, PRIVILEGED), CALL_IF(poll, ESSENTIAL),
	CALL(ppoll), CALL(prctl), CALL(pread64), CALL_IF(prlimit64, ESSENTIAL),
	CALL(process_vm_readv), CALL(process_vm_writev), CALL(ptrace), CALL(pwrite64),
	CALL_IF(quotactl, REFUSABLE),
	CALL_IF(read, ESSENTIAL), CALL(readlink), CALL(readlinkat), CALL(readv),
	CALL_IF(reboot, REFUSABLE), CALL_IF(recvfrom, OURS), CALL_IF(recvmsg, ESSENTIAL),
	CALL(removexattr), CALL(rename), CALL(renameat), CALL(renameat2), CALL(rmdir),
	CALL_IF(rt_sigaction, ESSENTIAL), CALL(rt_sigpending), CALL_IF(rt_sigprocmask, ESSENTIAL),
	CALL(rt_sigqueueinfo), CALL(rt_sigtimedwait), CALL_IF(sched_getaffinity, OURS),
	CALL(sched_getparam), CALL_IF(sched_getscheduler, OURS), CALL(sched_setaffinity),
	CALL(sched_setscheduler), CALL(seccomp), CALL(semctl),
	CALL_WITH(semget, 0, 1, 0, 0), CALL(semop),
	CALL(semtimedop), CALL(sendmmsg), CALL_IF(sendmsg, ESSENTIAL), CALL(sendto),
	CALL_IF(setdomainname, PRIVILEGED), CALL_IF(setfsgid, OURS), CALL_IF(setfsuid, OURS),
	CALL(setgid), CALL_IF(setgroups, REFUSABLE), CALL_IF(sethostname, PRIVILEGED),
	CALL_WITH(setns, 0, -1, 0, 0), CALL(setpgid), CALL(setpriority), CALL(setregid),
	CALL(setresgid), CALL(setresuid), CALL(setreuid), CALL(setrlimit), CALL_IF(setsid, OURS),
	CALL_IF(setsockopt, OURS), CALL(settimeofday), CALL(setuid), CALL(setxattr), CALL(shmat),
	CALL(shmctl), CALL(shmdt), CALL_WITH(shmget, 0, 1, 0, 0), CALL(shutdown), CALL(sigaltstack),
	CALL_IF(signalfd4, OURS), CALL(socket), CALL_IF(socketpair, ESSENTIAL), CALL(stat),
	CALL_IF(statfs, OURS), CALL_SINCE(statmount, 0, 6, 8), CALL(statx), CALL(symlink),
	CALL(symlinkat), CALL(sysinfo), CALL(tgkill), CALL(timer_create), CALL(timer_delete),
	CALL(timer_gettime), CALL(timer_settime), CALL(timerfd_create), CALL(timerfd_gettime),
	CALL(timerfd_settime), CALL(times), CALL(tkill), CALL(truncate), CALL_IF(umask, ESSENTIAL),
	CALL(umount2), CALL_IF(uname, ESSENTIAL), CALL(unlink), CALL_IF(unlinkat, ESSENTIAL),
	CALL_WITH(unshare, 0, 0, 0, 0), CALL(utimensat), CALL_IF(wait4, ESSENTIAL),
	CALL_IF(waitid, OURS), CALL_IF(write, ESSENTIAL), CALL(writev),
	{ 0 }
};

enum { CALLS = sizeof(calls) / sizeof(*calls) - 1 };

/* Where manual pages and system calls have other names. */
static const struct {
	const char *page, *call;
} pages[] = {
	{ "_exit", "exit_group" }, { "accept", "accept4" }, { "fork", "clone" },
	{ "getdents", "getdents64" }, { "getdomainname", "uname" }, { "gethostname", "uname" },
	{ "ioctl_ns", "ioctl" }, { "ioctl_tty", "ioctl" }, { "mq_receive", "mq_timedreceive" },
	{ "mq_send", "mq_timedsend" }, { "open", "openat" }, { "pread", "pread64" },
	{ "recv", "recvfrom" }, { "seccomp_unotify", "seccomp" }, { "send", "sendto" },
	{ "sigaction", "rt_sigaction" },
	{ "signalfd", "signalfd4" }, { "sigpending", "rt_sigpending" },
	{ "sigprocmask", "rt_sigprocmask" }, { "umount", "umount2" }, { "wait", "wait4" },
};

/*
 * Every cell asks about the calls of its ops: the tables are in the order of the names, with which
 * their rows begin.
 */
static int by_name(const void *name, const void *row)
{
	return strcmp(name, *(const char *const *)row);
}

#define FIND(name, table, n) bsearch(name, table, n, sizeof(*(table)), by_name)

const char *call_of_page(const char *page)
{
	const char *const *row = FIND(page, pages, sizeof(pages) / sizeof(*pages));

	return row ? row[1] : page;
}

const char *call_next(struct pool *pool, const char **source)
{
	while (*source && **source) {
		const char *s = *source;
		size_t len = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_");

		*source += len ? len : 1;
		if (len && (!strncmp(s + len, "(2)", 3) || !strncmp(s + len, "(3)", 3)))
			return call_of_page(pool_strndup(pool, s, len));
	}
	return NULL;
}

const struct call *call_find(const char *name)
{
	return FIND(name, calls, CALLS);
}

static const struct number *number_find(const char *name)
{
	return FIND(name, numbers, sizeof(numbers) / sizeof(*numbers));
}

/* What libc calls instead on a 32-bit machine, where that is not the name with one of SUFFIXES. */
static const struct {
	const char *call, *instead;
} instead[] = {
	{ "fstat", "statx" }, { "lseek", "_llseek" }, { "lstat", "statx" }, { "mmap", "mmap2" },
	{ "newfstatat", "statx" }, { "stat", "statx" },
};
static const char *const suffixes[] = { "_time64", "64", "32" };

static const struct number *number_for_short_words(const char *name)
{
	const char *const *row = FIND(name, instead, sizeof(instead) / sizeof(*instead));
	const struct number *found = row ? number_find(row[1]) : NULL;
	char longer[64];

	for (size_t i = 0; !found && i < sizeof(suffixes) / sizeof(*suffixes); i++) {
		snprintf(longer, sizeof(longer), "%s%s", name, suffixes[i]);
		found = number_find(longer);
	}
	return found;
}

long call_number(const char *name)
{
	const struct number *row = sizeof(long) < 8 ? number_for_short_words(name) : NULL;

	if (!row)
		row = number_find(name);
	return row ? row->number : -1;
}

/* What the child has tried so far, in memory shared with the runner. */
struct tried {
	size_t next;
	int errors[CALLS];
};

static void try_from(struct tried *t) __attribute__((noreturn));
static void try_from(struct tried *t)
{
	for (; t->next < CALLS; t->next++) {
		const struct call *c = &calls[t->next];
		long number = call_number(c->name);

		errno = 0;
		if (number >= 0)
			sys_call(number, c->args[0], c->args[1], c->args[2], -1l, -1l, -1l);
		t->errors[t->next] = errno;
	}
	_exit(0);
}

/* The answer to a call that trying itself needs. */
static bool note(struct tried *t, const char *name)
{
	t->errors[call_find(name) - calls] = errno;
	return false;
}

/* One child: until it is through, is killed, or has made a call that ends it (exit, exit_group). */
static bool try_some(struct tried *t)
{
	pid_t pid = fork();
	int status;

	if (pid == 0)
		try_from(t);
	if (pid < 0)
		return note(t, "clone");
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return note(t, "wait4");
	if (t->next == CALLS)
		return true;
	t->errors[t->next++] = WIFSIGNALED(status) ? CALL_KILLED : 0;
	return true;
}

const int *calls_try(struct pool *pool, size_t *n)
{
	struct tried *t = mmap(NULL, sizeof(*t), PROT_READ | PROT_WRITE,
			       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int *errors = pool_array(pool, int, CALLS);

	*n = 0;
	if (t == MAP_FAILED) {
		errors[call_find("mmap") - calls] = errno;
		*n = CALLS;
		return errors;
	}
	/* Children leave no status while SIGCHLD is ignored. */
	sighandler_t inherited = signal(SIGCHLD, SIG_DFL);

	while (t->next < CALLS && try_some(t))
		;
	signal(SIGCHLD, inherited);
	memcpy(errors, t->errors, CALLS * sizeof(*errors));
	*n = CALLS;
	munmap(t, sizeof(*t));
	return errors;
}
