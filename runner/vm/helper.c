// SPDX-License-Identifier: GPL-2.0-only
/*
 * Helpers are started, waited for, and killed at their deadline.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "nsc/patience.h"
#include "nsc/sys.h"
#include "vm/helper.h"

/* 0 or an error number. */
static int start(const struct helper *h, const char *program, pid_t *pid)
{
	char *const envp[] = { "PATH=/usr/local/bin:/usr/bin:/bin", NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;

	posix_spawnattr_init(&attr);
	posix_spawnattr_setflags(&attr, h->group ? POSIX_SPAWN_SETPGROUP : 0);
	posix_spawnattr_setpgroup(&attr, h->group);
	posix_spawn_file_actions_init(&actions);
	/* Standard output comes first, as h->out may have the number 0 or 2, which are opened
	 * below. */
	if (h->out >= 0)
		posix_spawn_file_actions_adddup2(&actions, h->out, 1);
	else
		posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
	int error = posix_spawn(pid, program, &actions, &attr, h->argv, envp);

	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attr);
	return error;
}

const char *helper_run(struct pool *pool, const struct helper *h)
{
	const char *name = h->argv[0];
	const char *path = getenv("PATH");
	/* posix_spawnp(3) fails with EACCES for a directory of PATH that may not be entered. */
	const char *program = strchr(name, '/') ? name :
			      sys_find_program(pool, path ? path : "", name);
	int status, error;
	pid_t pid;

	if (!program)
		return pool_printf(pool, "needs the program %s, which is not in PATH", name);
	error = start(h, program, &pid);
	if (error)
		return pool_printf(pool, "cannot start %s: %s", name, strerror(error));
	AUTO_FD pidfd = sys_pidfd_open(pid, 0);
	int64_t within = patience(h->within_ns);
	int ended = pidfd < 0 ? pidfd : sys_wait_readable(pidfd, sys_now_ns() + within);

	if (ended != 1)
		kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return pool_printf(pool, "cannot wait for %s: %m", name);
	if (ended < 0)
		return pool_printf(pool, "cannot wait for %s: %s", name, strerror(-ended));
	if (!ended)
		return pool_printf(pool, "%s was not done after %g s", name, (double)within / 1e9);
	if (WIFSIGNALED(status))
		return pool_printf(pool, "%s was killed by signal %d", name, WTERMSIG(status));
	return status ? pool_printf(pool, "%s failed with exit status %d: %s", name,
				    WEXITSTATUS(status), h->doubt) : NULL;
}
