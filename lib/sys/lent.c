// SPDX-License-Identifier: GPL-2.0-only
/*
 * Children in the address space of their parent.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/mman.h>

#include "nsc/sys.h"

/* As large as the usual limit of a stack, for those who go on with a copy. */
#define STACK_BYTES ((size_t)8 * 1024 * 1024)

/* Mapped once, so that only the first child touches it for the first time. */
static char *stack;

static bool have_stack(void)
{
	size_t guard = (size_t)getpagesize();

	if (stack)
		return true;
	char *at = mmap(NULL, STACK_BYTES, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);

	if (at == MAP_FAILED)
		return false;
	/* A huge page would be copied whole when the first byte of it is written. */
	madvise(at, STACK_BYTES, MADV_NOHUGEPAGE);
	if (mprotect(at, guard, PROT_NONE) < 0) {
		munmap(at, STACK_BYTES);
		return false;
	}
	stack = at;
	return true;
}

struct start {
	void (*run)(void *arg);
	void *arg;
};

static int begin(void *arg)
{
	const struct start *start = arg;

	start->run(start->arg);
	return 1;
}

pid_t sys_clone_lent(uint64_t flags, int *pidfd, void (*run)(void *arg), void *arg)
{
	struct start start = { run, arg };

	if (!have_stack())
		return -ENOMEM;
	int pid = clone(begin, stack + STACK_BYTES, (int)flags | CLONE_VM | CLONE_VFORK | SIGCHLD,
			&start, pidfd);

	return pid < 0 ? -errno : pid;
}
