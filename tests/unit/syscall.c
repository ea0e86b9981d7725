// SPDX-License-Identifier: GPL-2.0-only
/*
 * System calls by number: each argument is a word, ids have 32 bits and instants 64, on machines of any
 * word size.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#include "nsc/sys.h"
#include "nsc/syscall.h"
#include "tap.h"

/* Beyond 16 bits, and beyond 31. */
static const uid_t ids[] = { 65534, 70000, 0xfffffffeu };

static void words(void)
{
	int64_t from = 1, to = 100, flags = O_CLOEXEC;
	long fd = sys_call(SYS_dup3, from, to, flags);

	ok(fd == 100 && fcntl(100, F_GETFD) == FD_CLOEXEC, "64-bit numbers do not displace each other");
	close(100);
	ok(sys_call(SYS_getpid) == getpid(), "no argument");
	ok(sys_call(SYS_dup3, -1, to, flags) < 0 && errno == EBADF, "errno");
}

static void instants(void)
{
	struct timespec kernel = { 0 }, libc = { 0 };

	ok(sys_call(TIME_CALL(clock_gettime), CLOCK_REALTIME, &kernel) == 0 &&
	   clock_gettime(CLOCK_REALTIME, &libc) == 0 && libc.tv_sec - kernel.tv_sec >= 0 &&
	   libc.tv_sec - kernel.tv_sec < 3600 && kernel.tv_nsec < 1000000000,
	   "the kernel and libc mean the same struct timespec");
	ok(sizeof(off_t) == 8 && sizeof(((struct stat *)0)->st_ino) == 8,
	   "sizes and numbers of files have 64 bits");
}

/* Each in a child, which then may not become another one. */
static void numbers(void)
{
	for (size_t i = 0; i < sizeof(ids) / sizeof(*ids); i++) {
		uid_t real, effective, saved;

		if (getuid()) {
			ok(true, "id %u # SKIP needs root", ids[i]);
			continue;
		}
		pid_t pid = sys_clone3(&(struct clone_request){ .exit_signal = SIGCHLD });
		int status = -1;

		if (pid == 0)
			_exit(sys_call(ID_CALL(setresuid), ids[i], ids[i], ids[i]) < 0 ||
			      sys_call(ID_CALL(getresuid), &real, &effective, &saved) < 0 ||
			      real != ids[i] || saved != ids[i]);
		waitpid(pid, &status, 0);
		ok(status == 0, "id %u", ids[i]);
	}
}

int main(void)
{
	words();
	instants();
	numbers();
	return done();
}
