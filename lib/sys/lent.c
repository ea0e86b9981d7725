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

/*
 * Each is mapped once, so that only the first child touches it for the first time.  The first ones
 * are in use: a child in a borrowed address space may borrow it in turn, and what it forks goes on
 * with a copy of its stack.
 */
enum { STACKS = 8 };
static char *stacks[STACKS];
/* Volatile, as to the compiler clone(2) does not come back here. */
static volatile int in_use;

static bool have_stack(int i)
{
	size_t guard = (size_t)getpagesize();

	if (i == STACKS)
		return false;
	if (stacks[i])
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
	stacks[i] = at;
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
	int mine = in_use;

	if (!have_stack(mine))
		return -ENOMEM;
	in_use = mine + 1;
	int pid = clone(begin, stacks[mine] + STACK_BYTES,
			(int)flags | CLONE_VM | CLONE_VFORK | SIGCHLD, &start, pidfd);
	int error = errno;

	in_use = mine;
	return pid < 0 ? -error : pid;
}
